"""What a command printed is shown: its last lines on the screen and in the log, the rest in a file of the incident."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from bcp.printed import last_lines, without_controls
from bcp.world.output import KeptOutput
from tests.children import IS_WINDOWS
from tests.offices import bcp, office_in, runbook
from tests.programs import program

SECRET = "tulip-4711-bulb"


def office_that_runs(folder: Path, code: str, more: str = "") -> Path:
    run = program(code)
    step = f"{{step: run, title: Run it, by_hand: Do., auto: yes, command: {{run: {run}{more}}}}}"
    after = "{step: after, title: After, by_hand: Do., manual: {}}"
    phases = f"  - phase: One\n    steps:\n      - {step}\n      - {after}"
    return office_in(folder / "office", outage=runbook(phases))


def evidence(office: Path) -> dict[str, Any]:
    events = json.loads(bcp(office, "incident", "log", "--json").stdout)
    (found,) = (each["data"]["evidence"] for each in events if "output" in each["data"].get("evidence", {}))
    return dict(found)


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("\x1b[31mRED\x1b[0m", "RED"),
        ("\x1b]0;PWNED TITLE\x07after", "after"),
        ("\x1b]8;;https://example.com\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b[2J\x1b[Hhome", "home"),
        ("\x1b[38;2;1;2;3mx\x1b[?25l", "x"),
        ("\x9b31mRED\x9b0m", "RED"),
        ("\x9d0;title\x9cafter", "after"),
        ("\x1bP1$r0m\x1b\\after", "after"),
        ("\x1b(Bplain\x1b=\x1bc", "plain"),
        ("\x1b]0;never ended\nnext line", "\nnext line"),
        ("cut off in \x1b[3", "cut off in "),
        ("cut off in \x1b", "cut off in "),
        ("10%\r20%\r100%\r\nend", "10%\n20%\n100%\nend"),
        ("N\bNA\bAM\bME\bE _\bx", "NAME x"),
        ("a\x00b\u202ec\u200bd\te", "abcd\te"),
        ("[31m is text, and so is \\e[0m", "[31m is text, and so is \\e[0m"),
        ("Zażółć 10 °C → ok", "Zażółć 10 °C → ok"),
    ],
)
def test_whole_sequences_for_a_terminal_are_taken_away(printed: str, read: str) -> None:
    assert without_controls(printed) == read


def test_the_last_lines_are_those_in_which_something_stands() -> None:
    assert last_lines("one\n\ntwo  \n \nthree\n\n", 2) == ["two", "three"]
    assert last_lines("b" + "x" * 300 + "e", 2, 11) == ["bxxx … xxxe"]
    assert last_lines("", 2) == []


def test_a_few_lines_are_shown_and_need_no_file(tmp_path: Path) -> None:
    office = office_that_runs(tmp_path, "print('\\033[31mRED\\033[0m and more')")
    said = bcp(office, "incident", "start", "outage")
    assert "  | RED and more\n" in said.stderr
    assert "  | RED and more\n" in bcp(office, "incident", "log").stdout
    assert evidence(office)["output"].splitlines() == ["RED and more"]
    assert not list(office.glob("incidents/*/output"))


def test_of_many_lines_the_last_are_shown_and_all_are_in_a_file_that_the_record_names(tmp_path: Path) -> None:
    office = office_that_runs(tmp_path, "[print('line', n) for n in range(5000)]")
    said = bcp(office, "incident", "start", "outage")
    log = bcp(office, "incident", "log").stdout
    for shown in (said.stderr, log):
        assert "  | line 4999\n" in shown
        assert "line 4000" not in shown
        assert "output/run-1.txt" in shown
    kept = evidence(office)
    (file,) = office.glob("incidents/*/output/*.txt")
    assert file.parent.parent / kept["output_file"] == file
    assert kept["output_sha256"] == sha256(file.read_bytes()).hexdigest()
    assert file.read_text(encoding="utf-8").splitlines() == [f"line {n}" for n in range(5000)]
    if not IS_WINDOWS:
        assert file.stat().st_mode & 0o777 == 0o600


def test_a_failed_command_shows_what_it_printed_also_later(tmp_path: Path) -> None:
    code = "[print('line', n) for n in range(30)]; import sys; sys.exit('no carrier')"
    office = office_that_runs(tmp_path, code)
    said = bcp(office, "incident", "start", "outage")
    assert said.returncode == 4
    assert "  | line 29\n" in said.stderr or "  | line 28\n" in said.stderr
    assert "output/run-1.txt" in said.stderr
    assert "output/run-1.txt" in bcp(office, "incident", "log").stdout


def test_a_secret_is_in_neither_the_file_nor_on_the_screen_also_where_colours_run_through_it(
    tmp_path: Path,
) -> None:
    half = len(SECRET) // 2
    code = (
        "import os\n"
        "s = os.environ['TOKEN']\n"
        f"for n in range(40): print(n, s, s[:{half}] + '\\033[1m' + s[{half}:])\n"
        "print('x' * 60000)\nprint(s)"
    )
    office = office_that_runs(tmp_path, code, ", env: {TOKEN: 'env:BULB'}")
    said = bcp(office, "incident", "start", "outage", BULB=SECRET)
    log = bcp(office, "incident", "log", "--json", BULB=SECRET).stdout
    (file,) = office.glob("incidents/*/output/*.txt")
    text = file.read_text(encoding="utf-8")
    assert len(text) > 60000
    for shown in (said.stderr, log, text):
        assert SECRET not in shown
        assert "•" in shown


def test_what_is_kept_of_a_flood_is_bounded() -> None:
    import os
    import threading

    kept = KeptOutput()
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as pipe:
        reader = threading.Thread(target=kept.read, args=(pipe,))
        reader.start()
        with os.fdopen(writing, "wb") as out:
            out.write(b"first\n")
            for _each in range(300):
                out.write(b"y" * 20000 + b"\n")
            out.write(b"last")
        reader.join()
    for text, most in ((kept.text(), 40_000), (kept.whole(), 1_100_000)):
        assert text.startswith("first\n")
        assert text.endswith("last")
        assert "bytes left out …]" in text
        assert len(text) < most


def test_of_a_flood_nobody_says_that_all_of_it_was_kept(tmp_path: Path) -> None:
    office = office_that_runs(tmp_path, "[print('y' * 20000) for n in range(100)]")
    said = bcp(office, "incident", "start", "outage").stderr
    assert "All of it" not in said
    assert "What was kept of it is beside journal.txt: output/run-1.txt" in said
    (file,) = office.glob("incidents/*/output/*.txt")
    assert "bytes left out …]" in file.read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_costs_no_step(tmp_path: Path) -> None:
    office = office_that_runs(tmp_path, "[print('line', n) for n in range(50)]")
    assert bcp(office, "drill", "start", "outage").returncode == 9
    assert bcp(office, "incident", "start", "outage", "--dry-run").returncode == 0
    plan = office / "runbooks" / "outage.yaml"
    first = "{step: first, title: First, by_hand: Do., manual: {}}\n      - "
    plan.write_text(
        plan.read_text(encoding="utf-8").replace("{step: run", first + "{step: run"), encoding="utf-8"
    )
    assert bcp(office, "incident", "start", "outage").returncode == 9
    (folder,) = (each.parent for each in office.glob("incidents/2*/journal.txt"))
    (folder / "output").write_text("no folder", encoding="utf-8")
    bcp(office, "incident", "step", "done", "first")
    said = bcp(office, "incident", "resume")
    assert said.returncode == 9, said.stderr
    assert "Waiting: After" in said.stderr
    assert "  | line 49\n" in said.stderr
    assert "output_file" not in evidence(office)
    assert evidence(office)["output_not_kept"]
