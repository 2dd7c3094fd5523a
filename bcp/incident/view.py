"""What is shown of an incident: pure functions from the state to plain data; nothing here prints."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from bcp.event import stamp
from bcp.i18n import _
from bcp.incident import decision_due
from bcp.incident import due as dues
from bcp.incident.activity import as_seconds, reach
from bcp.incident.answer import missing_facts
from bcp.incident.posted import as_data as posted_data
from bcp.incident.posted import still_up, taken_down
from bcp.incident.state import Incident, Measure, StepState
from bcp.incident.text import noun, title_of, undo_command, why_failed
from bcp.promise.model import as_data as promise_data
from bcp.times import local_clock, say_duration

Running = Callable[[StepState], bool]


def time_left(incident: Incident, due: datetime, now: datetime) -> str:
    """`12 min left`, or `5 min late`; nothing where it is not known since when to count."""
    if not incident.counts(now):
        return ""
    said = say_duration(due - now)
    return _("{time} left").format(time=said) if now <= due else _("{time} late").format(time=said)


def whose(incident: Incident, step: StepState) -> str:
    """The role and the people who may play it, with their phones: `lead: Anna Nowak +48…, else Piotr …`."""
    role = incident.plan.roles.get(step.who)
    if role is None:
        return ""
    people = [incident.plan.people[person] for person in role.people if person in incident.plan.people]
    names = [" ".join(filter(None, (person.name, person.phone))) for person in people]
    return f"{step.who}: " + _(", else ").join(names)


def status(incident: Incident, now: datetime, running: Running) -> dict[str, Any]:
    """The whole state as data: the contract of `incident status --json`. Times are UTC, lengths seconds."""
    estimate = dues.own_estimate(incident, now)
    return {
        "id": incident.id,
        "kind": incident.kind,
        "runbook": incident.runbook,
        "title": incident.title,
        "opened_at": stamp(incident.opened_at),
        "state": "closed" if incident.closed_at else "open",
        "target": stamp(incident.target),
        "phases": [
            {
                "phase": phase.title,
                "within": phase.within,
                "late": phase.due is not None
                and incident.counts(now)
                and now > phase.due
                and not all(step.settled for step in phase.steps),
                "steps": [_step(step, running) for step in phase.steps],
            }
            for phase in incident.phases
        ],
        "next": [step.id for step in incident.next_steps()],
        "measures": [_measure(measure) for measure in incident.measures()],
        "posted": [posted_data(each) for each in still_up(incident)],
        "facts": dict(incident.facts),
        "found": dict(incident.seen),
        "due": [dues.as_data(each) for each in dues.due(incident, now)],
        "decisions": [decision_due.as_data(incident, each, now) for each in incident.decisions.values()],
        "promises": [promise_data(each, now) for each in incident.promises.values()],
        "estimate": stamp(estimate) if estimate is not None else None,
        "spent": {currency: f"{sum_:.2f}" for currency, sum_ in decision_due.spent_so_far(incident).items()},
        "out_of_reach": as_seconds(reach(incident, now)),
    }


def shown(step: StepState, running: Running) -> str:
    """How a step stands, `in-doubt` told from `running`."""
    if step.shown == "running" and not running(step):
        return "in-doubt"
    return step.shown


def _step(step: StepState, running: Running) -> dict[str, Any]:
    return {
        "id": step.id,
        "title": step.title,
        "who": step.who,
        "action": step.plan.kind,
        "outcome": shown(step, running),
        "at": stamp(step.at) if step.at else None,
        "by": step.by,
        "note": step.note or step.waits,
    }


def _measure(measure: Measure) -> dict[str, Any]:
    return {
        "id": measure.step.id,
        "title": measure.step.title,
        "since": stamp(measure.since),
        "on": measure.on,
        "undo": measure.undo.title,
        "left": measure.left,
    }


def what_next(incident: Incident, now: datetime, running: Running) -> list[str]:
    """The next things to do, a sentence each: whose, what, how late."""
    lines = []
    for step in incident.next_steps():
        phase = incident.phase_of(step)
        parts = [title_of(incident, step)]
        if step.who:
            parts.append(whose(incident, step))
        if phase is not None and phase.due is not None:
            parts += filter(None, [time_left(incident, phase.due, now)])
        if shown(step, running) == "in-doubt":
            parts.append(_("IN DOUBT: begun and not finished"))
        elif step.until is not None:
            parts.append(_("waits until {time}").format(time=local_clock(step.until, incident.zone, now)))
        elif step.failed_try:
            parts.append(_("tried, failed: {why}").format(why=why_failed(incident, step, now)))
        lines.append(" · ".join(parts))
    return lines


def commands_after(incident: Incident) -> Sequence[str]:
    """The commands that lead on from here."""
    command = f"bcp {noun(incident)}"
    if incident.closed_at is not None:
        ends = [undo_command(incident, measure.step.id) for measure in incident.in_force()]
        texts = [each.place for each in still_up(incident)]
        ends += [taken_down(incident, texts)] if texts else []
        return (*ends, f"{command} log --incident {incident.id}")
    if incident.closing or not incident.next_steps():
        return (f"{command} close",)
    return (f"{command} resume",)


def settling(incident: Incident, step: StepState) -> str:
    """The command that says that a step is done, with the facts that it still asks for."""
    lacking = "".join(f" --fact {name}=VALUE" for name in missing_facts(step, incident.facts))
    return f"bcp {noun(incident)} step done {step.id}{lacking}"


def who_said_short(incident: Incident, step: StepState, now: datetime) -> str:
    """`09:12 Anna Nowak`, or nothing while nobody has."""
    if step.at is None:
        return ""
    return f"{local_clock(step.at, incident.zone, now)} {incident.name_of(step.by)}"
