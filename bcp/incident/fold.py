"""The pure fold over the journal of one incident: each event changes what is true; nothing but the events is read."""

from __future__ import annotations

from collections.abc import Iterable

from bcp.event import Event, Head
from bcp.i18n import _
from bcp.incident.events.incident import IncidentStarted
from bcp.incident.events.registry import read, too_new
from bcp.incident.state import Incident


def fold(events: Iterable[Event]) -> Incident:
    """The incident that `events` tell of; the first of them must be `incident.started`.

    Raises TooNew where a newer version wrote one of them, ValueError where there is none.
    """
    incident: Incident | None = None
    for event in events:
        if incident is None:
            incident = started(event).incident(event)
        apply(incident, event)
    if incident is None:
        raise ValueError("there is no event to fold")
    return incident


def started(event: Event) -> IncidentStarted:
    """The first event of an incident. Raises TooNew for any other."""
    first = read(event)
    if not isinstance(first, IncidentStarted):
        raise too_new(event, _("it is not how an incident begins"))
    return first


def apply(incident: Incident, event: Event) -> None:
    """Take one more event into account. Raises TooNew for one that this version does not know."""
    try:
        read(event).apply(incident, event)
    except Exception as error:
        from bcp.traced import note_event

        note_event(error, event.seq, event.kind)
        raise
    incident.clock.read(event.recorded_at)
    incident.head = Head(event.seq, event.hash)
