"""Which facts a step of a plan can know, by the steps before it, and which values they can have then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bcp.action.base import Loc
from bcp.errors import Mistake
from bcp.fact import FOUND, Fact
from bcp.runbook.load import LoadedRunbook
from bcp.runbook.model import Acting, Condition, Step
from bcp.yaml.near import did_you_mean, near_or_all
from bcp.yaml.source import YamlDocument

ANY_FACT = "*"
"""Stands for every fact, in the place of those of a runbook that cannot be read."""


def set_by(act: Acting) -> dict[str, Fact]:
    """The facts that an action sets; what this computer finds stays known by a name of its own."""
    own = {fact.name: fact for fact in act.action.facts()}
    return own | {name + FOUND: fact for name, fact in own.items() if act.action.finds}


def learn(known: dict[str, Fact], found: Mapping[str, Fact]) -> None:
    """Take note of facts that a later step may set once more: what they were before stays possible.

    A step may not apply, or be skipped, so a fact is never only what the last step makes of it.
    """
    for name, fact in found.items():
        before = known.get(name)
        if before is None or before.values == fact.values:
            known[name] = fact
        elif before.values and fact.values:
            known[name] = Fact(name, choices=tuple(dict.fromkeys((*before.values, *fact.values))))
        else:
            known[name] = Fact(name)


def learn_from(known: dict[str, Fact], act: Acting) -> None:
    """Take note of what is known once a step, or its undo, is done."""
    learn(known, set_by(act))
    if isinstance(act, Step):
        learn(known, {name: Fact(name, choices=(value,)) for name, value in act.sets.items()})


def facts_of(name: str, runbooks: Mapping[str, LoadedRunbook], entered: set[str]) -> dict[str, Fact]:
    """The facts that a sub-runbook, and those that it enters, may set; `entered` are those that lead to it."""
    found: dict[str, Fact] = {}
    if name in entered:
        return found
    if name not in runbooks:
        return {ANY_FACT: Fact(ANY_FACT)}
    for _loc, act in runbooks[name].model.acts():
        learn_from(found, act)
        for ref in act.action.refs():
            if ref.kind == "runbook":
                learn(found, facts_of(ref.name, runbooks, {*entered, name}))
    return found


def lacks(known: Mapping[str, Fact], name: str) -> bool:
    """Whether no earlier step sets a fact; nobody knows where one of them enters a runbook that cannot be read."""
    return name not in known and ANY_FACT not in known


def unknown_fact(document: YamlDocument, loc: Loc, name: str, known: Iterable[str]) -> Mistake:
    """That no earlier step sets a fact."""
    hint = (
        did_you_mean(name, known)
        or f"let an earlier step ask for it: ask: {{questions: [{{fact: {name}, …}}]}}"
    )
    return document.mistake(loc, f'no earlier step sets the fact "{name}"', hint)


def never_holds(
    document: YamlDocument, loc: Loc, condition: Condition, known: Mapping[str, Fact]
) -> Iterator[Mistake]:
    """The values of a condition that can never be: nothing leads to its step by them."""
    possible: tuple[str, ...] = ("up", "down")
    subject = "a check"
    if condition.fact is not None:
        if condition.fact not in known:
            if lacks(known, condition.fact):
                yield unknown_fact(document, (*loc, "fact"), condition.fact, known)
            return
        possible, subject = known[condition.fact].values, f'the fact "{condition.fact}"'
    for value in condition.values:
        if possible and value not in possible:
            words = f'{subject} is never "{value}"'
            yield document.mistake((*loc, "is"), words, near_or_all(value, possible, "possible"))
