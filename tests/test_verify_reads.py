"""Verifying only reads: journal.txt and the store stay as they are, and what does not go together is named."""

from __future__ import annotations

import gzip
import json
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from bcp.incident.events.note import NoteWritten
from bcp.incident.evidence.anchors import GivenHead, as_line
from tests.frozen import START
from tests.offices import bcp, office_in, runbook
from tests.test_old_journals import ALL, Kept, office_with

PHASES = "  - {phase: A, steps: [{step: look, title: Look, by_hand: Do., manual: {}}]}"
DAMAGED = Path(__file__).parent / "data" / "hidden-events.sqlite3.gz"


class Office(NamedTuple):
    """An office with one incident of five events: begun, waiting for a person, three notes."""

    folder: Path
    stream: str

    @property
    def state(self) -> Path:
        """Where the store lies."""
        return self.folder / "incidents"

    @property
    def text(self) -> Path:
        """Its journal.txt."""
        return self.state / self.stream / "journal.txt"

    def lines(self) -> list[str]:
        """What stands in it."""
        return self.text.read_text(encoding="utf-8").splitlines()

    def write(self, lines: list[str]) -> None:
        """Let something else stand in it."""
        self.text.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="\n")

    def run(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """A command there."""
        return bcp(self.folder, "incident", *arguments, **environ)


@pytest.fixture
def staged(tmp_path: Path) -> Office:
    folder = office_in(tmp_path / "office", outage=runbook(PHASES))
    assert bcp(folder, "incident", "start", "outage").returncode == 9
    (listed,) = json.loads(bcp(folder, "incident", "list", "--json").stdout)
    made = Office(folder, listed["id"])
    for text in ("the first", "żółć", "the third"):
        assert made.run("note", text).returncode == 0
    return made


def all_bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.suffix in (".txt", ".sqlite3")}


Change = Callable[[list[str]], list[str]]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda lines: [*lines, "Thu 26 Nov 2026 08:00 CET  #9  Anna Nowak: note: more"], "note: more"),
        (lambda lines: [*lines[:3], lines[3].replace("żółć", "żółw"), *lines[4:]], "żółw"),
        (lambda lines: [lines[0].replace(" 20", " 19"), *lines[1:]], " 19"),
        (lambda lines: [*lines[:2], *lines[3:]], "#3"),
        (lambda lines: [*lines, lines[-1]], "note: the third"),
        (lambda lines: [*lines, "torn"], "torn"),
    ],
)
def test_a_journal_txt_that_says_something_else_is_a_finding_and_stays_as_it_is(
    staged: Office, change: Change, named: str
) -> None:
    changed = change(staged.lines())
    assert changed != staged.lines()
    staged.write(changed)
    before = all_bytes(staged.state)
    found = staged.run("verify")
    assert found.returncode == 3 and named in found.stderr, found.stderr
    assert "nothing was changed" in found.stderr and "events: 5" in found.stderr
    assert all_bytes(staged.state) == before


def test_lines_that_many_commands_wrote_at_once_may_stand_in_another_order(staged: Office) -> None:
    lines = staged.lines()
    staged.write([*lines[:2], lines[3], lines[2], lines[4]])
    assert staged.run("verify").returncode == 0
    for number in range(8):
        assert staged.run("note", f"note {number}").returncode == 0
    staged.write(sorted(staged.lines(), key=lambda line: int(line.split("#")[1].split()[0])))
    lines = staged.lines()
    staged.write([lines[-1], *lines[:-1]])
    found = staged.run("verify")
    assert found.returncode == 3 and "in another order" in found.stderr


@pytest.mark.parametrize("cut", [1, 3, 12])
def test_a_journal_txt_that_lacks_its_last_lines_is_told_and_completed_by_resume(
    staged: Office, cut: int
) -> None:
    text = staged.text.read_bytes()
    staged.text.write_bytes(text[:-cut])
    found = staged.run("verify")
    assert found.returncode == 0 and "lacks the last lines, from #5 on" in found.stdout, found.stdout
    assert staged.text.read_bytes() == text[:-cut]
    assert staged.run("resume").returncode == 9
    assert staged.text.read_bytes().startswith(text)
    assert [path.name for path in staged.text.parent.glob("*.txt")] == ["journal.txt"]


