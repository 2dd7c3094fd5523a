"""ask: questions to a person; each answer becomes a fact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable
from typing import ClassVar

from pydantic import ConfigDict, Field, model_validator

from bcp.action.base import Action, Deed, Done, Tools
from bcp.fact import Fact, FactType, not_known_words
from bcp.i18n import _
from bcp.yaml.keyed import fail, told
from bcp.yaml.rules import SAID_YES, Rule
from bcp.yaml.types import FactName, Line, Model, Text

_OF_ITS_TYPE: Rule = {
    "allOf": [
        {
            "if": {"required": ["type"], "properties": {"type": {"const": "choice"}}},
            "then": {"required": ["choices"], "properties": {"choices": {"minItems": 2}}},
            "else": {"properties": {"choices": {"maxItems": 0}}},
        },
        {
            "if": {"required": ["ahead"], "properties": {"ahead": SAID_YES}},
            "then": {"required": ["type"], "properties": {"type": {"const": "datetime"}}},
        },
    ]
}


class Question(Model):
    """One question."""

    model_config = ConfigDict(json_schema_extra=_OF_ITS_TYPE)

    fact: FactName = Field(description="what the answer is called from then on")
    ask: Line = Field(description="the question, as a person reads it")
    type: FactType = Field(default="text", description="what the answer must be")
    choices: list[Text] = Field(
        default_factory=list, examples=["[yes, later, no]"], description="the answers of a choice"
    )
    required: bool = Field(default=True, description="no: it may stay open")
    ahead: bool = Field(default=False, description="of a time: it must be still to come")

    @model_validator(mode="after")
    def _choices_fit(self) -> Question:
        if self.type == "choice" and len(set(self.choices)) < 2:
            fail("Question", [told((), "a choice needs at least two choices", "add choices: [isp-down, ok]")])
        if self.type != "choice" and self.choices:
            fail("Question", [told(("choices",), f"choices belong to type choice, not {self.type}")])
        if self.ahead and self.type != "datetime":
            fail("Question", [told(("ahead",), f"ahead belongs to type datetime, not {self.type}")])
        return self

    def known_as(self) -> Fact:
        """The fact that the answer becomes."""
        return Fact(self.fact, self.ask, self.type, tuple(self.choices), self.required, self.ahead)


class Ask(Action):
    """Questions to a person."""

    by_person: ClassVar[bool] = True
    questions: list[Question] = Field(min_length=1, description="what is asked, one after the other")

    @model_validator(mode="after")
    def _each_fact_once(self) -> Ask:
        counts = Counter(question.fact for question in self.questions)
        twice = [name for name, count in counts.items() if count > 1]
        if twice:
            fail("Ask", [told(("questions",), f'the fact "{twice[0]}" is asked for twice in one step')])
        return self

    def describe(self) -> str:
        """What is asked."""
        asked = " / ".join(question.ask for question in self.questions)
        return _("Answer: {questions}").format(questions=asked)

    def facts(self) -> tuple[Fact, ...]:
        """One fact a question."""
        return tuple(question.known_as() for question in self.questions)

    def is_repeatable(self) -> bool:
        """Asking again does no harm."""
        return True

    def run(self, tools: Tools) -> Deed:
        """Ask them all; nothing is kept before the last one is answered."""
        given = {fact.name: tools.desk.ask(fact) for fact in self.facts()}
        facts = {name: value for name, value in given.items() if value is not None}
        return Done(not_known(self.facts(), facts), facts)


def not_known(asked: Iterable[Fact], given: Container[str]) -> str:
    """The note of a step about what had to be asked and nobody knew; nothing where all is known."""
    return not_known_words([fact.name for fact in asked if fact.required and fact.name not in given])


Kind = Ask
