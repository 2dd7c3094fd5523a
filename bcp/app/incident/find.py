"""Finds incidents and drills, the open ones and those that are over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bcp.app.session import Session
from bcp.incident.due import Due, due
from bcp.incident.journal import STARTED, IncidentJournal, books, of_kind, open_incidents
from bcp.incident.posted import still_up
from bcp.incident.state import Incident


def every(session: Session, kind: str) -> list[Incident]:
    """All incidents, or all drills, the newest last; of one that a newer version wrote that is remarked."""
    streams = of_kind(session.log.streams(STARTED), kind)
    return [book.incident for book in books(session.log, streams, session.remark)]


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
    found = [
        Unfinished(incident, due(incident, now), satisfaction.is_due(session, incident))
        for incident in every(session, kind)
    ]
    return [
        each
        for each in found
        if each.asks or each.dues or each.incident.in_force() or still_up(each.incident)
    ]


def open_book(session: Session, runbook: str, kind: str) -> IncidentJournal | None:
    """The open incident (or drill) of a runbook."""
    for book in books(session.log, reversed(open_incidents(session.log, kind)), session.remark):
        if book.incident.runbook == runbook:
            return book
    return None
