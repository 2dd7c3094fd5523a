"""Journals of earlier versions: each is opened, shown, gone on with and closed by this one, and verified as it was."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import NamedTuple

import pytest

from bcp.chain import checked
from bcp.event import Event, Row, canonical, unseal
from bcp.incident.events.registry import every, read
from bcp.incident.fold import fold
from bcp.incident.journal_text import JournalWords
from bcp.store.journal import Journal
from tests.frozen import FrozenClock
from tests.offices import Script, Stage, bcp, office_in, runbook

KEPT = Path(__file__).parent / "data" / "journals"
RUNBOOK = runbook("  - {phase: A, steps: [{step: other, title: Other, by_hand: Do., manual: {}}]}")


class Kept(NamedTuple):
    """A store that an earlier version wrote: its file, the incident in it, the hash at the end of its journal."""

    file: str
    noun: str
    stream: str
    events: int
    head: str

    @property
    def text(self) -> str:
        """The journal.txt that lay beside it."""
        return (KEPT / f"{self.file}.txt").read_text(encoding="utf-8")


DEMO = Kept("demo-0.1.0", "incident", "2026-11-28-demo-outage", 34, "affa0359e694")
DRILL = Kept("drill-0.1.0", "drill", "drill-2026-11-28-internet-outage", 65, "796a13c7a607")
OPEN = Kept("open-0.1.0", "incident", "2026-11-26-outage", 54, "341104666183")
ALL = [pytest.param(kept, id=kept.file) for kept in (DEMO, DRILL, OPEN)]


def office_with(kept: Kept, folder: Path) -> Path:
    """An office of today with the store of then, and a runbook that has been changed since."""
    office = office_in(folder / "office", outage=RUNBOOK)
    (office / "incidents").mkdir()
    packed = (KEPT / f"{kept.file}.sqlite3.gz").read_bytes()
    (office / "incidents" / "bcp.sqlite3").write_bytes(gzip.decompress(packed))
    return office


def rows(kept: Kept, office: Path) -> list[Row]:
    return list(Journal(office / "incidents", FrozenClock()).rows(kept.stream))


def events(kept: Kept, folder: Path) -> list[Event]:
    return [unseal(row) for row in checked(rows(kept, office_with(kept, folder)))]


@pytest.mark.parametrize("kept", ALL)
def test_an_old_journal_is_whole_and_reads_as_it_did(kept: Kept, tmp_path: Path) -> None:
    found = events(kept, tmp_path)
    assert (len(found), found[-1].hash[:12]) == (kept.events, kept.head)
    words = JournalWords(found[0])
    assert "".join(words.line(event) + "\n" for event in found) == kept.text
    assert fold(found).head.seq == kept.events


@pytest.mark.parametrize("kept", ALL)
def test_what_an_old_event_holds_would_be_written_in_the_same_bytes_today(kept: Kept, tmp_path: Path) -> None:
    for event in events(kept, tmp_path):
        assert canonical(read(event).as_json()) == canonical(event.data)


def test_the_kept_journals_hold_an_event_of_every_kind_that_there_was(tmp_path: Path) -> None:
    kinds = {event.kind for kept in (DEMO, DRILL, OPEN) for event in events(kept, tmp_path / kept.file)}
    assert len(kinds) == 31 and kinds <= set(every())


@pytest.mark.parametrize("kept", ALL)
def test_an_old_journal_is_shown_verified_and_rendered_by_the_commands_of_today(
    kept: Kept, tmp_path: Path
) -> None:
    office = office_with(kept, tmp_path)
    at = ("--incident", kept.stream)
    head = rows(kept, office)[-1].hash
    verified = bcp(office, kept.noun, "verify", *at, "--head", head)
    assert verified.returncode == 0 and f"event {kept.events}" in verified.stdout
    assert bcp(office, kept.noun, "log", *at).stdout == kept.text
    status = json.loads(bcp(office, kept.noun, "status", *at, "--json").stdout)
    assert status["id"] == kept.stream and status["phases"][0]["steps"]
    (listed,) = json.loads(bcp(office, kept.noun, "list", "--json").stdout)
    assert listed["id"] == kept.stream
    report = bcp(office, kept.noun, "report", *at, "--format", "md")
    assert report.returncode == 0, report.stderr
    assert kept.head in report.stdout


def test_an_old_open_incident_is_gone_on_with_and_closed(tmp_path: Path) -> None:
    office = office_with(OPEN, tmp_path)
    shown = bcp(office, "incident", "status")
    assert shown.returncode == 8 and "Stop the pump" in shown.stdout
    assert bcp(office, "incident", "resume").returncode == 9
    for step in ("pump.undo", "mobile.undo", "sweep"):
        assert bcp(office, "incident", "step", "done", step, "--note", "by the new version").returncode == 0
    closed = bcp(office, "incident", "close")
    assert closed.returncode == 0, closed.stderr
    assert bcp(office, "incident", "verify", "--incident", OPEN.stream).returncode == 0
    after = [unseal(row) for row in checked(rows(OPEN, office))]
    assert fold(after).closed_at is not None
    record = (office / "incidents" / OPEN.stream / "journal.txt").read_text(encoding="utf-8")
    assert record.startswith(OPEN.text) and "incident closed" in record.removeprefix(OPEN.text)


def test_an_old_open_incident_is_walked_to_its_end(tmp_path: Path) -> None:
    staged = Stage(office_with(OPEN, tmp_path))
    assert staged.incident()["unsure"].shown == "running"
    script = Script({"pump.undo": "by-hand", "mobile.undo": "do", "sweep": "do"})
    assert staged.run(script).why == "carried-out"
    assert staged.outcomes()["mobile.undo"] == "done"
