"""Plays the person in a drill, from an answers file; and the looks of a rehearsal, where the wanted is assumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, PrivateAttr

from bcp.action.base import Diagnosed, Look, State
from bcp.errors import Mistake, SourceError
from bcp.fact import Fact, Place, example, read_answer
from bcp.incident.answer import read_fact
from bcp.incident.operator import Key, KeyPressed, StepUI
from bcp.incident.step_view import StepView
from bcp.runbook.compiled import Plan, PlanStep
from bcp.verdict import Verdict
from bcp.yaml.near import near_or_all
from bcp.yaml.source import Reader, YamlDocument
from bcp.yaml.types import Model, Text

ASSUMED_VERDICT: Verdict = "isp-down"
"""The most frequent one, and the one that leads through the most steps."""

Outcome = Literal["done", "failed", "skipped", "not-applicable", "deferred", "by-hand"]


class StepAnswer(Model):
    """What the person says of one step; keys besides `outcome` and `note` are facts that it asks for."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, Text]

    outcome: Outcome = "done"
    note: Text | None = None

    @property
    def facts(self) -> dict[str, str]:
        """The answers to its questions."""
        return self.__pydantic_extra__


def _short_form(value: Any) -> Any:
    """`call: skipped` is short for `call: {outcome: skipped}`."""
    return {"outcome": value} if isinstance(value, str) else value


class Answers(Model):
    """An answers file: `default`, `checks` and `verdict`; every other key is the address of a step."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, Annotated[StepAnswer, BeforeValidator(_short_form)]]

    default: Outcome = "done"
    checks: dict[str, Literal["up", "down", "inconclusive"]] = Field(default_factory=dict)
    verdict: Verdict | None = None

    _document: YamlDocument | None = PrivateAttr(default=None)

    @property
    def steps(self) -> dict[str, StepAnswer]:
        """What is said of single steps, by their addresses."""
        return self.__pydantic_extra__

    def refuse_strange(self, plan: Plan, place: Place) -> None:
        """Raises SourceError with every answer that the runbook of `plan` does not ask for or cannot take.

        A slip of the pen must not become a step that is "done".
        """
        mistakes = list(self._strange(self._document, plan, place)) if self._document is not None else []
        if mistakes:
            raise SourceError(mistakes, given=True)

    def _strange(self, document: YamlDocument, plan: Plan, place: Place) -> Iterator[Mistake]:
        steps = steps_by_address(plan, plan.root)
        for address, told in self.steps.items():
            if address in steps:
                asked = {fact.name: fact for fact in steps[address].facts}
                for name, words, hint in _strange_facts(told.facts, asked, place):
                    yield document.mistake((address, name), words, hint)
            else:
                hint = near_or_all(address, steps, "the steps")
                words = f'this runbook has no step "{address}"'
                yield document.mistake((address,), words, hint, key=True)


def load_answers(path: Path) -> Answers:
    """Read an answers file. Raises SourceError with every mistake."""
    reader = Reader()
    document = reader.document(path, str(path))
    answers = reader.model(document, Answers) if document is not None else None
    if document is None or answers is None:
        raise SourceError(reader.mistakes, given=True)
    answers._document = document
    return answers


def _strange_facts(
    given: Mapping[str, str], asked: Mapping[str, Fact], place: Place
) -> Iterator[tuple[str, str, str]]:
    """Each fact that is not asked for or cannot be read: its name, what is wrong, a hint."""
    for name, typed in given.items():
        if name not in asked:
            hint = near_or_all(name, ["outcome", "note", *asked], "known keys")
            yield name, f'the step does not ask for "{name}"', hint
            continue
        try:
            read_answer(asked[name], typed, place._replace(rolls=True))
        except ValueError as error:
            yield name, str(error), ""


def steps_by_address(plan: Plan, runbook: str, prefix: str = "") -> dict[str, PlanStep]:
    """Every step that a runbook can come to, by its address: undos, stand-down, and what it enters."""
    found: dict[str, PlanStep] = {}
    for step in plan.runbooks[runbook].steps():
        for each in filter(None, (step, step.undo)):
            address = prefix + each.id
            found[address] = each
            if each.kind == "runbook":
                found |= steps_by_address(plan, each.params["runbook"], f"{address}/")
    return found


@dataclass
class DrillScript:
    """Says of each step what the answers say, else their default; an open question gets an example value.

    `talk` hears what happens, and may be a real person; `troubles` gathers the steps that could not be simulated.
    """

    answers: Answers
    place: Place
    talk: StepUI
    attended: bool = True
    troubles: dict[str, str] = field(default_factory=dict)
    _at: str = ""

    def choose(self, view: StepView) -> KeyPressed:
        """The answer for the step that is shown; what fails in a rehearsal is not tried twice."""
        self._at = view.id
        told = self.answers.steps.get(view.id)
        outcome: str = told.outcome if told is not None else self.answers.default
        note = (told.note if told is not None else None) or "answered by the script"
        if view.mood == "failed":
            is_wanted = told is not None and outcome != "done"
            if not is_wanted:
                self.troubles[view.id] = " · ".join(filter(None, (view.why, view.hint)))
                outcome, note = "failed", view.why
        elif view.mood in ("wait", "doubt") and outcome == "done":
            outcome, note = "by-hand", "not waited for in a rehearsal"
        key: Key = "do" if outcome == "done" else outcome  # type: ignore[assignment]
        mark = "DRILL  " if view.drill else ""
        self.talk.tell(f"{mark}{view.number}. {view.title}: {outcome}")
        return KeyPressed(key, "" if key == "do" else note)

    def ask(self, fact: Fact) -> str | None:
        """The scripted value, else the verdict, else an example of the fact's type."""
        told = self.answers.steps.get(self._at)
        given = told.facts.get(fact.name) if told is not None else None
        if given is None and fact.name == "verdict":
            given = self.answers.verdict
        if given is None:
            return example(fact, self.place)
        return read_fact(fact, given, self.place._replace(rolls=True))

    def tell(self, text: str) -> None:
        """Pass it on to the screen."""
        self.talk.tell(text)


class AssumedLooks:
    """The looks of a rehearsal: what is wanted is assumed, unless the answers say otherwise."""

    def __init__(self, checks: Mapping[str, State], verdict: Verdict | None = None) -> None:
        """`checks` gives the state of some checks, `verdict` what diagnosis says."""
        self._checks = checks
        self._verdict = verdict or ASSUMED_VERDICT

    def look(self, check: str, within: timedelta, wanted: State) -> Look:
        """Look at nothing."""
        return Look(self._checks.get(check, wanted), "assumed, nothing was looked at", assumed=True)

    def diagnose(self) -> Diagnosed:
        """Look at nothing."""
        return Diagnosed(self._verdict, ("assumed, nothing was looked at",), assumed=True)
