"""Plays the person in a drill, from an answers file; and the looks of a rehearsal, where the wanted is assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from bcp.action.base import Diagnosed, Look, State
from bcp.errors import SourceError
from bcp.fact import Fact, Place, example, read_answer
from bcp.fields import Model, Text
from bcp.incident.guide import Choice, Guide, Key
from bcp.incident.screen import StepView
from bcp.source import Reader
from bcp.verdict import Verdict

ASSUMED_VERDICT: Verdict = "isp-down"
"""The most frequent one, and the one that leads through the most steps."""

Outcome = Literal["done", "failed", "skipped", "not-applicable", "deferred", "by-hand"]


class StepAnswer(Model):
    """What the person says of one step."""

    outcome: Outcome = "done"
    note: Text | None = None
    facts: dict[str, Text] = Field(default_factory=dict)


def _short_form(value: Any) -> Any:
    """`call: skipped` is short for `call: {outcome: skipped}`; other keys of a mapping are facts."""
    if isinstance(value, str):
        return {"outcome": value}
    if isinstance(value, dict):
        own = {key: each for key, each in value.items() if key in StepAnswer.model_fields}
        facts = {key: each for key, each in value.items() if key not in StepAnswer.model_fields}
        return {**own, "facts": {**own.get("facts", {}), **facts}}
    return value


class Answers(Model):
    """An answers file: `default`, `checks`, `verdict`, and under `steps` (or at the top) a word for each step."""

    default: Outcome = "done"
    checks: dict[str, Literal["up", "down", "inconclusive"]] = Field(default_factory=dict)
    verdict: Verdict | None = None
    steps: dict[str, Annotated[StepAnswer, BeforeValidator(_short_form)]] = Field(default_factory=dict)


def load_answers(path: Path) -> Answers:
    """Read an answers file; steps may stand at its top. Raises SourceError with every mistake."""
    reader = Reader()
    document = reader.document(path, str(path))
    if document is not None and isinstance(document.data, dict):
        own = {key: value for key, value in document.data.items() if key in Answers.model_fields}
        top = {key: value for key, value in document.data.items() if key not in Answers.model_fields}
        steps = own.get("steps")
        if top and (steps is None or isinstance(steps, dict)):
            document.data = {**own, "steps": {**(steps or {}), **top}}
    answers = reader.model(document, Answers) if document is not None else None
    if answers is None:
        raise SourceError(reader.mistakes)
    return answers


@dataclass
class Player:
    """Says of each step what the answers say, else their default; an open question gets an example value.

    `rest` is asked where the answers are silent, and may be a real person; `troubles` gathers the steps that
    could not be simulated.
    """

    answers: Answers
    place: Place
    talk: Guide
    attended: bool = True
    troubles: dict[str, str] = field(default_factory=dict)
    _at: str = ""

    def choose(self, view: StepView) -> Choice:
        """The answer for the step that is shown; what fails in a rehearsal is not tried twice."""
        self._at = view.id
        told = self.answers.steps.get(view.id)
        outcome: str = told.outcome if told is not None else self.answers.default
        note = (told.note if told is not None else None) or "answered by the script"
        if view.mood == "failed":
            self.troubles[view.id] = view.why
            outcome, note = (
                (outcome, note) if told is not None and outcome != "done" else ("failed", view.why)
            )
        elif view.mood in ("wait", "doubt") and outcome == "done":
            outcome, note = "by-hand", "not waited for in a rehearsal"
        key: Key = "do" if outcome == "done" else outcome  # type: ignore[assignment]
        mark = "DRILL  " if view.drill else ""
        self.talk.tell(f"{mark}{view.number}. {view.title}: {outcome}")
        return Choice(key, "" if key == "do" else note)

    def ask(self, fact: Fact) -> str | None:
        """The scripted value, else the verdict, else an example of the fact's type."""
        told = self.answers.steps.get(self._at)
        given = told.facts.get(fact.name) if told is not None else None
        if given is None and fact.name == "verdict":
            given = self.answers.verdict
        if given is None:
            return example(fact, self.place)
        return read_answer(fact, given, self.place)

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
