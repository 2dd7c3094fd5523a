"""A decision that is due, put before the person: its answers with their numbers, and what each begins."""

from __future__ import annotations

from collections.abc import Sequence

from bcp.cli.terminal.keyboard import read_line
from bcp.cli.terminal.output import say
from bcp.i18n import _
from bcp.incident.operator import KeyPressed
from bcp.incident.step_view import DueDecision

LEAVE = "x"
"""The key that closes over a decision."""


def decided(decisions: Sequence[DueDecision]) -> KeyPressed | None:
    """Ask for the answer to a decision; where several are due, first which. None where the person goes back."""
    decision = decisions[0] if len(decisions) == 1 else _chosen(decisions)
    return answer_to(decision, _("Enter: go back, nothing is written")) if decision is not None else None


def answer_to(decision: DueDecision, on_enter: str, leave: str = "") -> KeyPressed | None:
    """Ask for one answer by its number or its name; a reason may follow it. None for an empty line.

    `on_enter` says what an empty line does; the word `leave` goes on and leaves it open.
    """
    say(decision.question, "bold")
    names = list(decision.answers)
    for number, (name, begins) in enumerate(decision.answers.items(), 1):
        then = _(" (goes on with: {title})").format(title=begins) if begins else ""
        say(f"  {number}  {name}{then}")
    question = _("Your answer. A reason may follow it: {example}   ({enter})")
    while typed := read_line(question.format(example=_("1 because …"), enter=on_enter)):
        word, _blank, reason = typed.partition(" ")
        name = names[int(word) - 1] if word.isdecimal() and 1 <= int(word) <= len(names) else word
        if leave and typed.casefold() == leave and leave not in decision.answers:
            return KeyPressed("go-on")
        if name in decision.answers:
            return KeyPressed("decide", reason.strip(), decision=decision.id, answer=name)
        say(_("  That is none of the answers. Nothing was written."), "yellow")
    return None


def _chosen(decisions: Sequence[DueDecision]) -> DueDecision | None:
    for number, each in enumerate(decisions, 1):
        say(f"  {number}  {each.question}", "bold")
    while typed := read_line(_("Which one? Its number   (Enter: go back, nothing is written)")):
        if typed.isdecimal() and 1 <= int(typed) <= len(decisions):
            return decisions[int(typed) - 1]
        say(_("  That is none of the numbers. Nothing was written."), "yellow")
    return None
