"""The compiled plan: a runbook and all it can reach, as an incident keeps it, and needs nothing else to go on.

It is stored as JSON with the first event. Lengths are in seconds, times of day `HH:MM`. What is switched with (ways,
numbers, places) stays as the office wrote it: only the room of that lever knows its fields.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from bcp.fact import Fact
from bcp.frozen import EMPTY, Frozen, stored
from bcp.i18n import _
from bcp.person import said

VERSION = 1
"""Raised when an older version would misread a plan of this one; what is only added needs no other."""

RawJson = Mapping[str, Any]
_Part = TypeVar("_Part", bound=Frozen)


def _rows(kind: type[_Part]) -> Callable[[Sequence[RawJson]], tuple[_Part, ...]]:
    return lambda raw: tuple(map(kind.from_json, raw))


def _named(kind: type[_Part]) -> Callable[[Mapping[str, RawJson]], dict[str, _Part]]:
    return lambda raw: {name: kind.from_json(each) for name, each in raw.items()}


def _as_rows(parts: Sequence[Frozen]) -> list[dict[str, Any]]:
    return [each.as_json() for each in parts]


def _as_named(parts: Mapping[str, Frozen]) -> dict[str, dict[str, Any]]:
    return {name: each.as_json() for name, each in parts.items()}


class PlanOffice(Frozen):
    """Whose plan it is; `country` as in `PL`, `timezone` as in `Europe/Warsaw`."""

    name: str
    language: str
    country: str
    timezone: str


class PlanPerson(Frozen):
    """Somebody of the office."""

    name: str
    phone: str | None


class PlanRole(Frozen):
    """Who may play a role, the owner first, by their ids."""

    title: str | None
    people: Sequence[str]


class PlanLine(Frozen):
    """A line that a step is about: whom to call, under which contract, what it costs."""

    line: str | None = None
    title: str | None = None
    provider: str | None = None
    contract: str | None = None
    line_id: str | None = None
    support: str | None = None
    email: str | None = None
    portal: str | None = None
    monthly_fee: str | None = None
    compensation: str | None = None
    protection_waived: str | None = None
    number: str | None = None
    url: str | None = None
    check: str | None = None
    note: str | None = None


class PlanNumber(Frozen):
    """A number of the office as it wrote it, and the line that it is on."""

    number: RawJson
    line: RawJson | None


class PlanActivity(Frozen):
    """What must run again: by when (RTO), from when on it does lasting harm (MTPD), and how much of it at least."""

    activity: str
    target: float
    unbearable_after: float
    minimum: str | None


class PlanClock(Frozen):
    """When the office wants to be reminded of a measure, if it does, and how long it reckons a long outage lasts."""

    remind_measures_after: float | None
    long_outage: float


class PlanCondition(Frozen):
    """A step applies when a fact has one of these values, or a check is in one of these states."""

    values: Sequence[str] = stored(key="is")
    fact: str | None = None
    check: str | None = None


def read_fact(raw: RawJson) -> Fact:
    """A question of a compiled step."""
    return Fact(
        raw["name"], raw["ask"], raw["type"], tuple(raw["choices"]), raw["required"], raw.get("ahead", False)
    )


def _read_facts(raw: Sequence[RawJson]) -> tuple[Fact, ...]:
    return tuple(map(read_fact, raw))


def _as_facts(facts: Sequence[Fact]) -> list[dict[str, Any]]:
    return [_as_fact(fact) for fact in facts]


def _as_fact(fact: Fact) -> dict[str, Any]:
    told = {**fact._asdict(), "choices": list(fact.choices)}
    return told if fact.ahead else {key: value for key, value in told.items() if key != "ahead"}


class PlanStep(Frozen):
    """One step, or its undo: then `only_if`, `sets`, `line` and `undo` are not there.

    `params` are the fields of its action (`kind`), `words` what that does by itself; `length` is how long it takes at
    most. `promise` names the facts in which a provider promises something; with `finds` its facts are what the
    computer found, not what a person said. `stops` and `restores` are activities that are down, or run again, once it
    is done.
    """

    id: str
    title: str
    who: str | None
    by_hand: str
    kind: str
    params: RawJson
    words: str
    by_person: bool
    repeatable: bool
    auto: bool
    length: float
    facts: tuple[Fact, ...] = stored(read=_read_facts, write=_as_facts)
    promise: Mapping[str, str] = stored(older=EMPTY)
    expect: str | None
    result: str | None
    warning: str | None
    only_if: PlanCondition | None = stored(
        older=None,
        read=lambda raw: PlanCondition.from_json(raw) if raw else None,
        write=lambda condition: condition.as_json() if condition else None,
    )
    sets: Mapping[str, str] = stored(older=EMPTY)
    line: str | None = stored(older=None)
    undo: PlanStep | None = stored(
        older=None,
        read=lambda raw: PlanStep.from_json(raw) if raw else None,
        write=lambda undo: undo.as_undo() if undo else None,
    )
    finds: bool = stored(default=False)
    stops: Sequence[str] = stored(default=(), read=tuple, write=list)
    restores: Sequence[str] = stored(default=(), read=tuple, write=list)

    def as_undo(self) -> dict[str, Any]:
        """Its JSON where it is an undo."""
        told = self.as_json()
        for key in ("only_if", "sets", "line", "undo"):
            told.pop(key)
        return told


class PlanPhase(Frozen):
    """A time box and its steps."""

    title: str = stored(key="phase")
    within: float | None
    any_order: bool
    pause: str | None
    steps: Sequence[PlanStep] = stored(read=_rows(PlanStep), write=_as_rows)


class PlanChoice(Frozen):
    """An answer to a decision, and the runbook that it begins."""

    answer: str
    runbook: str | None = None


class PlanDecision(Frozen):
    """A question with a deadline: `at` is so many seconds after the beginning, or a time of day."""

    id: str
    question: str
    at: float | str
    answers: Sequence[PlanChoice] = stored(read=_rows(PlanChoice), write=_as_rows)
    default: str
    auto: bool
    who: str | None = None
    or_broken_promises: int | None = None
    or_cost: str | None = None


class PlanRunbook(Frozen):
    """One runbook of the plan; `target` is its RTO, `stops` are the activities that its trouble stops.

    `activities` are those that it is about; None where its author did not say.
    """

    title: str
    when: str
    not_when: str | None
    target: float
    owner: str
    version: str | None
    reviewed: str | None
    valid_for: float | None
    phases: Sequence[PlanPhase] = stored(read=_rows(PlanPhase), write=_as_rows)
    stand_down: Sequence[PlanStep] = stored(read=_rows(PlanStep), write=_as_rows)
    decisions: Sequence[PlanDecision] = stored(read=_rows(PlanDecision), write=_as_rows)
    stops: Sequence[str] = stored(default=(), read=tuple, write=list)
    activities: Sequence[str] | None = stored(default=None, read=tuple, write=list)

    def about(self) -> set[str]:
        """The activities that it names: as its own, as stopped, or as stopped or restored by a step."""
        found = {*(self.activities or ()), *self.stops}
        return found.union(*((*step.stops, *step.restores) for step in self.steps()))

    def steps(self) -> list[PlanStep]:
        """Its steps, those of stand-down last; without undos."""
        return [*(step for phase in self.phases for step in phase.steps), *self.stand_down]


def _read_version(version: int) -> int:
    """Raises ValueError for a plan of a later version."""
    if version > VERSION:
        words = _("its plan is of version {version}, and only {known} is known here")
        raise ValueError(words.format(version=version, known=VERSION))
    return version


class Plan(Frozen):
    """The plan of an incident, with the runbook `root` that it began with."""

    version: int = stored(key="format", older=1, read=_read_version)
    root: str
    office: PlanOffice = stored(read=PlanOffice.from_json, write=PlanOffice.as_json)
    people: Mapping[str, PlanPerson] = stored(read=_named(PlanPerson), write=_as_named)
    roles: Mapping[str, PlanRole] = stored(read=_named(PlanRole), write=_as_named)
    lines: Mapping[str, PlanLine] = stored(read=_named(PlanLine), write=_as_named)
    ways: Mapping[str, RawJson] = stored(older=EMPTY)
    numbers: Sequence[PlanNumber] = stored(older=(), read=_rows(PlanNumber), write=_as_rows)
    published: Sequence[RawJson] = stored(older=())
    places: Mapping[str, RawJson] = stored(older=EMPTY)
    activities: Sequence[PlanActivity] = stored(read=_rows(PlanActivity), write=_as_rows)
    clock: PlanClock = stored(read=PlanClock.from_json, write=PlanClock.as_json)
    runbooks: Mapping[str, PlanRunbook] = stored(read=_named(PlanRunbook), write=_as_named)

    @property
    def names(self) -> dict[str, str]:
        """The names of all people of the office, by their ids."""
        return {person: known.name for person, known in self.people.items()}

    def name_of(self, person: str) -> str:
        """The name of a person of the office, or the text itself; that nobody knows who it was, in our words."""
        known = self.people.get(person)
        return known.name if known is not None and known.name else said(person)
