"""Incidents: a long one as PDF, and many that are closed beside the one that is open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bcp.app.load_office import office_for
from bcp.app.session import Session
from bcp.event import NOTHING, Entry
from bcp.office.starter import sample_office, write
from bcp.runbook.plan import compile_plan, texts_of
from bcp.store.journal import Journal
from growing.judge import Holds
from growing.subject import Subject, seconds

BEGAN = datetime(2026, 1, 5, 6, 50, tzinfo=UTC)
EVENTS = (500, 1500, 5000)
CLOSED = (10, 100, 1000)
NOTES = 20
"""What is written down of an incident, besides its beginning and its end."""
_NAME = "internet-outage"
_DUE = 8
"""A decision of the open one has been due since the day on which it was written down to have begun."""


class _Stopped:
    """The moment at which an incident is written down."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """Always the same."""
        return self.at

    def monotonic(self) -> float:
        """Nothing passes."""
        return 0.0

    def sleep(self, seconds: float) -> None:
        """Nobody waits."""


def _entries(folder: Path, notes: int) -> list[Entry]:
    """An incident that begins, with so many notes, as `incident start` begins one."""
    whole = office_for(Session(str(folder)), None)
    made = compile_plan(_NAME, whole.runbooks, whole.office)
    data = {
        "kind": "incident",
        "runbook": _NAME,
        "title": "The office has no internet",
        "plan": made.as_json(),
        "texts": texts_of(made, whole.runbooks),
    }
    written = [
        Entry("note.written", "anna", {"text": f"Client {number} called and asks when the line works again"})
        for number in range(notes)
    ]
    return [Entry("incident.started", "anna", data), *written]


def long_one(folder: Path, events: int) -> None:
    """An open incident of so many events."""
    write(sample_office(), folder)
    clock = _Stopped(datetime.now(UTC) - timedelta(hours=3))
    stream = f"{clock.at:%Y-%m-%d}-{_NAME}"
    Journal(folder / "incidents", clock).append(stream, NOTHING, _entries(folder, events - 1))


def many_closed(folder: Path, closed: int) -> None:
    """So many closed incidents, and one that is open."""
    write(sample_office(), folder)
    entries = _entries(folder, NOTES)
    end = Entry("incident.closed", "anna", {"open": [], "left": {}, "reason": ""})
    for number in range(closed + 1):
        clock = _Stopped(BEGAN + number * timedelta(hours=6))
        stream = f"{clock.at:%Y-%m-%d}-{_NAME}-{number}"
        journal = Journal(folder / "incidents", clock)
        journal.append(stream, NOTHING, entries if number == closed else [*entries, end])
        journal.close()


def _report(folder: Path) -> list[str]:
    return ["incident", "report", "--format", "pdf", "-o", str(folder / "report.pdf")]


def _copy(folder: Path) -> list[str]:
    return ["incident", "print", "-o", str(folder / "copy.pdf")]


SUBJECTS = (
    *(
        Subject(
            name,
            EVENTS,
            long_one,
            words,
            Holds("linear", memory=250, most=seconds(4)),
            (300, 1000, 3000),
            runs=2,
        )
        for name, words in (
            ("report as PDF, many events", _report),
            ("incident copy as PDF, many events", _copy),
        )
    ),
    *(
        Subject(
            f"incident {verb}, many closed",
            CLOSED,
            many_closed,
            lambda _folder, verb=verb: ["incident", verb],  # type: ignore[misc]
            Holds("flat" if verb == "status" else "linear", memory=60, most=seconds(0.4)),
            (10, 50, 200),
            statuses=(0, _DUE),
        )
        for verb in ("list", "status")
    ),
)
