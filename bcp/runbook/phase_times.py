"""Whether the times of a plan add up: each phase ends `within` a time from the start, and the plan has its target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from bcp.errors import Mistake
from bcp.runbook.load import LoadedRunbook
from bcp.runbook.model import Phase, Step
from bcp.times import write_duration

_NOTHING = timedelta(0)


def impossible_times(loaded: LoadedRunbook, runbooks: Mapping[str, LoadedRunbook]) -> Iterator[Mistake]:
    """The phases that are to be over before one before them is, or before all waiting up to their end is done."""
    document, phases = loaded.document, loaded.model.phases
    waited, before, too_long = _NOTHING, (_NOTHING, ""), False
    for index, phase in enumerate(phases):
        waited += _least_of(phase, runbooks, (loaded.model.runbook,))
        if phase.within is None:
            continue
        within, at = write_duration(phase.within), ("phases", index, "within")
        if phase.within < before[0]:
            words = (
                f'this phase is to be over {within} after the start, and "{before[1]}" before it only after '
            )
            hint = "each counts from the start of the incident: write the longer time here, or change their order"
            yield document.mistake(at, words + write_duration(before[0]), hint)
        if waited > phase.within and not too_long:
            too_long = True
            waits = f"up to the end of this phase the plan waits {write_duration(waited)}"
            hint = "write a longer time, or wait less; steps with only_if are not counted"
            yield document.mistake(at, f"{waits}, and it is to be over {within} after the start", hint)
        before = max(before, (phase.within, phase.phase))
    target = loaded.model.target
    if waited > target and not too_long:
        words = f"the plan waits {write_duration(waited)} in all, and its target is {write_duration(target)}"
        yield document.mistake(("target",), words, "write a longer target, or wait less")


def past_target(loaded: LoadedRunbook) -> Iterator[Mistake]:
    """The first phase that may last longer than the whole plan is to take."""
    target = loaded.model.target
    for index, phase in enumerate(loaded.model.phases):
        if phase.within is None or phase.within <= target:
            continue
        late = write_duration(phase.within - target)
        words = (
            f'"{phase.phase}" may last until {write_duration(phase.within)} after the start, '
            f"and the target of the plan is {write_duration(target)}: {late} too late"
        )
        hint = (
            f"write target: {write_duration(phase.within)} if all of it may take so long; else less time here, "
            "or put what is no hurry below stand_down"
        )
        yield loaded.document.mistake(("phases", index, "within"), words, hint)
        return


def _least_of(phase: Phase, runbooks: Mapping[str, LoadedRunbook], entered: tuple[str, ...]) -> timedelta:
    """The time that passes in any case in a phase; what may be done at once passes at once."""
    each = [_least(step, runbooks, entered) for step in phase.steps if step.only_if is None]
    return max(each, default=_NOTHING) if phase.any_order else sum(each, _NOTHING)


def _least(step: Step, runbooks: Mapping[str, LoadedRunbook], entered: tuple[str, ...]) -> timedelta:
    """The time that passes in any case while a step, or the plan that it enters, is carried out."""
    found = step.action.least()
    for ref in step.action.refs():
        if ref.kind == "runbook" and ref.name in runbooks and ref.name not in entered:
            phases = runbooks[ref.name].model.phases
            found += sum((_least_of(phase, runbooks, (*entered, ref.name)) for phase in phases), _NOTHING)
    return found
