"""The picture of the day as plain data: one time axis with checks, steps, promises, notices, measures and decisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bcp.i18n import _
from bcp.incident.state import Incident

Look = Literal["down", "unseen", "in-force", "span", "done", "failed", "decided", "due"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of time, or (without an end) a moment; `look` says how it is drawn."""

    at: datetime
    end: datetime | None
    look: Look
    label: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of the picture."""

    title: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole of it, between two moments, in the office's zone."""

    begin: datetime
    end: datetime
    lanes: tuple[Lane, ...]


@dataclass(frozen=True, slots=True)
class Outage:
    """A stretch in which a check was down, or in which nobody looked."""

    check: str
    title: str
    state: Literal["down", "unobserved"]
    first: datetime
    last: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sending:
    """One sending of a notice, in numbers: how many letters there were, and how many came to each end."""

    notice: str
    at: datetime
    by: str
    counts: tuple[tuple[str, int], ...]
    people: tuple[str, ...] = ()


def picture(
    incident: Incident, outages: Sequence[Outage], sendings: Sequence[Sending], now: datetime
) -> Picture:
    """What happened between the first and the last moment of an incident; empty lanes are left out."""
    end = incident.closed_at or now
    begin = min([incident.opened_at, *(outage.first for outage in outages if outage.state == "down")])
    lanes = [
        *_checks(outages),
        Lane(_("Steps"), tuple(_steps(incident))),
        Lane(_("Decisions"), tuple(_decisions(incident, end))),
        Lane(_("Promises"), tuple(_promises(incident, end))),
        Lane(_("Notices"), tuple(Mark(each.at, None, "done", each.notice) for each in sendings)),
        Lane(_("In force"), tuple(_measures(incident, end))),
    ]
    zone = incident.zone
    shown = tuple(lane for lane in lanes if lane.marks)
    return Picture(begin.astimezone(zone), end.astimezone(zone), shown)


def _checks(outages: Iterable[Outage]) -> Iterator[Lane]:
    titles = dict.fromkeys(outage.title for outage in outages)
    for title in titles:
        own = [outage for outage in outages if outage.title == title]
        yield Lane(
            title,
            tuple(
                Mark(each.first, each.last, "down" if each.state == "down" else "unseen", each.reason)
                for each in own
            ),
        )


def _steps(incident: Incident) -> Iterator[Mark]:
    for step in incident.every_step():
        if step.at is not None:
            yield Mark(step.at, None, "done" if step.outcome == "done" else "failed", step.title)


def _decisions(incident: Incident, end: datetime) -> Iterator[Mark]:
    for decision in incident.decisions.values():
        if decision.answered_at is not None:
            yield Mark(decision.answered_at, None, "decided", f"{decision.question} {decision.answer}")
        elif decision.due <= end:
            yield Mark(decision.due, None, "due", decision.question)


def _promises(incident: Incident, end: datetime) -> Iterator[Mark]:
    """A promise runs from when it was made to its time; a broken one ends black."""
    for promise in incident.promises.values():
        yield Mark(promise.made_at, min(promise.due, end), "span", f"{promise.provider}: {promise.what}")
        if promise.broken and promise.due <= end:
            yield Mark(promise.due, None, "failed", promise.what)


def _measures(incident: Incident, end: datetime) -> Iterator[Mark]:
    for measure in incident.measures():
        off = measure.undo.at if not measure.on else None
        yield Mark(measure.since, off or end, "in-force", measure.step.title)
