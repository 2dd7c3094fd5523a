"""Printing: a runbook of thirty steps and the pack of ten runbooks as PDF, against bare typst on the same document.

Method: each way runs in a process of its own, in turn with the others, and the medians are compared; all modules are
compiled before, as after an installation. The ratio is one of CPU seconds, which a busy machine disturbs less. "bare
typst" compiles the very template with the very data that `bcp print` makes. A sheet is printed twice: first after an
edit, when every file of the office is read, checked and compiled anew; and again from unchanged files, when the hash
of all files says that only the page is to be set; so it is after an edit, too, once `bcp validate` has run, which
leaves the sheets ready. Beside it, for the reader: Chromium and WeasyPrint, where they are installed, on the HTML of
the same sheet. Hold: whole process 0.35 s and 1.3 times bare typst; the pack 2 s; 200 KiB.
What is printed is measured, whether it holds or not.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

RUNS = 11
COMPILED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
SECONDS, RATIO, PACK_SECONDS, KIB = 0.35, 1.3, 2.0, 200
BARE_TYPST, FIRST, AGAIN, VALIDATED = (
    "bare typst, 30 steps",
    "bcp print, 30 steps, first after an edit",
    "bcp print, 30 steps, from unchanged files",
    "bcp print, 30 steps, edited and validated",
)
PACK_FIRST, PACK_AGAIN = (
    "bcp print pack, 10 runbooks, after an edit",
    "bcp print pack, 10 runbooks, unchanged",
)

BARE = """
import sys, typst
fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[sys.argv[2]])
data = open(sys.argv[3], encoding="utf-8").read()
made = typst.Compiler(sys.argv[1], font_paths=fonts, sys_inputs={"data": data}).compile(pdf_standards=["ua-1"])
open(sys.argv[4], "wb").write(made)
"""

OFFICE = """
name: Bench
country: PL
timezone: Europe/Warsaw
people:
  - {person: anna, name: Anna Nowak, phone: "+48600000101"}
  - {person: piotr, name: Piotr Lis, phone: "+48600000102"}
roles: [{role: lead, owner: anna, deputies: [piotr]}, {role: deputy, owner: piotr}]
lines: [{line: internet, provider: Netia, support: "801 802 803"}]
"""
BY_HAND = (
    "Take the mobile phone from the emergency box, dial the number for faults and say who you are. Ask for a ticket "
    "number, write it down with the name of the person and the time, and read it back aloud."
)


def office(folder: Path, runbooks: int) -> Path:
    """An office with `runbooks` runbooks of thirty steps."""
    (folder / "runbooks").mkdir(parents=True)
    (folder / "bcp.yaml").write_text(OFFICE, encoding="utf-8")
    for number in range(runbooks):
        name = f"outage-{number}"
        head = f"runbook: {name}\ntitle: Line {number} is dead\nwhen: No internet\ntarget: 8h\nowner: lead\nphases:\n"
        (folder / "runbooks" / f"{name}.yaml").write_text(head + "".join(phases()), encoding="utf-8")
    return folder


def phases() -> list[str]:
    lines = []
    for index in range(30):
        if index % 8 == 0:
            lines.append(f"  - phase: Phase {index // 8 + 1}\n    within: {index // 8 + 1}h\n    steps:\n")
        who = "lead" if index % 2 else "deputy"
        said = f"title: Call the provider and ask for a number, who: {who}, by_hand: {json.dumps(BY_HAND)}"
        lines.append(f"      - {{step: s{index}, {said}, result: A number, line: internet, manual: {{}}}}\n")
    return lines


def edit(folder: Path, times: int) -> None:
    """Change one word of the first runbook."""
    path = folder / "runbooks" / "outage-0.yaml"
    head, _when, rest = path.read_text(encoding="utf-8").split("\n", 3)[1:]
    path.write_text(f"runbook: outage-0\n{head}\nwhen: No internet since {times}\n{rest}", encoding="utf-8")


def took(arguments: list[str], folder: Path) -> tuple[float, float]:
    """How long it took by the clock, and how many seconds of CPU it used."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run(arguments, cwd=folder, capture_output=True, check=True, env=COMPILED)
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def data_of(folder: Path) -> str:
    """What `bcp print` hands to typst for the sheet."""
    from bcp.page import pdf
    from bcp.page.catalog import Catalog, Wanted, pages
    from bcp.page.labels import Labels
    from bcp.validate import load

    words = Labels("en")
    shelf = Catalog(load(folder))
    return json.dumps(
        pdf.told([pages(shelf.content(Wanted("runbook", "outage-0")), words)], words, "a4", "normal"),
        ensure_ascii=False,
    )


