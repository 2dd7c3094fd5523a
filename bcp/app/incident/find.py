"""Finds incidents and drills, the open ones and those that are over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bcp.app.incident.summaries import summaries
from bcp.app.session import Session
from bcp.incident.due import Due, due
from bcp.incident.journal import IncidentJournal, books, open_incidents
from bcp.incident.posted import still_up
from bcp.incident.state import Incident
from bcp.incident.summary import IncidentSummary


def read(session: Session, found: Iterable[IncidentSummary]) -> Iterator[Incident]:
    """The incidents themselves, one after the other: a thousand of them need the room of one."""
    return (book.incident for book in books(session.log, (each.id for each in found), session.remark))


@dataclass(frozen=True, slots=True)
class ListedIncident:
    """An incident in the list; `incident` is the whole of one that is not over, with what it has in force."""

    summary: IncidentSummary
    incident: Incident | None


def listed(session: Session, found: Iterable[IncidentSummary]) -> Iterator[ListedIncident]:
    """What the list shows of these, one after the other."""
    for each in found:
        whole = None if each.is_over else next(read(session, [each]), None)
        yield ListedIncident(each, whole)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An incident of which something is left to do although it is closed; `asks` where clients are to be asked."""

    incident: Incident
    dues: Sequence[Due]
    asks: bool


def unfinished(session: Session, kind: str) -> list[Unfinished]:
    """Of all incidents, or drills, those of which something is in force, still up or due, the newest last."""
    from bcp.app.notice import satisfaction

    now = session.clock.now()
    may_be = _may_be_unfinished(now)
    left = [each for each in summaries(session, kind) if may_be(each)]
    found = [
        Unfinished(incident, due(incident, now), satisfaction.is_due(session, incident))
        for incident in read(session, left)
    ]
    return [
        each
        for each in found
        if each.asks or each.dues or each.incident.in_force() or still_up(each.incident)
    ]


def _may_be_unfinished(now: datetime) -> Callable[[IncidentSummary], bool]:
    """Tells those that are worth reading from those of which nothing can be left."""
    from bcp.notice.inbox.satisfaction import is_time

    def may_be(each: IncidentSummary) -> bool:
        to_mend = each.mend_by is not None and each.mend_by < now.astimezone(each.zone).date()
        to_ask = not each.drill and each.closed_at is not None and is_time(each.closed_at, now)
        return not each.is_over or to_mend or to_ask

    return may_be


def open_book(session: Session, runbook: str, kind: str) -> IncidentJournal | None:
    """The open incident (or drill) of a runbook."""
    for book in books(session.log, reversed(open_incidents(session.log, kind)), session.remark):
        if book.incident.runbook == runbook:
            return book
    return None
