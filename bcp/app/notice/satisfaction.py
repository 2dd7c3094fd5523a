"""The question to clients after an incident: when it is due, as `status` and the checks say it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from bcp.app.incident.summaries import summaries_of
from bcp.app.session import Session
from bcp.event import Entry
from bcp.i18n import _, speak
from bcp.incident.events.followup import ClientsToBeAsked
from bcp.incident.journal import IncidentJournal
from bcp.incident.state import Incident
from bcp.incident.summary import IncidentSummary
from bcp.notice.inbox.satisfaction import due, is_time
from bcp.store.outbox import Outbox
from bcp.store.sendings import SendingStates


def words(incident: Incident) -> str:
    """The sentence that says it."""
    return _("Clients were told of this, and nobody has asked them yet whether they are satisfied")


def command(incident: Incident) -> str:
    """The command that asks them."""
    return f"bcp notice send follow-up told --incident {incident.id}"


def is_due(session: Session, incident: Incident) -> bool:
    """Whether clients are to be asked after this incident now."""
    if incident.closed_at is None or incident.drill:
        return False
    campaigns = session.stores.of(Outbox).campaigns(incident.id)
    return due(incident.closed_at, campaigns, session.clock.now())


def remind(session: Session) -> Iterator[str]:
    """What is to be said of it by a check or a watch: once for each incident, and written down."""
    told, now = session.stores.of(SendingStates).incidents(), session.clock.now()
    streams = sorted(told & set(session.log.streams("incident.started")))
    for stream in [each.id for each in summaries_of(session, streams) if _may_be_asked(each, now)]:
        book = IncidentJournal(session.log, stream)
        incident = book.incident
        if incident.handed_over or incident.clients_to_be_asked or not is_due(session, incident):
            continue
        speak(incident.plan.office.language)
        by = session.person(None, incident.plan.names)
        if book.write(reminder(by)):
            yield f"{stream}: {words(incident)}. {command(incident)}"


def _may_be_asked(incident: IncidentSummary, now: datetime) -> bool:
    """Whether it is worth reading: most incidents are too old."""
    done = incident.handed_over or incident.clients_to_be_asked or incident.drill
    return not done and incident.closed_at is not None and is_time(incident.closed_at, now)


def reminder(by: str) -> Callable[[Incident], list[Entry]]:
    """What is written unless another process has reminded just now."""
    entry = ClientsToBeAsked("follow-up").entry(by, how="watch")
    return lambda incident: [] if incident.clients_to_be_asked else [entry]
