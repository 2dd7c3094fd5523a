"""A store that hides events which it has: whoever writes is refused with its status, and does not try for ever."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from bcp.app.incident import handover_levers
from bcp.errors import ChainBroken
from bcp.event import NOTHING, Entry, Head, Row
from bcp.incident.journal import IncidentJournal
from bcp.incident.memory_log import InMemoryLog
from bcp.lever.line.ledger import LineJournal
from bcp.lever.number.ledger import NumberJournal
from bcp.lever.number.register import PublishedJournal
from bcp.lever.place.ledger import PlaceJournal
from bcp.stream import Stream
from tests.frozen import FrozenClock
from tests.offices import STREAM, bcp, first_entry, office_in, runbook

DAMAGED = Path(__file__).parent / "data" / "hidden-events.sqlite3.gz"
INCIDENT = "2026-11-28-internet-outage"


@pytest.mark.parametrize(
    "command",
    [
        ("incident", "note", "x"),
        ("incident", "amend", "--fact", "verdict=isp-down"),
        ("incident", "step", "done", "bypass"),
        ("incident", "resume"),
        ("promise", "add", "It works", "--from", "P", "--by", "tomorrow"),
        ("cost", "add", "20 PLN", "Taxi"),
    ],
)
def test_whoever_writes_behind_hidden_events_is_told_of_the_damage(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    office = office_in(tmp_path)
    (office / "incidents").mkdir(exist_ok=True)
    (office / "incidents" / "bcp.sqlite3").write_bytes(gzip.decompress(DAMAGED.read_bytes()))
    done = bcp(office, *command)
    assert done.returncode == 3, done.stderr
    assert f"The journal of {INCIDENT} is damaged: it goes on behind event 8" in done.stderr
    assert "keep a copy of the database as it is" in done.stderr


class Hiding(InMemoryLog):
    """A log that takes what follows all its events, and gives only the first of them to read."""

    hides = False

    def append(self, stream: str, head: Head, entries: list[Entry]) -> list[object]:  # type: ignore[override]
        self.hides, hid = False, self.hides
        try:
            return [*super().append(stream, head, entries)]
        finally:
            self.hides = hid

    def rows(self, stream: str, after: int = 0, but: str = "") -> Iterator[Row]:
        return (row for row in super().rows(stream, after, but) if not self.hides or row.seq < 2)


def hiding(stream: str, *entries: Entry) -> Hiding:
    log = Hiding(FrozenClock())
    log.append(stream, NOTHING, [*entries])
    log.hides = True
    return log


@pytest.mark.parametrize("kind", [LineJournal, NumberJournal, PublishedJournal, PlaceJournal])
def test_a_stream_that_hides_events_is_not_written_to_for_ever(kind: type[Stream]) -> None:
    log = hiding(kind.NAME, Entry("a", "anna", {}), Entry("b", "anna", {}))
    with pytest.raises(ChainBroken, match=f"{kind.NAME} is damaged: it goes on behind event 1"):
        kind(log, "anna").write("c", {})


def test_what_a_hand_over_brings_is_not_added_for_ever_to_a_stream_that_hides_events() -> None:
    log = hiding("lines", Entry("a", "anna", {}), Entry("b", "anna", {}))
    event = {"stream": "lines", "kind": "c", "at": "2026-11-26T06:50:00Z", "by": "anna", "data": {}}
    with pytest.raises(ChainBroken, match="lines is damaged"):
        handover_levers._append(log, "lines", [{**event, "moved": {"seq": 1, "hash": "0" * 64}}], "anna")


def test_an_incident_that_hides_events_is_not_written_to_for_ever(tmp_path: Path) -> None:
    step = "  - phase: A\n    steps:\n      - {step: one, title: One, by_hand: Do., manual: {}}\n"
    note = Entry("note", "anna", {"text": "x"})
    log = hiding(STREAM, first_entry(office_in(tmp_path, outage=runbook(step))), note)
    with pytest.raises(ChainBroken, match="is damaged: it goes on behind event 1"):
        IncidentJournal(log, STREAM).write(lambda _incident: [note])
