"""Compiles a runbook and all it can reach to the plan that an incident keeps; a compiled step back to its action."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import time, timedelta

from bcp.action.base import Action
from bcp.frozen import EMPTY
from bcp.office.model import Activity, Office
from bcp.office.number import OfficeNumber
from bcp.registry import kind
from bcp.runbook.compiled import (
    VERSION,
    Plan,
    PlanActivity,
    PlanChoice,
    PlanClock,
    PlanCondition,
    PlanDecision,
    PlanLine,
    PlanNumber,
    PlanOffice,
    PlanPerson,
    PlanPhase,
    PlanRole,
    PlanRunbook,
    PlanStep,
)
from bcp.runbook.load import LoadedRunbook
from bcp.runbook.model import ACTIONS, Acting, Decision, Phase, Runbook, Step

_TO_SWITCH = {"line", "title", "number", "way", "sim_expires", "data_left", "credit"}
_TO_CALL = {"line", "title", "provider", "contract", "line_id", "support", "portal", "number"}


def reach(root: str, runbooks: Mapping[str, LoadedRunbook]) -> list[str]:
    """The ids of `root` and of every runbook that it can lead to, in the order in which they are met."""
    met: list[str] = []
    todo = [root]
    while todo:
        name = todo.pop(0)
        if name in met or name not in runbooks:
            continue
        met.append(name)
        todo.extend(leads_to(runbooks[name].model))
    return met


def enters(runbook: Runbook) -> Iterator[str]:
    """The runbooks that its steps carry out inside the same incident."""
    for _loc, act in runbook.acts():
        yield from (ref.name for ref in act.action.refs() if ref.kind == "runbook")


def leads_to(runbook: Runbook) -> Iterator[str]:
    """The runbooks that its steps and its decisions name."""
    yield from enters(runbook)
    for decision in runbook.decisions:
        yield from (choice.runbook for choice in decision.answers if choice.runbook)


def compile_plan(root: str, runbooks: Mapping[str, LoadedRunbook], office: Office) -> Plan:
    """The plan of an incident that starts with the runbook `root`."""
    reached = [runbooks[name].model for name in reach(root, runbooks)]
    lines = {_line_of(step) for runbook in reached for _loc, step in runbook.steps()}
    return Plan(
        version=VERSION,
        root=root,
        office=PlanOffice(office.name, office.language, office.country, office.timezone),
        people={who.person: PlanPerson(who.name, who.phone) for who in office.people},
        roles={role.role: PlanRole(role.title, [role.owner, *role.deputies]) for role in office.roles},
        lines={
            line.line: PlanLine.from_json(line.model_dump(mode="json", exclude_none=True))
            for line in office.lines
            if line.line in lines
        },
        ways={
            line.line: line.model_dump(mode="json", exclude_none=True, include=_TO_SWITCH)
            for line in office.lines
        },
        numbers=[_number(number, office) for number in office.numbers],
        published=[place.model_dump(mode="json", exclude_none=True) for place in office.published],
        places={place.place: place.model_dump(mode="json", exclude_none=True) for place in office.places},
        activities=[_activity(each) for each in office.activities],
        clock=PlanClock(_seconds(office.remind_measures_after), office.long_outage.total_seconds()),
        runbooks={runbook.runbook: _runbook(runbook) for runbook in reached},
    )


def texts_of(plan: Plan, runbooks: Mapping[str, LoadedRunbook]) -> dict[str, str]:
    """The texts of the files that `plan` was compiled from, by their names in the office folder."""
    return {runbooks[name].document.shown: runbooks[name].document.text for name in plan.runbooks}


def compile_step(step: Step, owner: str) -> PlanStep:
    """One step, with its undo; a step that names nobody is for the runbook's owner."""
    who = step.who or owner
    condition = step.only_if and step.only_if.model_dump(mode="json", by_alias=True, exclude_none=True)
    undo = step.undo
    return _acting(step, step.step, who).replaced(
        only_if=PlanCondition.from_json(condition) if condition else None,
        sets=dict(step.sets),
        line=_line_of(step),
        stops=tuple(step.stops),
        restores=tuple(step.restores),
        undo=_acting(undo, f"{step.step}.undo", undo.who or who) if undo else None,
    )


def action_of(step: PlanStep) -> Action:
    """The action of a compiled step, ready to run."""
    made: Action = kind(ACTIONS, step.kind).model_validate(step.params)
    return made


def _line_of(step: Step) -> str | None:
    return step.line or step.action.about()


def _runbook(runbook: Runbook) -> PlanRunbook:
    return PlanRunbook(
        title=runbook.title,
        when=runbook.when,
        not_when=runbook.not_when,
        target=runbook.target.total_seconds(),
        owner=runbook.owner,
        version=runbook.version,
        reviewed=runbook.reviewed,
        valid_for=_seconds(runbook.valid_for),
        phases=[_phase(phase, runbook.owner) for phase in runbook.phases],
        stand_down=[compile_step(step, runbook.owner) for step in runbook.stand_down],
        decisions=[_decision(decision) for decision in runbook.decisions],
        stops=tuple(runbook.stops),
        activities=None if runbook.activities is None else tuple(runbook.activities),
    )


def _number(number: OfficeNumber, office: Office) -> PlanNumber:
    """The number, and what must be known of its provider to have it forwarded."""
    line = next((line for line in office.lines if line.line == number.line), None)
    told = line.model_dump(mode="json", exclude_none=True, include=_TO_CALL) if line else None
    return PlanNumber(number.model_dump(mode="json", exclude_none=True), told)


def _activity(activity: Activity) -> PlanActivity:
    return PlanActivity(
        activity=activity.activity,
        target=activity.target.total_seconds(),
        unbearable_after=activity.unbearable_after.total_seconds(),
        minimum=activity.minimum,
    )


def _seconds(length: timedelta | None) -> float | None:
    return length.total_seconds() if length else None


def _phase(phase: Phase, owner: str) -> PlanPhase:
    return PlanPhase(
        title=phase.phase,
        within=_seconds(phase.within),
        any_order=phase.any_order,
        pause=phase.pause,
        steps=[compile_step(step, owner) for step in phase.steps],
    )


def _acting(act: Acting, name: str, who: str) -> PlanStep:
    """What a step and an undo have in common."""
    action = act.action
    return PlanStep(
        id=name,
        title=act.title,
        who=who,
        by_hand=act.by_hand,
        kind=act.kind,
        params=action.model_dump(mode="json", by_alias=True, exclude_none=True),
        words=action.describe(),
        by_person=action.by_person,
        repeatable=action.is_repeatable(),
        auto=act.auto,
        length=action.length().total_seconds(),
        facts=tuple(action.facts()),
        promise=dict(action.promise()),
        finds=action.finds,
        expect=act.expect,
        result=act.result,
        warning=act.warning,
        only_if=None,
        sets=EMPTY,
        line=None,
        undo=None,
    )


def _decision(decision: Decision) -> PlanDecision:
    at = decision.at
    return PlanDecision(
        id=decision.decision,
        question=decision.question,
        at=f"{at:%H:%M}" if isinstance(at, time) else at.total_seconds(),
        answers=[PlanChoice(choice.answer, choice.runbook) for choice in decision.answers],
        default=decision.default,
        auto=decision.auto,
        who=decision.who,
        or_broken_promises=decision.or_broken_promises,
        or_cost=decision.or_cost,
    )
