"""Plan: a runbook and all it can reach, compiled to plain data that an incident keeps and needs nothing else to read.

The shape (JSON; lengths in seconds, times of day as `HH:MM`):

    {format, root, office: {name, language, country, timezone}, people: {id: {name, phone}},
     roles: {id: {title, people: [id]}}, lines: {id: {…}}, ways: {id: {…}},
     numbers: [{number: {…}, line: {…}}], published: [{…}], places: {id: {…}},
     activities: [{activity, target, unbearable_after, minimum}], clock: {remind_measures_after, long_outage},
     runbooks: {id: {title, when, not_when, target, owner, version, reviewed, valid_for,
                     phases, stand_down, decisions}}}

    phase: {phase, within, any_order, pause, steps}
    step:  {id, title, who, by_hand, kind, params, words, by_person, repeatable, auto, length, facts, promise,
            only_if, sets, expect, result, warning, line, undo}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import time, timedelta
from typing import Any

from bcp.action.base import Action
from bcp.office.model import Activity, Office
from bcp.office.number import OfficeNumber
from bcp.registry import kind
from bcp.runbook.load import Loaded
from bcp.runbook.model import ACTIONS, Acting, Decision, Phase, Runbook, Step

FORMAT = 1
_TO_SWITCH = {"line", "title", "number", "way", "sim_expires", "data_left", "credit"}
_TO_CALL = {"line", "title", "provider", "contract", "line_id", "support", "portal", "number"}
_NOT_SHOWN = {"line", "way", "sim_expires", "data_left", "credit"}


def reach(root: str, runbooks: Mapping[str, Loaded]) -> list[str]:
    """The ids of `root` and of every runbook that it can lead to, in the order in which they are met."""
    met: list[str] = []
    todo = [root]
    while todo:
        name = todo.pop(0)
        if name in met or name not in runbooks:
            continue
        met.append(name)
        todo.extend(leads_to(runbooks[name].runbook))
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


def compile_plan(root: str, runbooks: Mapping[str, Loaded], office: Office) -> dict[str, Any]:
    """The plan of an incident that starts with the runbook `root`."""
    reached = [runbooks[name].runbook for name in reach(root, runbooks)]
    lines = {_line_of(step) for runbook in reached for _loc, step in runbook.steps()}
    return {
        "format": FORMAT,
        "root": root,
        "office": office.model_dump(mode="json", include={"name", "language", "country", "timezone"}),
        "people": {who.person: {"name": who.name, "phone": who.phone} for who in office.people},
        "roles": {
            role.role: {"title": role.title, "people": [role.owner, *role.deputies]} for role in office.roles
        },
        "lines": {
            line.line: line.model_dump(mode="json", exclude_none=True, exclude=_NOT_SHOWN)
            for line in office.lines
            if line.line in lines
        },
        "ways": {
            line.line: line.model_dump(mode="json", exclude_none=True, include=_TO_SWITCH)
            for line in office.lines
        },
        "numbers": [_number(number, office) for number in office.numbers],
        "published": [place.model_dump(mode="json", exclude_none=True) for place in office.published],
        "places": {place.place: place.model_dump(mode="json", exclude_none=True) for place in office.places},
        "activities": [_activity(each) for each in office.activities],
        "clock": {
            "remind_measures_after": _seconds(office.remind_measures_after),
            "long_outage": office.long_outage.total_seconds(),
        },
        "runbooks": {runbook.runbook: _runbook(runbook) for runbook in reached},
    }


def texts_of(plan: Mapping[str, Any], runbooks: Mapping[str, Loaded]) -> dict[str, str]:
    """The texts of the files that `plan` was compiled from, by their names in the office folder."""
    return {runbooks[name].document.shown: runbooks[name].document.text for name in plan["runbooks"]}


def compile_step(step: Step, owner: str) -> dict[str, Any]:
    """One step as plain data, with its undo; a step that names nobody is for the runbook's owner."""
    who = step.who or owner
    return {
        **_acting(step, who),
        "id": step.step,
        "only_if": step.only_if.model_dump(mode="json", by_alias=True, exclude_none=True)
        if step.only_if
        else None,
        "sets": dict(step.sets),
        "line": _line_of(step),
        "undo": {**_acting(step.undo, step.undo.who or who), "id": f"{step.step}.undo"}
        if step.undo
        else None,
    }


def action_of(step: Mapping[str, Any]) -> Action:
    """The action of a compiled step, ready to run."""
    made: Action = kind(ACTIONS, step["kind"]).model_validate(step["params"])
    return made


def _line_of(step: Step) -> str | None:
    return step.line or step.action.about()


def _runbook(runbook: Runbook) -> dict[str, Any]:
    return {
        "title": runbook.title,
        "when": runbook.when,
        "not_when": runbook.not_when,
        "target": runbook.target.total_seconds(),
        "owner": runbook.owner,
        "version": runbook.version,
        "reviewed": runbook.reviewed,
        "valid_for": _seconds(runbook.valid_for),
        "phases": [_phase(phase, runbook.owner) for phase in runbook.phases],
        "stand_down": [compile_step(step, runbook.owner) for step in runbook.stand_down],
        "decisions": [_decision(decision) for decision in runbook.decisions],
    }


def _number(number: OfficeNumber, office: Office) -> dict[str, Any]:
    """The number, and what must be known of its provider to have it forwarded."""
    line = next((line for line in office.lines if line.line == number.line), None)
    told = line.model_dump(mode="json", exclude_none=True, include=_TO_CALL) if line else None
    return {"number": number.model_dump(mode="json", exclude_none=True), "line": told}


def _activity(activity: Activity) -> dict[str, Any]:
    return {
        "activity": activity.activity,
        "target": activity.target.total_seconds(),
        "unbearable_after": activity.unbearable_after.total_seconds(),
        "minimum": activity.minimum,
    }


def _seconds(length: timedelta | None) -> float | None:
    return length.total_seconds() if length else None


def _phase(phase: Phase, owner: str) -> dict[str, Any]:
    return {
        "phase": phase.phase,
        "within": _seconds(phase.within),
        "any_order": phase.any_order,
        "pause": phase.pause,
        "steps": [compile_step(step, owner) for step in phase.steps],
    }


def _acting(act: Acting, who: str) -> dict[str, Any]:
    action = act.action
    return {
        "title": act.title,
        "who": who,
        "by_hand": act.by_hand,
        "kind": act.kind,
        "params": action.model_dump(mode="json", by_alias=True, exclude_none=True),
        "words": action.words(),
        "by_person": action.by_person,
        "repeatable": action.is_repeatable(),
        "auto": act.auto,
        "length": action.length().total_seconds(),
        "facts": [asdict(fact) for fact in action.facts()],
        "promise": dict(action.promise()),
        "expect": act.expect,
        "result": act.result,
        "warning": act.warning,
    }


def _decision(decision: Decision) -> dict[str, Any]:
    at = decision.at
    return {
        **decision.model_dump(mode="json", exclude_none=True, exclude={"at", "decision"}),
        "id": decision.decision,
        "at": f"{at:%H:%M}" if isinstance(at, time) else at.total_seconds(),
    }
