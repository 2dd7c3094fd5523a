"""Writes down the hashes of all that a stranger reads, so that the head of the journal stands for it, too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bcp.app.incident.beside import events_of, made_by, parts
from bcp.app.session import Session
from bcp.errors import BcpError, ChainBroken, StoreError
from bcp.event import NOTHING, Entry, Event
from bcp.i18n import _
from bcp.incident.events.record import RecordCovered
from bcp.incident.events.registry import read
from bcp.incident.evidence import export as evidence
from bcp.incident.journal import IncidentJournal
from bcp.incident.state import Incident


def cover(session: Session, book: IncidentJournal, files: Mapping[str, bytes], exported: bool = True) -> None:
    """Append the event that holds the hashes of `files`; `exported` also of what lies around every export.

    Where the last event holds them already nothing is written. Nothing is written either where the incident was handed
    over: its journal goes on elsewhere, and the verifier says what it does not cover.
    """

    def covered(events: Sequence[Event], number: int) -> RecordCovered:
        told = evidence.about(events, made_by())._replace(events=number, head=NOTHING.hash)
        around = evidence.around(told, files) if exported else {}
        return evidence.cover({**files, **around}, events, {})

    try:
        # Whoever exports is asked nothing for that.
        _write(session, book, session.typist("", book.incident.plan.names), covered)
    except StoreError as error:
        # A copy that can only be read is exported all the same; but never so that it seems to contradict itself.
        if isinstance(error, ChainBroken) or events_of(session, book)[-1].kind == RecordCovered.KIND:
            raise
        words = _(
            "The hashes of the files could not be written into the journal, so no head covers them: {why}"
        )
        session.remark(words.format(why=error.message))


def cover_at_closing(session: Session, book: IncidentJournal, by: str) -> None:
    """The same before the last event; what cannot be read now keeps nobody from closing, and the event says so."""
    files: dict[str, bytes] = {}
    missing: dict[str, str] = {}
    for name, part in parts(session, book, events_of(session, book)).items():
        try:
            files |= part()
        except BcpError as error:
            missing[name] = error.message
    _write(session, book, by, lambda events, _number: evidence.cover(files, events, missing))


def _write(
    session: Session, book: IncidentJournal, by: str, made: Callable[[Sequence[Event], int], RecordCovered]
) -> None:
    """Append what is `made` of the events before it and of its own number, unless the last event is that."""

    def entries(_incident: Incident) -> Sequence[Entry]:
        events = events_of(session, book)
        *before, last = events
        if last.kind == RecordCovered.KIND and read(last) == made(before, last.seq):
            return []
        return [made(events, last.seq + 1).entry(by)]

    if not book.incident.handed_over:
        book.write(entries)
