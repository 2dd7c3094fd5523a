"""The journal of one incident, open: its events and what they add up to, read once and kept up to date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from bcp.chain import following
from bcp.errors import BcpError, Conflict, InputError, TooNew
from bcp.event import NOTHING, Entry, Event, Log, unseal
from bcp.i18n import _
from bcp.incident.events.incident import IncidentClosed, IncidentStarted
from bcp.incident.events.note import NoteWritten
from bcp.incident.fold import apply, fold
from bcp.incident.journal_text import TextDifference
from bcp.incident.ledger import Note
from bcp.incident.state import Incident
from bcp.mask import KNOWN
from bcp.stream import Overtaken
from bcp.times import SKEW

STARTED = IncidentStarted.KIND
NOTED = NoteWritten.KIND
CLOSED = IncidentClosed.KIND
PEN_ENDED = "pen.ended"
PEN_TAKEN = "pen.taken"


class Busy(Exception):
    """Somebody else holds it."""


class Holds(Protocol):
    """Who is carrying out which step: a hold lives as long as the process that took it."""

    def hold(self, incident: str, step: str) -> AbstractContextManager[None]:
        """Hold a step while its deed is done. Raises Busy if another process does."""
        ...

    def is_held(self, incident: str, step: str) -> bool:
        """Whether some process is carrying out the step right now."""
        ...


class Records(Protocol):
    """What keeps journal.txt beside each journal."""

    def path(self, stream: str) -> Path:
        """Where the record of an incident lies."""
        ...

    def line(self, event: Event) -> str:
        """What is to stand there of an event that is about to be written."""
        ...

    def add(self, events: Sequence[Event]) -> None:
        """Append the line of each event."""
        ...

    def compare(self, events: Sequence[Event]) -> TextDifference:
        """What it says otherwise than the journal; nothing is written."""
        ...

    def rebuild(self, events: Sequence[Event]) -> TextDifference:
        """Write it anew where it differs from the journal; what it said otherwise is kept first."""
        ...


class IncidentJournal:
    """The journal of one incident and the fold over it."""

    def __init__(self, log: Log, stream: str) -> None:
        """Read all of it that changes anything. Raises InputError for an id that is none."""
        self.log = log
        events = following(log.rows(stream, but=NOTED), NOTHING)
        if not events:
            raise InputError(
                _('there is no incident "{id}"').format(id=stream), _("the incidents: bcp incident list")
            )
        self.incident: Incident = fold(events)
        self.incident.unread_notes = partial(_notes, log, stream, self.incident.head.seq)
        for person in self.incident.plan.people.values():
            KNOWN.names((person.name,))
            KNOWN.phones((person.phone,))

    def insist_here(self) -> None:
        """Before a deed: raises InputError where the incident was handed over, for then it goes on elsewhere."""
        if self.incident.handed_over:
            raise _handed_over(self.incident)

    def refresh(self) -> list[Event]:
        """Take in what others wrote since; those events."""
        incident = self.incident
        news = following(self.log.rows(incident.id, after=incident.head.seq), incident.head)
        for event in news:
            apply(incident, event)
        return news

    def write(self, entries: Callable[[Incident], Sequence[Entry]]) -> list[Event]:
        """Append what `entries` makes of the present state, and apply it.

        Compare-and-set: when somebody wrote first, their events are taken in and `entries` is asked again, so
        what it requires of the state is checked against the very state that the events follow; a refusal, or
        that there is nothing to write, as well: neither is said of a state that is over. What it raises ends the
        attempt with nothing written.
        """
        overtaken = Overtaken(self.incident.id)
        while True:
            try:
                wanted = self._wanted(entries)
            except BcpError:
                if self.refresh():
                    continue
                raise
            if not wanted:
                if self.refresh():
                    continue
                return []
            try:
                written = self.log.append(self.incident.id, self.incident.head, wanted)
            except Conflict:
                overtaken.refuse_in_vain(self.incident.head, bool(self.refresh()))
                continue
            last, is_set = self.incident.clock.last, self.incident.clock.is_set(written[0].recorded_at)
            for event in written:
                apply(self.incident, event)
            if is_set and not self.incident.handed_over and self.incident.closed_at is None:
                self.doubt_clock(written[0].recorded_at, last, written[0].by)
            return written

    def look_at_clock(self, newest: datetime | None = None) -> None:
        """Write down that it began by a clock that cannot be right; `newest` is the last entry of another incident."""
        now = self.incident.clock.last
        if newest is not None and now < newest - SKEW:
            self.doubt_clock(now, newest, self.incident.opened_by)
        elif self.incident.clock.is_wrong(now):
            self.doubt_clock(now, None, self.incident.opened_by)

    def doubt_clock(self, now: datetime, last: datetime | None, by: str) -> None:
        """Write down that the computer's clock cannot be right, or was set since it said `last`."""
        from bcp.incident.events.clock import (
            ClockDoubted,  # rarely needed, and every command loads this module
        )

        # Where somebody else wrote first, they saw the same clock.
        with suppress(Conflict):
            doubted = ClockDoubted(now, last).entry(by, how="watch")
            for event in self.log.append(self.incident.id, self.incident.head, [doubted]):
                apply(self.incident, event)

    def _wanted(self, entries: Callable[[Incident], Sequence[Entry]]) -> Sequence[Entry]:
        """What is to be written behind the known state. Raises what `entries` does, InputError if handed over."""
        wanted = entries(self.incident)
        if self.incident.handed_over and any(entry.kind != PEN_TAKEN for entry in wanted):
            raise _handed_over(self.incident)
        return wanted


