"""What a list shows of an incident, and what tells whether there is more to be said of it: a small part of the fold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bcp.event import moment, stamp
from bcp.frozen import Frozen, stored
from bcp.incident.posted import still_up
from bcp.incident.state import Incident

FORM = 1
"""Counts up where the fields below, or what the fold makes of the events that they come from, are others."""


class IncidentSummary(Frozen):
    """An incident in a list.

    `measures` are the steps whose measures are in force, `texts` the places at which texts of ours still stand,
    `mend_by` the first day by which something is to be mended that is not.
    """

    id: str
    kind: str
    runbook: str
    title: str
    timezone: str
    opened_at: datetime = stored(read=moment, write=stamp)
    closed_at: datetime | None = stored(default=None, read=moment, write=stamp)
    handed_over: bool = False
    measures: Sequence[str] = ()
    texts: Sequence[str] = ()
    mend_by: date | None = stored(default=None, read=date.fromisoformat, write=date.isoformat)
    clients_to_be_asked: bool = False
    promises: bool = False

    @property
    def zone(self) -> ZoneInfo:
        """Where it took place."""
        return ZoneInfo(self.timezone)

    @property
    def drill(self) -> bool:
        """Whether it is a rehearsal."""
        return self.kind == "drill"

    @property
    def is_over(self) -> bool:
        """Whether it is closed and nothing of it still stands anywhere."""
        return self.closed_at is not None and not self.measures and not self.texts

    def may_be_kept(self) -> bool:
        """Whether little is written to it any more: one that goes on changes with each event."""
        return self.closed_at is not None or self.handed_over


def summary_of(incident: Incident) -> IncidentSummary:
    """The summary of an incident as it is."""
    to_mend = [each.due for each in incident.follow_ups.values() if each.done_at is None]
    return IncidentSummary(
        id=incident.id,
        kind=incident.kind,
        runbook=incident.runbook,
        title=incident.title,
        timezone=incident.zone.key,
        opened_at=incident.opened_at,
        closed_at=incident.closed_at,
        handed_over=incident.handed_over,
        measures=[measure.step.id for measure in incident.in_force()],
        texts=[each.place for each in still_up(incident)],
        mend_by=min(to_mend, default=None),
        clients_to_be_asked=incident.clients_to_be_asked,
        promises=bool(incident.promises),
    )
