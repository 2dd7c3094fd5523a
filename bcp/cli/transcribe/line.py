"""One line of a step as it was written on paper: when, what became of it, by whom, and the answers to its questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from bcp.cli.terminal.output import say
from bcp.errors import InputError
from bcp.fact import Fact, Place
from bcp.i18n import _
from bcp.incident.answer import check_outcome, fact_of, missing_facts, read_fact, read_facts
from bcp.incident.state import Incident, StepState
from bcp.transcript.line import read_outcome, read_person, read_time, split_time

NOTHING_THERE = "?"
"""What is typed for a question whose line was left empty on paper."""


class Head(NamedTuple):
    """What stands in front: the time, the outcome, whose initials, and a reason or a result."""

    at: datetime
    outcome: str
    who: str
    note: str


def read_head(incident: Incident, typed: str, now: datetime, typist: str) -> Head:
    """Read `9:12 x AN no cable`. A line without initials is by the typist. Raises InputError.

    Behind `?` stands a time that is not on paper (`timed`): the note says so.
    """
    time, rest = split_time(typed)
    is_guessed, time = time.startswith(NOTHING_THERE), time.removeprefix(NOTHING_THERE)
    parts = rest.split(maxsplit=2)
    outcome = read_outcome(parts[0]) if parts else "done"
    at = read_time(time, incident.opened_at, now, incident.zone)
    who = read_person(parts[1], incident.plan["people"]) if len(parts) > 1 else typist
    note = parts[2] if len(parts) > 2 else ""
    check_outcome(outcome, note)
    if is_guessed:
        note = f"{note} {no_time()}".strip()
    return Head(at, outcome, who, note)


def no_time() -> str:
    """What a line says whose time is not on paper."""
    return _("(no time on paper)")


def timed(incident: Incident, typed: str, before: datetime) -> str:
    """The line `? x AN`, ticked without a time, with that of the line before it, which is the earliest it can be."""
    time, rest = split_time(typed)
    if time != NOTHING_THERE:
        return typed
    return f"{NOTHING_THERE}{before.astimezone(incident.zone):%Y-%m-%dT%H:%M} {rest}".strip()


def questions(step: StepState, head: Head) -> list[Fact]:
    """What the sheet asks for at this step; nothing where it was not done."""
    return [fact_of(told) for told in step.plan["facts"]] if head.outcome == "done" else []


def read_answers(step: StepState, head: Head, told: Mapping[str, str], place: Place) -> dict[str, str]:
    """The answers by fact. A time of day is one of the day on which the line was written. Raises InputError."""
    given = {name: value for name, value in told.items() if value.strip() not in ("", NOTHING_THERE)}
    facts = read_facts(step, given, replace(place, now=head.at))
    wanted = missing_facts(step, facts) if head.outcome == "done" else []
    missing = [name for name in wanted if told.get(name, "").strip() != NOTHING_THERE]
    if missing:
        raise InputError(
            f"{step.id}: the answer is missing: {', '.join(missing)}",
            f"write it as it stands on paper, or {NOTHING_THERE} where nothing stands there",
        )
    return facts


def ask_until_read(fact: Fact, ask: Callable[[Fact], str], head: Head, place: Place) -> str:
    """Ask what paper says to a question until that can be read."""
    while True:
        typed = ask(fact)
        why = why_not(fact, typed, head, place)
        if not why:
            return typed
        say(f"     {why}", "yellow")


def why_not(fact: Fact, typed: str, head: Head, place: Place) -> str:
    """Why it is no answer; nothing where it is one."""
    if typed == NOTHING_THERE or not (typed or fact.required):
        return ""
    if not typed:
        words = _("This answer is wanted. Type {sign} where nothing stands on paper.")
        return words.format(sign=NOTHING_THERE)
    try:
        read_fact(fact, typed, replace(place, now=head.at))
    except InputError as error:
        return error.message
    return ""
