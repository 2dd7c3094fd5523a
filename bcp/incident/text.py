"""Texts of the runbook as they are said now: with the facts that are known, in the office's own time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bcp.event import moment
from bcp.fact import FOUND, Fact
from bcp.fact_template import fill
from bcp.i18n import _
from bcp.incident.state import Incident, StepState
from bcp.times import local, local_clock

_JUST_NOW = timedelta(minutes=1)


def title_of(incident: Incident, step: StepState) -> str:
    """The title of a step, its mentions of facts filled in."""
    return fill(step.plan.title, facts_for(incident, step))


def facts_for(incident: Incident, step: StepState) -> dict[str, str]:
    """The facts as the texts of a step say them.

    A step that asks a person for what this computer found shows what was found, not its own answer in that place.
    """
    own = {fact.name: incident.seen[fact.name] for fact in step.plan.facts if fact.name in incident.seen}
    return {**said_facts(incident), **own}


def said_facts(incident: Incident) -> dict[str, str]:
    """All that texts may name, as it is said: a date and time in the office's own clock."""
    return _said(incident, incident.known)


def listed_facts(incident: Incident) -> dict[str, str]:
    """The facts as a list shows them; where people say otherwise than this computer found, both."""
    said = _said(incident, incident.facts)
    for name, value in incident.seen.items():
        words = _("{value}  (this computer found: {found})")
        if name not in said:
            said[f"{name}{FOUND}"] = value
        elif name not in incident.decided:
            said[name] = _("{value}  (this computer found it)").format(value=value)
        else:
            said[name] = words.format(value=said[name], found=value)
    return said


def attested_facts(incident: Incident) -> dict[str, str]:
    """The facts that people said, without what this computer alone found."""
    people = {name: value for name, value in incident.facts.items() if name in incident.decided}
    return _said(incident, people)


def said_value(fact: Fact, value: str, zone: ZoneInfo) -> str:
    """One answer as it is said."""
    return _said_moment(value, zone) if fact.type == "datetime" else value


def _said(incident: Incident, facts: Mapping[str, str]) -> dict[str, str]:
    moments = {
        fact.name for step in incident.steps.values() for fact in step.plan.facts if fact.type == "datetime"
    }
    return {
        name: _said_moment(value, incident.zone) if name in moments else value
        for name, value in facts.items()
    }


def _said_moment(value: str, zone: ZoneInfo) -> str:
    try:
        return local(moment(value), zone)
    except ValueError:
        return value


def said_outcome(outcome: str) -> str:
    """How a step stands, in a word of the office's language; `in-doubt` and `open` are states, too."""
    words = {
        "done": _("done"),
        "failed": _("failed"),
        "skipped": _("skipped"),
        "not-applicable": _("not-applicable"),
        "deferred": _("deferred"),
        "running": _("running"),
        "in-doubt": _("in-doubt"),
        "waiting": _("waiting"),
    }
    return words.get(outcome, outcome)


def failed_before(step: StepState, now: datetime) -> datetime | None:
    """When the try was that failed; None where that is just now: what failed yesterday may well succeed today."""
    return step.tried_at if step.tried_at is not None and now - step.tried_at >= _JUST_NOW else None


def why_failed(incident: Incident, step: StepState, now: datetime) -> str:
    """Why it failed, with the time where that was not just now."""
    before = failed_before(step, now)
    if before is None:
        return step.waits
    return _("at {time}: {why}").format(time=local_clock(before, incident.zone, now), why=step.waits)


def why_in_doubt(incident: Incident, step: StepState, now: datetime) -> str:
    """That it was begun, by whom, and that its end is not known."""
    begun = step.begun
    assert begun is not None
    words = _(
        "It began at {time} ({who}) and nobody knows how it ended. Find out what happened before it is done again."
    )
    when = local_clock(begun.at, incident.zone, now)
    return words.format(time=when, who=incident.name_of(begun.by))


def noun(incident: Incident) -> str:
    """The noun of the command line that this is found under."""
    return "drill" if incident.drill else "incident"


def undo_command(incident: Incident, measure: str, *, named: bool = False) -> str:
    """The command that ends a measure; with `named`, or where it is closed, it names its incident."""
    of = f" --incident {incident.id}" if named or incident.closed_at is not None else ""
    return f"bcp {noun(incident)} undo {measure}{of}"


def local_day(incident: Incident, *names: str) -> date | None:
    """The local day of the first of these facts that holds a moment."""
    for name in names:
        try:
            found = moment(incident.facts[name])
        except (KeyError, ValueError):
            continue
        # A day that was typed as a text has no zone, and is one of the office.
        return (found.astimezone(incident.zone) if found.tzinfo else found).date()
    return None
