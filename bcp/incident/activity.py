"""Which activities are said to be down, since when and until when: only what a person, a step or the plan says.

What says so, for an activity such as `phone`: the facts `phone_down_since` (a time) and `phone_works` (yes or no), a
step with `stops: [phone]` or `restores: [phone]` that is done, and a runbook with `stops: [phone]` that has begun; then
`down_since` and `restored_at` are about it, too. Of clients who cannot reach us only facts and steps tell.

Where the plan names its `activities:`, the clocks of others are not shown, unless somebody said a fact of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from bcp.event import moment
from bcp.fact import Fact
from bcp.incident.state import Incident
from bcp.runbook.compiled import Plan

REACH = "phone"
"""The activity by which clients reach us."""
UNREACHABLE_SINCE, REACHABLE = "unreachable_since", "reachable"
DOWN_SINCE, RESTORED_AT = "down_since", "restored_at"
ABOUT_ALL = (UNREACHABLE_SINCE, REACHABLE, DOWN_SINCE, RESTORED_AT)
"""Facts that the clocks go by in every office."""


class Downtime(NamedTuple):
    """How long something was down all in all, since when first (None: it never was), and whether it still is."""

    length: timedelta
    since: datetime | None
    goes_on: bool


class _Said(NamedTuple):
    """From this moment on it was down, or it was not."""

    at: datetime
    down: bool


def facts_of_clocks(plan: Plan) -> dict[str, Fact]:
    """The facts that the clocks go by, with their types, whatever the runbooks ask for."""
    names = dict.fromkeys([REACH, *(each.activity for each in plan.activities)])
    times = [UNREACHABLE_SINCE, DOWN_SINCE, RESTORED_AT, *map(_down_since, names)]
    return {
        **{name: Fact(name, type="datetime") for name in times},
        **{name: Fact(name, type="yes-no") for name in (REACHABLE, *map(_works, names))},
    }


def failed_facts(plan: Plan) -> list[str]:
    """The facts that say since when something is down, those of one activity first."""
    return [*(_down_since(each) for each in dict.fromkeys((REACH, *_activities(plan)))), DOWN_SINCE]


def reach(incident: Incident, now: datetime) -> Downtime | None:
    """How long clients could not reach us; None where nobody said whether they can."""
    if not incident.counts(now) or not concerns(incident, REACH):
        return None
    return _downtime(list(_told(incident, REACH)), incident.closed_at or now, incident.closed_at is None)


def downtimes(incident: Incident, now: datetime) -> dict[str, Downtime]:
    """Of each activity of bcp.yaml that was said to be down: how long it was; without those that never were."""
    found: dict[str, Downtime] = {}
    for name in _activities(incident.plan) if incident.counts(now) else ():
        if not concerns(incident, name):
            continue
        told = list(_told(incident, name))
        down = _downtime(
            [*told, *_named(incident, name, told)], incident.closed_at or now, incident.closed_at is None
        )
        if down is not None and down.since is not None:
            found[name] = down
    return found


def concerns(incident: Incident, activity: str) -> bool:
    """Whether the clocks of an activity are shown: a plan that has begun is about it, or a person said so.

    All of them are where the plan that the incident began with does not say what it is about, as no older one does.
    """
    plans = incident.plan.runbooks
    if plans[incident.runbook].activities is None:
        return True
    begun = {incident.runbook, *(phase.runbook for phase in incident.phases)}
    if any(activity in plans[name].about() for name in begun):
        return True
    own = own_facts(activity)
    return any(said.name in own and not said.step for said in incident.answered)


def own_facts(activity: str) -> set[str]:
    """The facts that are about one activity and no other."""
    of_reach = {UNREACHABLE_SINCE, REACHABLE} if activity == REACH else set()
    return {_down_since(activity), _works(activity), *of_reach}


def _activities(plan: Plan) -> list[str]:
    return [each.activity for each in plan.activities]


def _down_since(activity: str) -> str:
    return f"{activity.replace('-', '_')}_down_since"


def _works(activity: str) -> str:
    return f"{activity.replace('-', '_')}_works"


def _told(incident: Incident, activity: str) -> Iterator[_Said]:
    """What facts and steps say of one activity."""
    general = any(_is_of(incident, phase.runbook, activity) for phase in incident.phases)
    since = [_down_since(activity), *([UNREACHABLE_SINCE] if activity == REACH else [])]
    for name in (*since, *([DOWN_SINCE] if general else [])):
        if (at := known_moment(incident, name)) is not None:
            yield _Said(at, True)
    if general and (at := known_moment(incident, RESTORED_AT)) is not None:
        yield _Said(at, False)
    answers = (REACHABLE, _works(activity)) if activity == REACH else (_works(activity),)
    for fact in incident.answered:
        if fact.name in answers and fact.value in ("yes", "no"):
            yield _Said(fact.at, fact.value == "no")
    for step in incident.every_step():
        if step.outcome == "done" and step.at is not None:
            yield from (_Said(step.at, True) for name in step.plan.stops if name == activity)
            yield from (_Said(step.at, False) for name in step.plan.restores if name == activity)


def _is_of(incident: Incident, runbook: str, activity: str) -> bool:
    """Whether `down_since` is about the activity: the runbook stops it, and is the first one or asks for that."""
    plan = incident.plan.runbooks[runbook]
    if activity not in plan.stops:
        return False
    return runbook == incident.runbook or any(
        fact.name == DOWN_SINCE for step in plan.steps() for fact in step.facts
    )


def _named(incident: Incident, activity: str, told: list[_Said]) -> Iterator[_Said]:
    """What follows where a runbook that has begun stops this activity, and nothing says since when."""
    began = [
        phase.began for phase in incident.phases if activity in incident.plan.runbooks[phase.runbook].stops
    ]
    # A plan that was begun for nothing stopped nothing.
    well = incident.facts.get(_works(activity)) == "yes" or incident.facts.get("verdict") == "ok"
    if began and not well and not any(each.down for each in told):
        yield _Said(min(began), True)


def known_moment(incident: Incident, name: str) -> datetime | None:
    """The moment that a fact holds; None where it is not known, or holds none."""
    try:
        found = moment(incident.facts.get(name, ""))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _downtime(said: list[_Said], end: datetime, is_open: bool) -> Downtime | None:
    """The stretches between each word that it is down and the next that it is not, until `end`."""
    if not said:
        return None
    length, first, since = timedelta(), None, None
    for at, down in sorted(said):
        if down and since is None:
            since = at
            first = first or at
        elif not down and since is not None:
            length += at - since
            since = None
    if since is not None:
        length += max(timedelta(), end - since)
    return Downtime(length, first, since is not None and is_open)


def as_seconds(down: Downtime | None) -> float | None:
    """Its length as data; None where nobody said anything."""
    return down.length.total_seconds() if down is not None else None