def test_resume_keeps_what_only_journal_txt_says_before_it_is_written_anew(staged: Office) -> None:
    more = [*staged.lines(), "Thu 26 Nov 2026 08:00 CET  #6  Anna Nowak: note: a line that was lost"]
    staged.write(more)
    done = staged.run("resume")
    assert done.returncode == 9, done.stderr
    (kept,) = staged.text.parent.glob("journal-20*.txt")
    assert kept.read_text(encoding="utf-8").splitlines() == more
    assert kept.name in done.stderr.replace("\n", "")
    assert "a line that was lost" not in staged.text.read_text(encoding="utf-8")
    assert staged.run("verify").returncode == 0


def test_resume_leaves_journal_txt_alone_where_the_journal_does_not_hold(staged: Office) -> None:
    with closing(sqlite3.connect(staged.state / "bcp.sqlite3")) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE events SET body = replace(body, 'the first', 'the worst') WHERE seq = 3")
        connection.commit()
    lines = staged.lines()
    done = staged.run("resume")
    assert "broken at event 3" in done.stderr and "was left as it is" in done.stderr
    assert staged.lines()[: len(lines)] == lines
    found = staged.run("verify")
    assert found.returncode == 3 and "broken at event 3" in found.stderr
    assert "only in journal.txt" in found.stderr and "the first" in found.stderr


def test_a_store_that_hides_events_is_damaged_and_what_journal_txt_says_more_is_named(tmp_path: Path) -> None:
    office = office_in(tmp_path)
    folder = office / "incidents" / "2026-11-28-internet-outage"
    folder.mkdir(parents=True)
    (office / "incidents" / "bcp.sqlite3").write_bytes(gzip.decompress(DAMAGED.read_bytes()))
    lines = bcp(office, "incident", "log").stdout.splitlines()
    whole = [*lines, *(f"Sat 28 Nov 2026 09:0{number} CET  #{number}  Anna: note" for number in range(9, 13))]
    (folder / "journal.txt").write_text("".join(line + "\n" for line in whole), encoding="utf-8")
    found = bcp(office, "incident", "verify")
    assert found.returncode == 3, found.stderr
    assert "the file of the store is damaged" in found.stderr and "page" in found.stderr.lower()
    for line in whole[len(lines) :]:
        assert f"only in journal.txt: {line}" in found.stderr
    assert (folder / "journal.txt").read_text(encoding="utf-8").splitlines() == whole


@pytest.mark.parametrize("kept", ALL)
def test_an_old_journal_txt_is_compared_in_the_words_of_its_time(kept: Kept, tmp_path: Path) -> None:
    office = office_with(kept, tmp_path)
    (office / "incidents" / kept.stream).mkdir()
    (office / "incidents" / kept.stream / "journal.txt").write_text(kept.text, encoding="utf-8", newline="\n")
    found = bcp(office, kept.noun, "verify", "--incident", kept.stream)
    assert found.returncode == 0, found.stderr
    assert "journal.txt" not in found.stdout + found.stderr


def test_an_event_keeps_its_line_as_it_was_written_in_whatever_words_of_another_day(
    staged: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = staged.lines()
    monkeypatch.setattr(NoteWritten, "sentence", lambda note, _words: f"better words: {note.text}")
    assert staged.run("note", "the fourth").returncode == 0
    assert staged.lines()[: len(before)] == before and "better words: the fourth" in staged.lines()[-1]
    assert staged.run("verify").returncode == 0
    assert staged.run("log").stdout.splitlines() == staged.lines()


def test_each_event_has_a_salt_of_its_own(staged: Office) -> None:
    salts = [event["salt"] for event in json.loads(staged.run("log", "--json").stdout)]
    assert all(len(salt) == 32 for salt in salts) and len(set(salts)) == len(salts) > 3


def test_what_stands_behind_an_event_that_does_not_hold_is_not_said_to_be_gone_or_older(
    staged: Office,
) -> None:
    with closing(sqlite3.connect(staged.state / "bcp.sqlite3", isolation_level=None)) as store:
        store.execute("DROP TRIGGER events_update_refused")
        store.execute("UPDATE events SET body = replace(body, 'the first', 'another') WHERE seq = 3")
    (staged.state / staged.stream / "anchors.jsonl").write_text(
        as_line(GivenHead(staged.stream, 5, head_of(staged, 5), START, "kept")), encoding="utf-8"
    )
    found = staged.run("verify")
    said = found.stdout + found.stderr
    assert found.returncode == 3 and "is broken at event 3" in said
    assert "older copy, or its end was cut off" not in said and "is not what it was at" not in said


def head_of(office: Office, event: int) -> str:
    with closing(sqlite3.connect(office.state / "bcp.sqlite3")) as store:
        query = "SELECT hash FROM events WHERE stream = ? AND seq = ?"
        ((found,),) = store.execute(query, (office.stream, event)).fetchall()
    return str(found)
