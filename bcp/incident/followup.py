"""Writes what comes after an incident: looking back, and follow-ups: what is mended, by whom and by when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bcp.errors import InputError
from bcp.event import Entry
from bcp.incident.events.followup import FollowUpAdded, FollowUpDone, ReviewWritten
from bcp.incident.journal import IncidentJournal
from bcp.incident.ledger import FollowUp
from bcp.incident.state import Incident


def add(book: IncidentJournal, what: str, owner: str, due: date, by: str) -> str:
    """Write a follow-up; its id. It may come after the incident was closed."""
    if not what.strip():
        raise InputError(
            "a follow-up says what is to be done",
            'for example: bcp followup add "buy a second SIM" --owner PERSON --due "in 2 weeks"',
        )

    def entries(incident: Incident) -> Sequence[Entry]:
        name = f"f{len(incident.follow_ups) + 1}"
        return [FollowUpAdded(name, what.strip(), owner, due).entry(by)]

    book.write(entries)
    return next(reversed(book.incident.follow_ups))


def done(book: IncidentJournal, name: str, by: str, note: str = "") -> FollowUp:
    """Write that it is done; nothing where that was written before. Raises InputError for one that is none."""

    def entries(incident: Incident) -> Sequence[Entry]:
        found = find(incident, name)
        if found.done_at is not None:
            return []
        return [FollowUpDone(found.id, found.what, note.strip()).entry(by)]

    book.write(entries)
    return find(book.incident, name)


def look_back(book: IncidentJournal, answers: Mapping[str, str], by: str) -> int:
    """Write what somebody says about the incident afterwards, by question; how many answers there were."""
    given = {about: text.strip() for about, text in answers.items() if text.strip()}
    book.write(lambda _incident: [ReviewWritten(about, text).entry(by) for about, text in given.items()])
    return len(given)


def find(incident: Incident, name: str) -> FollowUp:
    """The follow-up called `name`. Raises InputError with those that there are."""
    if name in incident.follow_ups:
        return incident.follow_ups[name]
    known = ", ".join(incident.follow_ups) or "none yet"
    raise InputError(f'there is no follow-up "{name}"', f"follow-ups: {known}")
