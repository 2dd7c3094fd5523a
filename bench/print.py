"""Printing: a runbook of thirty steps and the pack of ten runbooks as PDF, against bare typst on the same document.

Method: each way runs in a process of its own, in turn with the others, and the medians are compared; all modules are
compiled before, as after an installation. The ratio is one of CPU seconds, which a busy machine disturbs less. "bare
typst" compiles the very template with the very data that `bcp print` makes. A sheet is printed twice: first after an
edit, when every file of the office is read, checked and compiled anew; and again from unchanged files, when the hash
of all files says that only the page is to be set; so it is after an edit, too, once `bcp validate` has run, which
leaves the sheets ready. The pack is set in several runs and joined; it is compared with bare typst on all its data in
one run, and the memory of packs of 10 and of 40 plans is told: another plan adds its texts, never its pages. Beside it,
for the reader: Chromium and WeasyPrint, where they are installed, on the HTML of the same sheet. Hold, whole process:
1.3 times bare typst from validated files, 4 times for the first print after an edit; 200 KiB; 250 MiB for these packs.
A pack from unchanged files may take 1.6 times: one run of ten sheets lays out once what they have in common, which here
is nearly all; of a hundred it takes as long, and ten times the memory.
What is printed is measured, whether it holds or not.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

from measure import COMPILED, peak, told

RUNS = 11
RATIO, FIRST_RATIO, PACK_RATIO, KIB = 1.3, 4.0, 1.6, 200
MANY, MIB, MIB_A_PLAN = 40, 250, 1.5
BARE_TYPST, FIRST, AGAIN, VALIDATED = (
    "bare typst, 30 steps",
    "bcp print, 30 steps, first after an edit",
    "bcp print, 30 steps, from unchanged files",
    "bcp print, 30 steps, edited and validated",
)
BARE_PACK, PACK_FIRST, PACK_AGAIN = (
    "bare typst, pack of 10 runbooks",
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


def data_of(folder: Path, name: str = "") -> str:
    """What `bcp print` hands to typst for the sheet of a runbook; for the whole pack without a name."""
    from bcp.page import pdf
    from bcp.page.catalog import Catalog, Wanted, pages
    from bcp.page.labels import Labels
    from bcp.validate import load

    words = Labels("en")
    shelf = Catalog(load(folder))
    documents = [pages(shelf.content(Wanted("runbook", name)), words)] if name else shelf.pack(words)
    return json.dumps(pdf.told(documents, words, "a4", "normal"), ensure_ascii=False)


def bare_typst(folder: Path, data: str) -> tuple[list[str], Path]:
    """The command that sets `data` with the template that bcp has, and where."""
    from bcp.page.typeset import FONTS, TEMPLATE

    path = folder / "data.json"
    path.write_text(data, encoding="utf-8")
    return [
        sys.executable,
        "-c",
        BARE,
        str(TEMPLATE),
        str(FONTS),
        str(path),
        str(folder / "bare.pdf"),
    ], folder


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="bcp-bench-") as temporary:
        root = Path(temporary)
        one, ten = office(root / "one", 1), office(root / "ten", 10)
        sheet = ([sys.executable, "-m", "bcp", "print", "outage-0", "-o", "sheet.pdf"], one)
        pack = ([sys.executable, "-m", "bcp", "print", "pack", "-o", "pack.pdf"], ten)
        ways = {
            BARE_TYPST: bare_typst(one, data_of(one, "outage-0")),
            FIRST: sheet,
            AGAIN: sheet,
            VALIDATED: sheet,
            BARE_PACK: bare_typst(ten, data_of(ten)),
            PACK_FIRST: pack,
            PACK_AGAIN: pack,
            **others(one),
        }
        runs: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for turn in range(RUNS):
            for name, (arguments, folder) in ways.items():
                if name in (FIRST, PACK_FIRST):
                    shutil.rmtree(folder / "prints", ignore_errors=True)
                if name == VALIDATED:
                    edit(folder, turn)
                    took([sys.executable, "-m", "bcp", "validate"], folder)
                runs[name].append(took(arguments, folder))
        size = (one / "sheet.pdf").stat().st_size / 1024
        held = memory(ten, office(root / "many", MANY))
    taken = {name: Taken(*map(median, zip(*each, strict=True))) for name, each in runs.items()}
    return max(compared(taken, size), int(not held))


def memory(ten: Path, many: Path) -> bool:
    """Whether a pack takes little memory, and one of more plans hardly more."""
    command = [sys.executable, "-m", "bcp", "print", "pack", "-o", "pack.pdf"]
    for folder in (ten, many):
        shutil.rmtree(folder / "prints", ignore_errors=True)
    small, large = (peak(command, folder) for folder in (ten, many))
    held = [
        told(f"memory of the pack of {MANY} runbooks", large, MIB, "MiB"),
        told("memory for each runbook more", (large - small) / (MANY - 10), MIB_A_PLAN, "MiB"),
    ]
    return all(held)


class Taken(NamedTuple):
    """What one way took, in seconds: by the clock, and of CPU."""

    clock: float
    cpu: float


def compared(taken: dict[str, Taken], size: float) -> int:
    """Print the table: what each way took, and whether the holds against bare typst are held; 1 if not."""
    for name, seconds in taken.items():
        times = seconds.cpu / taken[BARE_TYPST].cpu
        print(f"{name:<44} {seconds.clock:6.3f} s  {seconds.cpu:6.3f} s CPU {times:6.2f} x")
    holds = {
        FIRST: (BARE_TYPST, FIRST_RATIO),
        AGAIN: (BARE_TYPST, RATIO),
        VALIDATED: (BARE_TYPST, RATIO),
        PACK_FIRST: (BARE_PACK, FIRST_RATIO),
        PACK_AGAIN: (BARE_PACK, PACK_RATIO),
    }
    held = [
        told(f"{name}, against {bare}", taken[name].cpu / taken[bare].cpu, most)
        for name, (bare, most) in holds.items()
    ]
    held.append(told("size of the sheet", size, KIB, "KiB"))
    return int(not all(held))


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
