"""What is to be mended after an incident: writing it down, doing it, and what is open over all incidents."""

from __future__ import annotations

from dataclasses import dataclass

from bcp.app.book import book_of, doer_of
from bcp.app.incident.find import read
from bcp.app.incident.summaries import summaries
from bcp.app.ledger.request import Agree, time_to_come
from bcp.app.session import Session
from bcp.incident import followup
from bcp.incident.ledger import FollowUp
from bcp.incident.state import Incident


@dataclass(frozen=True, slots=True)
class FollowUpOf:
    """A follow-up, and the incident that it comes from."""

    incident: Incident
    follow_up: FollowUp
    is_overdue: bool


def add(
    session: Session, asked: str | None, what: str, *, owner: str, due: str, by: str | None, agree: Agree
) -> str:
    """Write down what is to be done, by whom and by which day, as people say it; its id."""
    book = book_of(session, asked, closed_too=True)
    zone = book.incident.zone
    day = time_to_come(session, zone, due, "--due", agree).astimezone(zone).date()
    person = session.person(owner, book.incident.plan.names, "--owner")
    return followup.add(book, what, person, day, doer_of(session, book, by))


def done(session: Session, asked: str | None, name: str, by: str | None, note: str) -> None:
    """Say that it is done. Raises InputError for one that there is not."""
    book = book_of(session, asked, closed_too=True)
    followup.done(book, name, doer_of(session, book, by), note)


def follow_ups(session: Session, asked: str | None) -> list[FollowUpOf]:
    """Those of one incident, or the open ones of all, the most urgent first."""
    if asked is not None:
        return _of(session, book_of(session, asked).incident)
    to_mend = [each for each in summaries(session, "incident") if each.mend_by is not None]
    found = [
        each
        for incident in read(session, to_mend)
        for each in _of(session, incident)
        if each.follow_up.done_at is None
    ]
    return sorted(found, key=lambda each: each.follow_up.due)


def _of(session: Session, incident: Incident) -> list[FollowUpOf]:
    today = session.clock.now().astimezone(incident.zone).date()
    return [FollowUpOf(incident, each, each.is_overdue(today)) for each in incident.follow_ups.values()]
