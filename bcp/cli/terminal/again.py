"""Asks the questions of a step again; what a person is asked with is loaded when somebody is there to be asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bcp.cli.terminal.output import is_attended
from bcp.fact import NOT_KNOWN, Place
from bcp.incident.state import StepState


def ask_again(place: Callable[[], Place]) -> Callable[[StepState, Mapping[str, str]], dict[str, str] | None]:
    """Asks the person at this terminal with the answers that are known; `?` for what nobody knows, None without one."""

    def ask(step: StepState, last: Mapping[str, str]) -> dict[str, str] | None:
        if not is_attended():
            return None
        from bcp.cli.terminal.guide import Terminal

        again = Terminal(place).ask_again(step.plan.facts, last)
        return {**again.facts, **dict.fromkeys(again.unknown, NOT_KNOWN)}

    return ask
