"""Whether the facts of a plan serve: none is set for nothing, none is told where it can never be known."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from bcp.action.base import Loc
from bcp.errors import Mistake
from bcp.fact import FOUND
from bcp.fact_template import mentions
from bcp.runbook.known_facts import ANY_FACT, facts_of
from bcp.runbook.load import LoadedRunbook
from bcp.runbook.model import Acting, Condition, Runbook, Step
from bcp.yaml.near import did_you_mean


def used_in(runbook: Runbook) -> set[str]:
    """The facts that the conditions and texts of a plan go by."""
    found: set[str] = set()
    for _loc, act in runbook.acts():
        found.update(name for _at, name in _told(act))
        if isinstance(act, Step) and act.only_if is not None and act.only_if.fact is not None:
            found.add(act.only_if.fact)
    return found | {name.removesuffix(FOUND) for name in found}


def never_used(loaded: LoadedRunbook, used: Collection[str]) -> Iterator[Mistake]:
    """The facts that a step `sets` and nothing goes by; `used` are those that something does.

    What a question finds out is no such fact: the answer itself is what the record is kept for.
    """
    for loc, step in loaded.model.steps():
        for name in step.sets:
            if name not in used:
                words = f'nothing goes by the fact "{name}": no only_if, no text, no notice'
                hint = did_you_mean(name, used) or "take it away, or let a later step have only_if: {fact: …}"
                yield loaded.document.mistake((*loc, "sets", name), words, hint, key=True)


class _Setter(NamedTuple):
    """A step that sets a fact: the how manieth act of the plan it is, and when it applies (None: always)."""

    number: int
    step: str
    only_if: Condition | None


def never_known(loaded: LoadedRunbook, runbooks: Mapping[str, LoadedRunbook]) -> Iterator[Mistake]:
    """The texts that tell a fact which only steps find out that never apply together with this one."""
    setters: dict[str, list[_Setter]] = {}
    applies: Condition | None = None
    for number, (loc, act) in enumerate(loaded.model.acts()):
        # An undo is only done where its step was.
        applies = act.only_if if isinstance(act, Step) else applies
        for at, name in _told(act):
            known = [] if ANY_FACT in setters else setters.get(name.removesuffix(FOUND), [])
            if known and all(_excludes(applies, each, setters) for each in known):
                first = known[0]
                assert first.only_if is not None
                assert applies is not None
                words = (
                    f'"{name}" is never known here: "{first.step}" finds it out only where {applies.fact} is '
                    f"{' or '.join(first.only_if.values)}"
                )
                hint = "let a step before this one find it out, too, or leave it out here"
                yield loaded.document.mistake((*loc, *at), words, hint)
        for name in _set_by(act, loaded.model.runbook, runbooks):
            own = act.step if isinstance(act, Step) else ""
            setters.setdefault(name, []).append(_Setter(number, own, applies))


def _excludes(here: Condition | None, setter: _Setter, setters: Mapping[str, list[_Setter]]) -> bool:
    """Whether a step with the condition `here` is never done where `setter` was, by one fact that stays as it is."""
    there = setter.only_if
    if here is None or there is None or here.fact is None or here.fact != there.fact:
        return False
    if set(here.values) & set(there.values):
        return False
    return all(each.number < setter.number for each in setters.get(here.fact, ()))


def _told(act: Acting) -> Iterator[tuple[Loc, str]]:
    """The facts that its texts tell, each with its place."""
    texts: list[tuple[Loc, str]] = [(("title",), act.title), (("by_hand",), act.by_hand)]
    texts += [((act.kind, *at), text) for at, text in act.action.texts()]
    for at, text in texts:
        yield from ((at, name) for name in mentions(text))


def _set_by(act: Acting, plan: str, runbooks: Mapping[str, LoadedRunbook]) -> Iterator[str]:
    """The facts that it finds out or sets, also by the steps of a plan that it enters."""
    yield from (fact.name for fact in act.action.facts())
    if isinstance(act, Step):
        yield from act.sets
    for ref in act.action.refs():
        if ref.kind == "runbook":
            yield from facts_of(ref.name, runbooks, {plan})
