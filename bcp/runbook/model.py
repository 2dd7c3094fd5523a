"""Runbook, phase, step, decision: the models of a runbook's YAML, and what is wrong within one file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    ModelWrapValidatorHandler,
    PrivateAttr,
    ValidationError,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue

from bcp.action.base import Action, Loc
from bcp.registry import kind, kinds
from bcp.yaml import shape
from bcp.yaml.keyed import choose, fail, raised_again, told, twice, with_kinds
from bcp.yaml.rules import SAID_NO, OrShort, Rule, exactly_one, said
from bcp.yaml.types import (
    ONE_OR_MORE,
    ClockTime,
    Day,
    Duration,
    FactName,
    Id,
    Line,
    Model,
    Money,
    SomeDuration,
    Text,
)

ACTIONS = "bcp.action.kinds"
_NEVER_AUTO = "a step that a person does or answers cannot be auto"


Activities = Annotated[list[Id], ONE_OR_MORE]


_UP_OR_DOWN: Rule = {
    "anyOf": [{"enum": ["up", "down"]}, {"items": {"enum": ["up", "down"]}, "type": "array"}]
}
_ONE_SUBJECT: Rule = {
    **exactly_one("fact", "check"),
    "if": said("check"),
    "then": {"properties": {"is": _UP_OR_DOWN}},
}


class Condition(Model):
    """`only_if`: the step applies when a fact has one of some values, or a check is up or down."""

    model_config = ConfigDict(json_schema_extra=_ONE_SUBJECT)

    fact: FactName | None = Field(default=None, description="the fact that is compared")
    check: Id | None = Field(default=None, description="the check whose state is compared")
    values: Annotated[list[Text], ONE_OR_MORE] = Field(
        min_length=1, alias="is", description="the values that make it hold", examples=["[isp-down]"]
    )

    @model_validator(mode="after")
    def _one_subject(self) -> Condition:
        if (self.fact is None) == (self.check is None):
            raise ValueError("expected either fact: or check:, such as {check: internet, is: down}")
        return self


class Acting(Model):
    """What a step and its undo share: a title, one action, and the way to do it by hand."""

    title: Line = Field(
        max_length=140, description="what to do, a verb first", examples=["Call the provider"]
    )
    by_hand: Text = Field(
        description="how a person does it with nothing but paper", examples=["Dial … and say …"]
    )
    who: Id | None = Field(default=None, description="the role that does it", examples=["lead"])
    expect: Id | None = Field(default=None, description="a check that must be up before it counts as done")
    result: Line | None = Field(default=None, max_length=80, description="the wanted state, in words")
    warning: Text | None = Field(default=None, description="read this before doing it")
    auto: bool = Field(default=False, description="yes: it may run with nobody there")

    _action: Action = PrivateAttr()

    @model_validator(mode="wrap")
    @classmethod
    def _with_its_action(cls, data: Any, handler: ModelWrapValidatorHandler[Acting]) -> Acting:
        if not isinstance(data, dict):
            return handler(data)
        names = [field.alias or name for name, field in cls.model_fields.items()]
        chosen = choose(ACTIONS, data, "action", names, "manual: {}")
        try:
            made = handler(chosen.rest)
        except ValidationError as error:
            chosen.errors.extend(raised_again(error))
        else:
            if isinstance(chosen.value, Action):
                chosen.errors.extend(made._disagreements(chosen.value))
        fail(cls.__name__, chosen.errors)
        made._action = chosen.value
        return made

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The schema for editors: each kind of action is a key, and one of them is needed."""
        shown = handler.resolve_ref_schema(handler(core))
        people = [{"required": [name]} for name in kinds(ACTIONS) if _needs_person(kind(ACTIONS, name))]
        never = {**SAID_NO, "errorMessage": _NEVER_AUTO}
        shown |= {"if": {"anyOf": people}, "then": {"properties": {"auto": never}}}
        return with_kinds(shown, ACTIONS, handler, "manual")

    def _disagreements(self, action: Action) -> Iterator[Any]:
        if self.auto and _needs_person(type(action)):
            yield told(("auto",), _NEVER_AUTO, "remove auto: yes")

    @property
    def action(self) -> Action:
        """What it does."""
        return self._action

    @property
    def kind(self) -> str:
        """The name of its action's kind."""
        return type(self._action).__module__.rpartition(".")[2].replace("_", "-")


def _needs_person(action: type[Action]) -> bool:
    return action.by_person or action.asks_person


class Undo(Acting):
    """How the measure that a step puts in force is ended."""


class Step(Acting):
    """One thing to do."""

    step: Id = Field(description="a short name, unique in the runbook", examples=["call-provider"])
    only_if: Condition | None = Field(default=None, description="the step applies only if this holds")
    sets: dict[FactName, Text] = Field(
        default_factory=dict, description="facts that are true once it is done"
    )
    stops: Activities = Field(
        default_factory=list, description="activities of bcp.yaml that are down once it is done"
    )
    restores: Activities = Field(
        default_factory=list, description="activities of bcp.yaml that run again once it is done"
    )
    undo: Undo | None = Field(default=None, description="how to switch off again what it switched on")
    line: Id | None = Field(
        default=None, description="the line of bcp.yaml that it is about; its numbers are shown"
    )


