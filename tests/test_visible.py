"""What strangers wrote reaches no terminal raw, and a stream that fails stops no deed."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.text import Text

from bcp import visible as visible_module
from bcp.cli.terminal.output import _escaped, _Visible
from bcp.visible import in_one_line, is_harmless, mark, visible
from tests import quick
from tests.children import needs_shell
from tests.offices import bcp, office_in, runbook

STEERS = [
    "\x1b[2J",
    "\x07",
    "\x7f",
    "\x9b31m",
    "\u202e",
    "\u2066",
    "\u200e",
    "\u061c",
    "\ud800",
    "\u2028",
    "\u200b",
]
GATE = "  - phase: A\n    steps:\n      - {step: gate, title: Look, by_hand: Look., manual: {}}"


@pytest.mark.parametrize("strange", STEERS)
def test_what_steers_a_terminal_or_hides_becomes_a_mark(strange: str) -> None:
    letter = strange[0]
    assert visible(f"a{strange}b") == f"a<U+{ord(letter):04X}>{strange[1:]}b"


@pytest.mark.parametrize(
    "plain",
    ["a\tb\n", "a\r\nb", "Zażółć", "👩\u200d🚒", "1\ufe0f\u20e3", "12\u202f000\xa0zł", "می\u200cخواهم"],
)
def test_what_people_write_stays_as_it_is(plain: str) -> None:
    assert visible(plain) == plain


def test_a_line_feed_forges_no_line_where_one_line_is_shown() -> None:
    assert in_one_line("a\nb\rc") == "a<U+000A>b<U+000D>c"


@pytest.mark.parametrize("strange", STEERS)
def test_the_console_keeps_its_own_colours_and_shows_the_rest(strange: str) -> None:
    file = io.StringIO()
    console = _Visible(file=file, force_terminal=True, color_system="standard", highlight=False, markup=False)
    console.print(f"a{strange}b", style="bold")
    console.print(Text(f"a{strange}b"))
    console.rule(f"a{strange}b")
    told = file.getvalue()
    assert told.startswith("\x1b[1ma")
    assert strange not in told


@pytest.mark.parametrize("strange", STEERS)
def test_json_means_the_same_and_steers_nothing(strange: str) -> None:
    told = _escaped(json.dumps([f"ż{strange}"], ensure_ascii=False))
    assert json.loads(told) == [f"ż{strange}"]
    assert strange[0] not in told


def test_a_note_forges_no_line_of_journal_txt_and_the_journal_keeps_what_came(tmp_path: Path) -> None:
    place = office_in(tmp_path / "office", outage=runbook(GATE))
    bcp(place, "incident", "start", "outage")
    note = "x\n2026 #9 forged \x1b[31m\u202e"
    assert bcp(place, "incident", "note", note).returncode == 0
    last = next(place.glob("incidents/*/journal.txt")).read_text(encoding="utf-8").splitlines()[-1]
    assert last.endswith("note: x 2026 #9 forged <U+001B>[31m<U+202E>")
    events = json.loads(bcp(place, "incident", "log", "--json").stdout)
    assert events[-1]["data"]["text"] == note
    assert bcp(place, "incident", "verify").returncode == 0


def test_a_strange_word_on_the_command_line_comes_back_harmless(tmp_path: Path) -> None:
    place = office_in(tmp_path / "office", outage=runbook(GATE))
    for words in (
        ("validate", "--x\x1b[31m"),
        ("incident", "start", "x\x1b[31m"),
        ("check", "status", "x\u202e"),
    ):
        told = bcp(place, *words)
        assert told.returncode == 2
        assert told.stderr
        assert "\x1b" not in told.stderr + told.stdout
        assert "\u202e" not in told.stderr + told.stdout


@needs_shell
@pytest.mark.parametrize("streams", ["2>&-", ">&-", "<&-", "<&- >&- 2>&-", "2>/dev/full", "2>&1 | :"])
def test_a_note_is_written_whatever_becomes_of_the_streams(tmp_path: Path, streams: str) -> None:
    place = office_in(tmp_path / "office", outage=runbook(GATE))
    bcp(place, "incident", "start", "outage")
    command = f"{sys.executable} -m bcp --office {place} incident note written {streams}"
    ended = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, text=True, check=False, timeout=60
    )
    assert (ended.returncode, ended.stdout) == (0, "")
    assert "Traceback" not in ended.stderr
    assert bcp(place, "incident", "log", "--json").stdout.count('"written"') == 1
    assert bcp(place, "incident", "verify").returncode == 0


@needs_shell
def test_an_answer_that_finds_no_room_is_said_to_be_lost(tmp_path: Path) -> None:
    place = office_in(tmp_path / "office", outage=runbook(GATE))
    command = f"{sys.executable} -m bcp --office {place} runbook list >/dev/full"
    ended = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == 2
    assert "The answer could not be shown: no space left on device." in ended.stderr


@needs_shell
def test_a_current_folder_that_was_deleted_is_named_and_is_no_matter_where_the_office_is_named(
    tmp_path: Path,
) -> None:
    place = office_in(tmp_path / "office", outage=runbook(GATE))
    gone = tmp_path / "gone"
    for office, status in (("", 2), (f"--office {place}", 0)):
        command = f"mkdir {gone}; cd {gone}; rmdir {gone}; exec {sys.executable} -m bcp {office} runbook list"
        ended = subprocess.run(
            ["/bin/sh", "-c", command], capture_output=True, text=True, check=False, timeout=60
        )
        assert ended.returncode == status, ended.stderr
        assert "Traceback" not in ended.stderr
        assert ("current folder is not there" in ended.stderr) == (status == 2)


_OUTSIDE = re.compile(r"\b(?:print|echo|secho)\(|\bsys\.(?:stdout|stderr)\.(?:write|buffer)|\bConsole\(")
_MAY = ("terminal/", "print/fastpath.py", "bug.py")
"""The one place; what prints before anything is loaded; and what tells a bug where that place is broken."""


@pytest.mark.lint
def test_no_command_writes_past_the_one_place_where_text_goes_out() -> None:
    house = Path(visible_module.__file__).parent / "cli"
    found = [
        f"{path.relative_to(house).as_posix()}:{number}"
        for path in sorted(house.rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if not path.relative_to(house).as_posix().startswith(_MAY)
        and _OUTSIDE.search(re.sub(r"\b(?:out|err)\.print\(", "", line))
    ]
    assert not found


def test_what_strangers_said_forges_no_line_of_a_list(tmp_path: Path) -> None:
    environ = {**os.environ, "BCP_PERSON": "anna"}

    def bcp(*words: str) -> str:
        done = quick.run(words, tmp_path, environ, subprocess.DEVNULL, timeout=60)
        return done.stdout

    forged = "a modem\np2  Netia: all is well"
    bcp("init", "--sample", ".")
    bcp("incident", "start", "phone-outage")
    bcp("promise", "add", forged, "--from", "Netia", "--by", "23:59")
    bcp("cost", "add", "120 PLN", forged)
    bcp("followup", "add", forged, "--owner", "piotr", "--due", "in 2 weeks")
    bcp("incident", "step", "skipped", "hear", "--note", forged)
    lists = (("promise", "list"), ("cost", "list"), ("followup", "list"), ("incident", "status"))
    for words in lists:
        said = bcp(*words)
        assert "<U+000A>p2" in said and "\np2" not in said, words


def test_a_file_full_of_mistakes_does_not_bury_those_of_the_others(tmp_path: Path) -> None:
    office = office_in(tmp_path, outage=runbook(GATE))
    (office / "contacts").mkdir(exist_ok=True)
    (office / "contacts" / "a.vcf").write_text("BEGIN:VCARD\n" * 5000)
    (office / "contacts" / "b.vcf").write_text("BEGIN:VCARD\n")
    said = bcp(office, "contact", "check").stderr
    assert said.count("never ends") == 201
    assert "contacts/b.vcf:1:1" in said and "… and 4800 more mistakes in contacts/a.vcf" in said


def test_the_short_way_for_plain_lines_gives_what_a_look_at_each_letter_gives() -> None:
    wrong = []
    for letter in map(chr, range(sys.maxunicode + 1)):
        text = f"ą{letter}x"
        looked_at = "".join(
            each if is_harmless(text, index) else mark(each) for index, each in enumerate(text)
        )
        if visible(text) != looked_at or (letter not in "\r\n" and in_one_line(text) != looked_at):
            wrong.append(hex(ord(letter)))
    assert wrong == []
