"""When a step applies, in words of the plan: by the answer to its question, by a cause, by what was done before."""

from __future__ import annotations

from collections.abc import Iterable

from bcp.i18n import _
from bcp.runbook.compiled import PlanCondition, PlanStep
from bcp.verdict import meanings

_VERDICT = "verdict"


def condition_said(condition: PlanCondition | None, steps: Iterable[PlanStep]) -> str:
    """`only if the answer to “Where does it come from?” is pipe or unknown`; nothing for a step that always applies."""
    if condition is None:
        return ""
    if condition.fact is None:
        words = _('only if the check "{check}" is {values}')
        return words.format(check=condition.check, values=_either(condition.values))
    if condition.fact.removesuffix("_found") == _VERDICT:
        explained = meanings()
        causes = [
            f"{value} ({explained[value]})" if value in explained else value for value in condition.values
        ]
        return _("only if the cause is {values}").format(values=_either(causes))
    every = list(steps)
    for step in every:
        if step.sets.get(condition.fact) in condition.values:
            return _("only if this was done: {title}").format(title=step.title)
    for step in every:
        for fact in step.facts:
            if fact.name == condition.fact:
                words = _("only if the answer to “{question}” is {values}")
                return words.format(question=fact.ask, values=_either(map(_said, condition.values)))
    return _("only if {fact} is {values}").format(fact=condition.fact, values=_either(condition.values))


def _said(value: str) -> str:
    return {"yes": _("yes"), "no": _("no")}.get(value, value)


def _either(values: Iterable[str]) -> str:
    return _(" or ").join(values)
