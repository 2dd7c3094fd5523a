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
    ended: set[str] = set()
    found: list[Mistake] = []
    for loc, step in reversed(list(loaded.model.steps())):
        on = step.action.switches_on()
        if on and step.undo is None and on not in ended and loc[0] == "phases":
            words = f'what "{step.step}" switches on stays on for ever: it has no undo'
            hint = f"add an undo: with a title, by_hand, and {step.kind}: {{…}} that ends it"
            found.append(loaded.document.mistake((*loc, step.kind), words, hint, key=True))
        ended.add(step.action.switches_off())
    yield from reversed(found)