def _notes(log: Log, stream: str, before: int) -> list[Note]:
    """The notes before an event."""
    rows = (row for row in log.rows(stream) if row.kind == NOTED and row.seq < before)
    return [_note(unseal(row)) for row in rows]


def _note(event: Event) -> Note:
    told = NoteWritten.from_json(event.data)
    return Note(event.at, event.by, told.text, told.step)


def start(log: Log, stream: str, entry: Entry) -> IncidentJournal:
    """Open a new journal with its first event. Raises Conflict if the id is taken."""
    log.append(stream, NOTHING, [entry])
    book = IncidentJournal(log, stream)
    book.look_at_clock()
    return book


def open_incidents(log: Log, kind: str) -> list[str]:
    """The ids of the incidents (or drills) that are not closed and go on here, oldest first."""
    over = set(log.streams(CLOSED))
    # What is closed is over wherever it goes on: only of the others the journal is read.
    given = [stream for stream in log.streams(PEN_ENDED) if stream not in over]
    over.update(stream for stream in given if _is_elsewhere(log, stream))
    return [stream for stream in of_kind(log.streams(STARTED), kind) if stream not in over]


def books(log: Log, streams: Iterable[str], remark: Callable[[str], None]) -> Iterator[IncidentJournal]:
    """The books of many incidents; of one that a newer version wrote that is a `remark`, and the others are read."""
    for stream in streams:
        try:
            yield IncidentJournal(log, stream)
        except TooNew as error:
            remark(f"{error.message}; {error.hint}")


def _is_elsewhere(log: Log, stream: str) -> bool:
    """Whether it was handed over and not taken back; nothing else of it need be understood."""
    kinds = [row.kind for row in log.rows(stream) if row.kind in (PEN_ENDED, PEN_TAKEN)]
    return kinds[-1:] == [PEN_ENDED]


def _handed_over(incident: Incident) -> InputError:
    return InputError(
        f"{incident.id} was handed over to another computer; here it can only be read",
        "write it there   or, if it comes back: bcp incident take-over FILE",
    )


def of_kind(streams: Iterable[str], kind: str) -> list[str]:
    """Those of `streams` that are incidents, or drills: a drill's id says so."""
    return [stream for stream in streams if stream.startswith("drill-") == (kind == "drill")]
