"""Whether the printed copy of an incident is still true: by the hash at its foot, or the journal's at its head."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from bcp.app.session import Session
from bcp.event import Event, unseal
from bcp.i18n import speak
from bcp.incident.events.record import RecordCovered
from bcp.incident.fold import apply, fold
from bcp.incident.journal import STARTED
from bcp.incident.journal_text import JournalWords
from bcp.incident.state import Incident
from bcp.incident.text import noun
from bcp.page.age import Age
from bcp.page.content import bare_digits, in_groups, version_hash
from bcp.page.copies import Copies
from bcp.page.incident import incident_content
from bcp.times import local

_NEW_STEPS = frozenset({STARTED, "step.entered", "step.amended", "decision.answered"})


@dataclass(frozen=True, slots=True)
class IncidentCopy:
    """The incident as it is, and how the copy stands: `exactly` where its hash tells at which event it was printed.

    Otherwise `age.changed` may hold what happened before.
    """

    incident: Incident
    age: Age
    exactly: bool


def find_copy(session: Session, hash_: str) -> IncidentCopy | None:
    """How the copy of an incident with that hash stands; None where it belongs to none of this office.

    Raises InputError for what is no hash.
    """
    wanted = bare_digits(hash_)
    if Copies(session.folder).content(hash_) is not None or not session.stores.exist():
        return None
    for stream in reversed(session.log.streams(STARTED)):
        events = [unseal(row) for row in session.log.rows(stream)]
        found = _printed_at(events, wanted)
        if found.seq:
            speak(found.incident.plan.office.language)
            return _copy(events, found, wanted)
    return None


class _Printed(NamedTuple):
    """Behind which event the copy was printed (0: behind none), whether exactly there; the incident as it is now."""

    seq: int
    exactly: bool
    incident: Incident


def _printed_at(events: list[Event], wanted: str) -> _Printed:
    """At an event, or from one after which its sheet had these steps."""
    seq, exactly = 0, False
    incident = fold(events[:1])
    for event in events:
        if event.seq > 1:
            apply(incident, event)
        if event.hash.startswith(wanted):
            seq, exactly = event.seq, True
        elif not exactly and event.kind in _NEW_STEPS:
            same = version_hash(incident_content(incident)).startswith(wanted)
            seq = event.seq if same else seq
    return _Printed(seq, exactly, incident)


def _copy(events: list[Event], printed: _Printed, wanted: str) -> IncidentCopy:
    incident, words = printed.incident, JournalWords(events[0])
    # That the record was given away changes nothing on a sheet.
    since = [event for event in events[printed.seq :] if event.kind != RecordCovered.KIND]
    steps = [event for event in since if event.kind in _NEW_STEPS]
    is_current = incident.closed_at is None and not (since if printed.exactly else steps)
    age = Age(
        hash=wanted,
        about=f"{noun(incident)} {incident.id}",
        state="current" if is_current else "outdated",
        since=since[0].at if since and not is_current else None,
        changed=tuple(f"{local(event.at, incident.zone)}  {words.said(event)}" for event in since),
        now=in_groups(incident.head.hash),
    )
    return IncidentCopy(incident, age, printed.exactly)
