"""The report of an incident as plain data: what happened against what was planned, measured and attested apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bcp.event import Event
from bcp.i18n import _
from bcp.incident.report import lasted, parts
from bcp.incident.report.picture import Outage, Picture, Sending, picture
from bcp.incident.report.section import Section
from bcp.incident.state import Incident


@dataclass(frozen=True, slots=True)
class Sources:
    """What a report is made of beside the journal: what checks saw, and what was sent."""

    outages: Sequence[Outage] = ()
    sendings: Sequence[Sending] = ()
    looked: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report. `head` is the end of the chain that it was made from."""

    title: str
    office: str
    language: str
    head: str
    incident: str
    picture: Picture
    legend: str
    sections: tuple[Section, ...]


def report(incident: Incident, events: Sequence[Event], sources: Sources, now: datetime) -> Report:
    """The report of `incident`, whose journal is `events`, as of `now`."""
    sections = [
        lasted.summary(incident, now),
        lasted.targets(incident, now),
        parts.measured(incident, sources.outages, sources.looked),
        parts.decisions(incident, now),
        parts.promises(incident, now),
        parts.told(incident, sources.sendings),
        parts.measures(incident),
        parts.costs(incident),
        parts.deviations(incident, events),
        parts.review(incident),
        parts.follow_ups(incident, now),
        parts.timeline(events),
        parts.evidence(incident, len(events)),
    ]
    words = _("DRILL: {title}") if incident.drill else _("Report: {title}")
    return Report(
        title=words.format(title=incident.title),
        office=incident.plan.office.name,
        language=incident.plan.office.language,
        head=incident.head.hash,
        incident=incident.id,
        picture=picture(incident, sources.outages, sources.sendings, now),
        legend=_(
            "Black: down. Hatched: nobody looked. Circle: done. Cross: not done, or broken. Diamond: a decision."
        ),
        sections=tuple(section for section in sections if section.rows or section.texts),
    )
