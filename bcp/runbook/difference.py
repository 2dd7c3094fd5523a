"""What a plan from elsewhere would do that our own would not, in lines made from what will be done.

A step is said by its action's own sentence; whatever else differs follows as the field and its value, quoted as JSON.
Nothing is said in the words that the other plan has for itself, and nothing is left out because it seems harmless.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bcp.errors import InputError
from bcp.i18n import _
from bcp.runbook.compiled import Plan, PlanDecision, PlanRunbook, PlanStep
from bcp.runbook.plan import action_of

_OFFICE = (
    "office",
    "people",
    "roles",
    "lines",
    "ways",
    "numbers",
    "published",
    "places",
    "activities",
    "clock",
)
_NOTHING: Any = object()


def false_flags(plan: Plan, more: Sequence[PlanStep] = ()) -> None:
    """Raises InputError for a step that says of itself what its action does not say, or whose action is none here."""
    steps = [step for runbook in plan.runbooks.values() for step in runbook.steps()]
    for step in [*steps, *more]:
        for each in filter(None, (step, step.undo)):
            _refuse_false(each)


def foreign_steps(theirs: Plan, ours: Plan | None) -> Iterator[str]:
    """Lines on all that differs in the steps and decisions of `theirs`; `ours` is None where we have no such plan."""
    for name, runbook in theirs.runbooks.items():
        own = ours.runbooks.get(name) if ours is not None else None
        yield from _of_runbook(name, runbook, own)


def foreign_office(theirs: Plan, ours: Plan | None) -> Iterator[str]:
    """Lines on people, lines, numbers and places that are not those of our bcp.yaml."""
    told, own = theirs.as_json(), ours.as_json() if ours is not None else {}
    for part in _OFFICE:
        yield from _fields(f"bcp.yaml: {part}", told[part], own.get(part, _NOTHING))


def foreign_step(step: PlanStep, own: PlanStep | None, where: str) -> Iterator[str]:
    """Lines on one step, its undo behind it; nothing where it is our own."""
    mine = _told(own) if own is not None else {}
    told = _told(step)
    if told != mine:
        alone = _("runs with nobody there") if step.auto else _("only when a person says so")
        yield _("{where}: {deed} ({alone})").format(where=where, deed=action_of(step).describe(), alone=alone)
        for field in dict.fromkeys((*told, *mine)):
            yield from _fields(f"    {field}", told.get(field, _NOTHING), mine.get(field, _NOTHING))
    if step.undo is not None:
        undo = own.undo if own is not None else None
        yield from foreign_step(step.undo, undo, _("to end it, {where}").format(where=where))
    elif own is not None and own.undo is not None:
        yield _("{where}: nothing ends it, and your own plan has a step for that").format(where=where)


def _refuse_false(step: PlanStep) -> None:
    try:
        action = action_of(step)
    except (KeyError, ValueError, TypeError):
        words = _("the step “{step}” does something that is not known here, so nothing was taken over")
        hint = _("update bcp; until then go on by hand from the printed sheet")
        raise InputError(words.format(step=step.id), hint) from None
    is_auto_of_person = step.auto and (action.by_person or action.asks_person)
    is_false = (step.by_person, step.repeatable) != (action.by_person, action.is_repeatable())
    if is_false or is_auto_of_person:
        words = _("the step “{step}” says of itself what is not so ({action}), so nothing was taken over")
        hint = _("Somebody changed this file. Ask for a new file: bcp incident hand-over FILE")
        raise InputError(words.format(step=step.id, action=step.kind), hint)


def _of_runbook(name: str, theirs: PlanRunbook, ours: PlanRunbook | None) -> Iterator[str]:
    of_plan = _("plan “{plan}”").format(plan=name)
    if ours is None:
        yield _("{where}: this office has no plan of that name").format(where=of_plan)
    own = {step.id: step for step in ours.steps()} if ours is not None else {}
    for step in theirs.steps():
        where = _("step “{step}” of the {plan}").format(step=step.id, plan=of_plan)
        yield from foreign_step(step, own.get(step.id), where)
    for missing in own.keys() - {step.id for step in theirs.steps()}:
        yield _("{where}: the step “{step}” of your own plan is not in it").format(
            where=of_plan, step=missing
        )
    decided = {each.id: each for each in ours.decisions} if ours is not None else {}
    for decision in theirs.decisions:
        where = _("decision “{decision}” of the {plan}").format(decision=decision.id, plan=of_plan)
        yield from _of_decision(decision, decided.pop(decision.id, None), where)
    for left in decided:
        yield _("{where}: your own plan asks the decision “{decision}”").format(where=of_plan, decision=left)
    yield from _fields(f"    {of_plan}", _frame(theirs), _frame(ours) if ours is not None else _NOTHING)


def _of_decision(theirs: PlanDecision, ours: PlanDecision | None, where: str) -> Iterator[str]:
    told, own = theirs.as_json(), ours.as_json() if ours is not None else {}
    if told == own:
        return
    begins = next((choice.runbook for choice in theirs.answers if choice.answer == theirs.default), None)
    if theirs.auto and begins:
        words = _("{where}: with nobody there it begins the plan “{begins}”")
    else:
        words = _("{where}: a person is asked")
    yield words.format(where=where, begins=begins)
    for field in dict.fromkeys((*told, *own)):
        yield from _fields(f"    {field}", told.get(field, _NOTHING), own.get(field, _NOTHING))


def _told(step: PlanStep) -> dict[str, Any]:
    """All that a step is, but what its action says of it anyway; the fields of the action as this version has them."""
    told = step.as_json()
    for name in ("id", "undo", "words", "by_person", "repeatable", "params", "kind"):
        told.pop(name, None)
    params = action_of(step).model_dump(mode="json", by_alias=True, exclude_none=True)
    plain: dict[str, Any] = _plain({step.kind: params, **told})
    return plain


def _frame(runbook: PlanRunbook) -> Any:
    """What holds the steps, and what a sheet says of when to begin; not when it was reviewed."""
    phases = [{**phase.as_json(), "steps": [step.id for step in phase.steps]} for phase in runbook.phases]
    closing = [step.id for step in runbook.stand_down]
    frame = {
        name: getattr(runbook, name) for name in ("title", "when", "not_when", "target", "stops", "owner")
    }
    return _plain({**frame, "phases": phases, "stand_down": closing})


def _fields(path: str, theirs: Any, ours: Any) -> Iterator[str]:
    """A line for each value that differs, with the way to it: `ways: mobile: use: "x"  (yours: "y")`."""
    if theirs is not _NOTHING and ours is not _NOTHING:
        theirs, ours = _plain(theirs), _plain(ours)
        if theirs == ours:
            return
        if isinstance(theirs, Mapping) and isinstance(ours, Mapping):
            for key in dict.fromkeys((*theirs, *ours)):
                yield from _fields(f"{path}: {key}", theirs.get(key, _NOTHING), ours.get(key, _NOTHING))
            return
        if isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
            for number, (their, our) in enumerate(zip(theirs, ours, strict=True), 1):
                yield from _fields(f"{path}: {number}", their, our)
            return
    if theirs is _NOTHING:
        yield _("{field}: not there (yours: {own})").format(field=path, own=_quoted(ours))
    elif ours is _NOTHING:
        if theirs not in (None, "", [], {}, False):
            yield f"{path}: {_quoted(theirs)}"
    else:
        yield _("{field}: {value} (yours: {own})").format(
            field=path, value=_quoted(theirs), own=_quoted(ours)
        )


def _plain(value: Any) -> Any:
    """As JSON gives it back, so that a tuple is a list."""
    return json.loads(json.dumps(value))


def _quoted(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
