"""An answer to a step: what it must hold, and how it becomes an event. Of two answers one wins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from bcp.errors import InputError
from bcp.event import Entry, Event
from bcp.fact import Fact, Place, read_answer
from bcp.incident.book import Book
from bcp.incident.state import OUTCOMES, Incident, StepState
from bcp.times import local, local_clock
from bcp.tongue import _


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody says of a step. `at` is when it happened, where that was earlier."""

    outcome: str
    by: str
    note: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    by_hand: bool = False
    at: datetime | None = None
    recorded_by: str = ""
    how: str = "terminal"
    evidence: Mapping[str, Any] = field(default_factory=dict)
    correct: bool = False


class Beaten(InputError):
    """Somebody else answered first, and otherwise."""


def settle(book: Book, address: str, answer: Answer, now: datetime) -> list[Event]:
    """Write `answer` to the step at `address`; nothing where the very same was said before.

    Raises Beaten if it was answered otherwise, InputError for what does not fit the step or the time.
    """

    def entries(incident: Incident) -> Sequence[Entry]:
        step = find(incident, address)
        if incident.closed_at is not None:
            raise InputError(
                f"the incident {incident.id} is closed", f"read it: bcp incident log --incident {incident.id}"
            )
        if step.answered and not answer.correct:
            if step.outcome == answer.outcome and all(
                incident.facts.get(name) == value for name, value in answer.facts.items()
            ):
                return []
            raise Beaten(
                f'"{step.title}" was already answered: {who_said(incident, step, now)}',
                f"to correct it: bcp {noun(incident)} step {answer.outcome} {step.id} --correct --note …",
            )
        _check_time(incident, step, answer.at, now)
        return [entry_of(step, answer)]

    return book.write(entries)


def entry_of(step: StepState, answer: Answer) -> Entry:
    """The event of an answer; the step's own facts (`sets`) become true when it is done."""
    data: dict[str, Any] = {"step": step.id, "title": step.title, "outcome": answer.outcome}
    facts = dict(answer.facts)
    if answer.outcome == "done":
        facts.update(step.plan.get("sets") or {})
    for key, value in (("note", answer.note), ("facts", facts), ("evidence", dict(answer.evidence))):
        if value:
            data[key] = value
    if answer.by_hand:
        data["by_hand"] = True
    if answer.correct and step.settled:
        data["corrects"] = step.seq
    return Entry("step.settled", answer.by, data, answer.at, answer.recorded_by, answer.how)


def find(incident: Incident, address: str) -> StepState:
    """The step at `address`. Raises InputError with the nearest names."""
    if address in incident:
        return incident[address]
    known = [*incident.steps, *incident.undos]
    close = get_close_matches(address, known, 3, 0.5)
    hint = "did you mean " + " or ".join(close) + "?" if close else "the steps: " + ", ".join(incident.steps)
    raise InputError(f'this incident has no step "{address}"', hint)


def read_facts(step: StepState, given: Mapping[str, str], place: Place) -> dict[str, str]:
    """The facts given for a step, read by their types. Raises InputError for a strange or missing one."""
    asked = {told["name"]: fact_of(told) for told in step.plan["facts"]}
    read = {}
    for name, typed in given.items():
        if name not in asked:
            hint = (
                "it asks for: " + ", ".join(asked)
                if asked
                else "set a fact of the incident: bcp incident amend --fact …"
            )
            raise InputError(f'the step "{step.id}" does not ask for "{name}"', hint)
        read[name] = read_fact(asked[name], typed, place)
    return read


def read_fact(fact: Fact, typed: str, place: Place) -> str:
    """One answer, in its one form. Raises InputError with what was expected."""
    try:
        return read_answer(fact, typed, place)
    except ValueError as error:
        raise InputError(f'{fact.name}: "{typed}": {error}') from None


def missing_facts(step: StepState, given: Mapping[str, str]) -> list[str]:
    """The required facts that `given` lacks."""
    return [told["name"] for told in step.plan["facts"] if told["required"] and told["name"] not in given]


def fact_of(told: Mapping[str, Any]) -> Fact:
    """The fact of a compiled question."""
    return Fact(told["name"], told["ask"], told["type"], tuple(told["choices"]), told["required"])


def check_outcome(outcome: str, note: str) -> None:
    """Raises InputError for a word that is no outcome, and for an outcome that wants a reason."""
    if outcome not in OUTCOMES:
        raise InputError(f'"{outcome}" is no outcome', "the outcomes: " + ", ".join(OUTCOMES))
    if outcome != "done" and not note.strip():
        raise InputError(f"the outcome {outcome} needs its reason", 'add it: --note "why"')


def who_said(incident: Incident, step: StepState, now: datetime) -> str:
    """`done by Anna Nowak at 09:12`."""
    assert step.at is not None
    at = local_clock(step.at, incident.zone, now)
    return _("{outcome} by {who} at {at}").format(outcome=step.outcome, who=incident.name_of(step.by), at=at)


def noun(incident: Incident) -> str:
    """The noun of the command line that this is found under."""
    return "drill" if incident.drill else "incident"


def _check_time(incident: Incident, step: StepState, at: datetime | None, now: datetime) -> None:
    if at is None:
        return
    zone = incident.zone
    if at > now:
        raise InputError(
            f"{local(at, zone)} is still to come", "give the time at which it was done: --at 9:12"
        )
    if at < incident.opened_at:
        words = f"{local(at, zone)} is before the incident began ({local(incident.opened_at, zone)})"
        raise InputError(words, "give a time after its start: --at 9:12")
    for before, other in _neighbours(incident, step):
        assert other.at is not None
        if (at < other.at) if before else (at > other.at):
            side, order = ("before", "first") if before else ("after", "later")
            said = who_said(incident, other, now)
            words = f'{local(at, zone)} is {side} "{other.title}" ({said}), which comes {order}'
            raise InputError(words, "correct one of the two times, or the order")


def _neighbours(incident: Incident, step: StepState) -> Iterator[tuple[bool, StepState]]:
    """The settled steps that come just before and just after `step` where the order counts."""
    phase = incident.phase_of(step)
    if phase is None or phase.any_order:
        return
    index = next(number for number, each in enumerate(phase.steps) if each is step)
    earlier = [each for each in phase.steps[:index] if each.at is not None and each.outcome != "deferred"]
    later = [each for each in phase.steps[index + 1 :] if each.at is not None and each.outcome != "deferred"]
    if earlier:
        yield True, max(earlier, key=_when)
    if later:
        yield False, min(later, key=_when)


def _when(step: StepState) -> datetime:
    assert step.at is not None
    return step.at
