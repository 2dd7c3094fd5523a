"""Lays out the steps of a runbook in an incident: when it begins, when a step enters it, when a decision does."""

from __future__ import annotations

from datetime import datetime, timedelta

from bcp.incident.decision import DecisionState, due_at
from bcp.incident.state import Incident, PhaseState, Section, StepState
from bcp.runbook.compiled import PlanStep


def lay_out(incident: Incident, runbook: str, address: str, at: datetime, below: bool = False) -> None:
    """Lay out the phases of `runbook`, its steps under `address`.

    With `below`, they belong to the step at that address and stand behind its phase; else (the first runbook, or
    one that was decided on) they are done before whatever is still open.
    """
    plan = incident.plan.runbooks[runbook]
    prefix = f"{address}/" if address else ""
    phases = [
        PhaseState(
            title=told.title,
            runbook=runbook,
            parent=address if below else "",
            began=at,
            due=at + timedelta(seconds=told.within) if told.within else None,
            within=told.within,
            any_order=told.any_order,
            pause=told.pause or "",
            steps=[_add(incident, step, prefix, "main", runbook) for step in told.steps],
        )
        for told in plan.phases
    ]
    where = _behind(incident, incident[address]) if below else _before_open(incident)
    incident.phases[where:where] = phases
    incident.stand_down[0:0] = [
        _add(incident, step, prefix, "stand-down", runbook) for step in plan.stand_down
    ]
    for told in plan.decisions:
        due = due_at(told.at, at, incident.zone)
        address = prefix + told.id
        incident.decisions.setdefault(address, DecisionState(address, told, runbook, at, due))


def put_in(incident: Incident, plan: PlanStep, after: StepState) -> None:
    """Put a step that the runbook does not have behind another one."""
    prefix = after.id.rpartition("/")[0]
    new = _add(incident, plan, f"{prefix}/" if prefix else "", after.section, after.runbook)
    new.amended = True
    phase = incident.phase_of(after)
    home = phase.steps if phase is not None else incident.stand_down
    home.insert(home.index(after) + 1, new)


def _before_open(incident: Incident) -> int:
    """The index of the first phase that is still worked on."""
    for index, phase in enumerate(incident.phases):
        if not phase.parent and not all(step.settled for step in phase.steps):
            return index
    return len(incident.phases)


def _behind(incident: Incident, parent: StepState) -> int:
    """The index behind the phase of `parent` and behind all that was entered from that phase before."""
    home = incident.phase_of(parent)
    if home is None:
        return len(incident.phases)
    index = next(number for number, phase in enumerate(incident.phases) if phase is home) + 1
    while index < len(incident.phases) and incident.phases[index].parent:
        index += 1
    return index


def _add(incident: Incident, plan: PlanStep, prefix: str, section: Section, runbook: str) -> StepState:
    step = StepState(prefix + plan.id, plan, section, runbook)
    incident.steps[step.id] = step
    if plan.undo is not None:
        incident.undos[f"{step.id}.undo"] = StepState(f"{step.id}.undo", plan.undo, "undo", runbook)
    return step
