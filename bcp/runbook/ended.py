"""Whether all that a plan switches on is switched off again: by the step's own undo, or by a later step."""

from __future__ import annotations

from collections.abc import Iterator

from bcp.errors import Mistake
from bcp.runbook.load import LoadedRunbook


def wrongly_ended(loaded: LoadedRunbook) -> Iterator[Mistake]:
    """The undos that end something else than what their steps switched on, which would stay on behind them."""
    for loc, step in loaded.model.steps():
        on = step.action.switches_on()
        off = step.undo.action.switches_off() if step.undo is not None else ""
        if step.undo is not None and on and off and on != off:
            words = f'this undo ends the {off}, and "{step.step}" switches on the {on}'
            hint = "write the same name in both: the one that the step has is the one to end"
            yield loaded.document.mistake((*loc, "undo", step.undo.kind), words, hint)


def never_ended(loaded: LoadedRunbook) -> Iterator[Mistake]:
    """The steps that switch something on which nothing in the plan switches off: nobody would be reminded of it."""
    runbook = loaded.model
    closing = {step.action.switches_off() for step in runbook.stand_down}
    for number, phase in enumerate(runbook.phases):
        for index, step in enumerate(phase.steps):
            on = step.action.switches_on()
            if not on or step.undo is not None or on in closing:
                continue
            words = f'what "{step.step}" switches on stays on for ever: it has no undo'
            hint = f"add an undo: with a title, by_hand, and {step.kind}: {{…}} that ends it"
            yield loaded.document.mistake(
                ("phases", number, "steps", index, step.kind), words, hint, key=True
            )