def main() -> int:
    from bcp.page.typeset import FONTS, TEMPLATE

    with tempfile.TemporaryDirectory(prefix="bcp-bench-") as temporary:
        root = Path(temporary)
        one, ten = office(root / "one", 1), office(root / "ten", 10)
        (root / "data.json").write_text(data_of(one), encoding="utf-8")
        bare = [str(TEMPLATE), str(FONTS), str(root / "data.json"), str(root / "bare.pdf")]
        sheet = ([sys.executable, "-m", "bcp", "print", "outage-0", "-o", "sheet.pdf"], one)
        pack = ([sys.executable, "-m", "bcp", "print", "pack", "-o", "pack.pdf"], ten)
        ways = {
            BARE_TYPST: ([sys.executable, "-c", BARE, *bare], one),
            FIRST: sheet,
            AGAIN: sheet,
            VALIDATED: sheet,
            PACK_FIRST: pack,
            PACK_AGAIN: pack,
            **others(one),
        }
        runs: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for _round in range(RUNS):
            for name, (arguments, folder) in ways.items():
                if name in (FIRST, PACK_FIRST):
                    shutil.rmtree(folder / "prints", ignore_errors=True)
                if name == VALIDATED:
                    edit(folder, _round)
                    took([sys.executable, "-m", "bcp", "validate"], folder)
                runs[name].append(took(arguments, folder))
        size = (one / "sheet.pdf").stat().st_size / 1024
    return told({name: Taken(*map(median, zip(*each, strict=True))) for name, each in runs.items()}, size)


class Taken(NamedTuple):
    """What one way took, in seconds: by the clock, and of CPU."""

    clock: float
    cpu: float


def told(taken: dict[str, Taken], size: float) -> int:
    """Print the table: what each way took, against bare typst, and whether the holds are held."""
    bare = taken[BARE_TYPST]
    holds = {
        FIRST: (SECONDS, None),
        AGAIN: (SECONDS, RATIO),
        VALIDATED: (SECONDS, RATIO),
        PACK_FIRST: (PACK_SECONDS, None),
        PACK_AGAIN: (PACK_SECONDS, None),
    }
    missed = [] if size <= KIB else ["size"]
    for name, seconds in taken.items():
        most, ratio = holds.get(name, (None, None))
        times = seconds.cpu / bare.cpu
        is_held = (most is None or seconds.clock <= most) and (ratio is None or times <= ratio)
        hold = f"hold {most} s" if most else ""
        hold += f" and {ratio} x" if ratio else ""
        shown = f"{seconds.clock:6.3f} s  {seconds.cpu:6.3f} s CPU {times:6.2f} x"
        print(f"{name:<44} {shown}  {hold:<20} {'' if is_held else 'NOT HELD'}".rstrip())
        missed += [] if is_held else [name]
    print(f"{'size of the sheet':<44} {size:6.0f} KiB         hold {KIB} KiB")
    print("held" if not missed else f"not held: {'; '.join(missed)}")
    return 1 if missed else 0


def others(folder: Path) -> dict[str, tuple[list[str], Path]]:
    """The same sheet as HTML, through what else makes PDF of HTML here."""
    took([sys.executable, "-m", "bcp", "print", "outage-0", "-o", "sheet.html"], folder)
    page, made = folder / "sheet.html", folder / "other.pdf"
    found: dict[str, tuple[list[str], Path]] = {}
    chromium = shutil.which("chromium")
    if chromium:
        options = ["--headless", "--no-sandbox", f"--print-to-pdf={made}", page.as_uri()]
        found["Chromium on the HTML"] = ([chromium, *options], folder)
    weasyprint = shutil.which("weasyprint")
    if weasyprint:
        found["WeasyPrint on the HTML"] = ([weasyprint, str(page), str(made)], folder)
    return found


if __name__ == "__main__":
    sys.exit(main())
