"""Moves the start of an incident: deadlines that count from it go along, and times that a wrong clock wrote."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from bcp.event import moment
from bcp.incident.decision import due_at
from bcp.incident.state import Incident, StepState
from bcp.incident.text import title_of

_BEFORE = timedelta(days=31)
_Time = TypeVar("_Time", bound="datetime | None")


class _Move:
    """By how much the times between two readings of the clock are to be moved."""

    def __init__(self, by: timedelta, first: datetime, last: datetime) -> None:
        self._by, self._first, self._last = by, first, last

    def of(self, at: _Time, before: timedelta = timedelta()) -> _Time:
        """`at`, moved where it lies between them, or so long before the first."""
        return at + self._by if at is not None and self._first - before <= at <= self._last else at


class FirstDone(NamedTuple):
    """What was done first in an incident, and when."""

    at: datetime
    what: str


def first_done(incident: Incident, now: datetime) -> FirstDone | None:
    """What was done first, by a clock that was right; None where nothing was."""
    is_wrong = incident.clock.doubts_start(now)
    wrong = (incident.opened_at, incident.clock.wrong_until) if is_wrong else (now, incident.opened_at)
    done = [
        *(FirstDone(step.at, title_of(incident, step)) for step in incident.every_step() if step.at),
        *(FirstDone(note.at, note.text) for note in incident.notes),
        *(FirstDone(each.made_at, each.what) for each in incident.promises.values()),
        *(
            FirstDone(each.answered_at, each.question)
            for each in incident.decisions.values()
            if each.answered_at
        ),
    ]
    return min((each for each in done if not wrong[0] <= each.at <= wrong[1]), default=None)


def move_start(incident: Incident, began: datetime, wrong_until: datetime | None) -> None:
    """It began at `began`. With `wrong_until` all that the clock wrote from the start to there moves along.

    Without, the clock was right and only what counts from the start moves: phases and decisions.
    """
    by = began - incident.opened_at
    move = _Move(by, incident.opened_at, wrong_until or incident.opened_at)
    for phase in incident.phases:
        moved = move.of(phase.began)
        if phase.due is not None:
            phase.due += moved - phase.began
        phase.began = moved
    for decision in incident.decisions.values():
        since = move.of(decision.since)
        if since != decision.since and not decision.overridden_by:
            decision.since, decision.due = since, due_at(decision.plan.at, since, incident.zone)
            decision.announced = decision.fired = False
    if wrong_until is not None:
        _move_what_was_done(incident, move)
    incident.opened_at = began


def _move_what_was_done(incident: Incident, move: _Move) -> None:
    for step in incident.every_step():
        _move_step(step, move)
    told = {name for name, at in incident.known_at.items() if move.of(at) != at}
    incident.facts = {
        name: _moved_text(text, move, incident) if name in told else text
        for name, text in incident.facts.items()
    }
    incident.known_at = _moved(incident.known_at, move)
    incident.found = _moved(incident.found, move)
    incident.answered = [each._replace(at=move.of(each.at)) for each in incident.answered]
    incident.noted = [each._replace(at=move.of(each.at)) for each in incident.noted]
    incident.clock.moves.append(move.of)
    incident.flips = {name: each._replace(at=move.of(each.at)) for name, each in incident.flips.items()}
    for decision in incident.decisions.values():
        decision.answered_at = move.of(decision.answered_at)
    for promise in incident.promises.values():
        made = move.of(promise.made_at)
        promise.due += made - promise.made_at
        promise.made_at, promise.came_true_at = made, move.of(promise.came_true_at)


def _move_step(step: StepState, move: _Move) -> None:
    step.at, step.until = move.of(step.at), move.of(step.until)


def _moved(times: Mapping[str, datetime], move: _Move) -> dict[str, datetime]:
    return {name: move.of(at) for name, at in times.items()}


def _moved_text(text: str, move: _Move, incident: Incident) -> str:
    """A fact that holds a time of that clock, as it should have been; any other as it is."""
    try:
        at = moment(text)
    except ValueError:
        return text
    # It may have been down for long before anybody began anything.
    moved = move.of(at, _BEFORE) if at.tzinfo is not None else at
    return text if moved == at else moved.astimezone(incident.zone).isoformat(timespec="minutes")
