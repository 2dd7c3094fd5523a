"""Which incident a command means, and who acts in it."""

from __future__ import annotations

from bcp.app.session import Session
from bcp.incident.journal import IncidentJournal, open_incidents


def book_of(
    session: Session, asked: str | None, *, drill: bool = False, closed_too: bool = False
) -> IncidentJournal:
    """The incident asked for (or drill), else the only open one; with `closed_too`, the last one where none is open.

    Raises InputError that lists them where it is not clear which is meant.
    """
    kind = _kind(asked, drill)
    return session.book(asked or (session.open_or_last(kind) if closed_too else None), kind)


def open_book_of(session: Session, asked: str | None, drill: bool) -> IncidentJournal | None:
    """The incident that is meant; none in peacetime."""
    kind = _kind(asked, drill)
    if asked is None and not open_incidents(session.log, kind):
        return None
    return session.book(asked, kind)


def _kind(asked: str | None, drill: bool) -> str:
    """Whether a drill is meant; one that is named needs no `--drill` besides: its id says so."""
    return "drill" if drill or (asked or "").startswith("drill-") else "incident"


def doer_of(session: Session, book: IncidentJournal, by: str | None = None) -> str:
    """Who acts in an incident, as a person of its office. Raises InputError for one who is nobody there."""
    return session.person(by, book.incident.plan.names)


def typist_of(session: Session, book: IncidentJournal, doer: str | None) -> str:
    """Who writes down what the person named `doer` did in an incident."""
    return session.typist(doer, book.incident.plan.names)