class Phase(Model):
    """A time box of a runbook."""

    phase: Line = Field(
        max_length=60, examples=["First 15 minutes"], description="what this time box is called"
    )
    within: SomeDuration | None = Field(
        default=None, description="from the start of the incident", examples=["15m"]
    )
    any_order: bool = Field(default=False, description="yes: its steps may be done in any order")
    pause: Text | None = Field(default=None, description="what to read aloud or settle before going on")
    steps: list[Step] = Field(min_length=1, description="what to do, in this order")


class Choice(Model):
    """One answer to a decision, and the runbook that it starts."""

    answer: Id = Field(description="a short name", examples=["plan-b"])
    runbook: Id | None = Field(
        default=None, description="the runbook that it starts", examples=["work-from-home"]
    )


def _whole_choice(value: Any) -> Any:
    return {"answer": value} if isinstance(value, str) else value


AnyChoice = Annotated[Choice, BeforeValidator(_whole_choice), OrShort(shape.NAME)]
"""A choice, or its answer alone where it starts nothing."""

When = Annotated[Duration | ClockTime, Field(union_mode="left_to_right")]


class Decision(Model):
    """A question with a deadline and a default deed: IF not back by 13:00 THEN plan B."""

    decision: Id = Field(description="a short name, unique in the runbook")
    question: Line = Field(description="what is to be decided")
    who: Id | None = Field(default=None, description="the role that decides", examples=["lead"])
    at: When = Field(description="after the start, or a clock time", examples=["4h", '"13:00"'])
    or_broken_promises: int | None = Field(
        default=None, ge=1, le=100, description="so many broken promises of a provider make it due earlier"
    )
    or_cost: Money | None = Field(default=None, description="so much money spent makes it due earlier")
    answers: list[AnyChoice] = Field(
        min_length=2, description="what can be answered, and what that starts", examples=["[stay, move]"]
    )
    default: Id = Field(description="the answer that is taken if nobody gives one")
    auto: bool = Field(
        default=False,
        description="yes: the default begins although nobody is there, up to its first question",
    )

    @model_validator(mode="after")
    def _default_is_an_answer(self) -> Decision:
        names = [choice.answer for choice in self.answers]
        errors = list(twice(((("answers", n, "answer"), name) for n, name in enumerate(names)), "answer"))
        if self.default not in names:
            errors.append(
                told(
                    ("default",),
                    f'"{self.default}" is none of the answers',
                    "choose one of: " + ", ".join(names),
                )
            )
        fail("Decision", errors)
        return self


class Runbook(Model):
    """A plan for one kind of trouble."""

    runbook: Id = Field(description="a short name, unique in the office", examples=["internet-outage"])
    title: Line = Field(max_length=100, description="what has happened, in words")
    when: Line = Field(description="the condition that starts it", examples=["No internet for 5 minutes"])
    not_when: Text | None = Field(default=None, description="when this is not the plan to take")
    target: SomeDuration = Field(description="RTO: by when the activity runs again", examples=["8h"])
    stops: Activities = Field(
        default_factory=list,
        description="activities of bcp.yaml that do not run while this trouble lasts; their times are counted",
        examples=["[internet]"],
    )
    activities: Activities | None = Field(
        default=None,
        description="activities of bcp.yaml that this plan is about; the clocks of others are not shown",
        examples=["[internet, phone]"],
    )
    owner: Id = Field(description="the role that leads", examples=["lead"])
    version: Line | None = Field(
        default=None, max_length=20, description="what you call this version, for paper"
    )
    reviewed: Day | None = Field(default=None, description="the day on which somebody last read it through")
    valid_for: SomeDuration | None = Field(
        default=None, description="after how long it must be read through again"
    )
    phases: list[Phase] = Field(min_length=1, description="time boxes with their steps, in this order")
    decisions: list[Decision] = Field(
        default_factory=list, description="questions with a deadline and a default"
    )
    stand_down: list[Step] = Field(
        default_factory=list, description="steps at the end, once all is well again"
    )

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Runbook:
        steps: dict[Loc, str] = {(*loc, "step"): step.step for loc, step in self.steps()}
        decisions: dict[Loc, str] = {
            ("decisions", index, "decision"): each.decision for index, each in enumerate(self.decisions)
        }
        shared = [
            told(loc, f'"{name}" is the name of a step, too', "give the decision a name of its own")
            for loc, name in decisions.items()
            if name in steps.values()
        ]
        fail("Runbook", [*twice(steps.items(), "step"), *shared, *twice(decisions.items(), "decision")])
        return self

    def steps(self) -> Iterator[tuple[Loc, Step]]:
        """All steps in their order, stand-down last, each with its place."""
        for number, phase in enumerate(self.phases):
            for index, step in enumerate(phase.steps):
                yield ("phases", number, "steps", index), step
        for index, step in enumerate(self.stand_down):
            yield ("stand_down", index), step

    def acts(self) -> Iterator[tuple[Loc, Acting]]:
        """All steps and, behind each, its undo."""
        for loc, step in self.steps():
            yield loc, step
            if step.undo is not None:
                yield (*loc, "undo"), step.undo
