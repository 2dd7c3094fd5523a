"""Decides by the clock: answering and overriding decisions, and the deed of the clock itself, written down once each.

A deadline is said three times at most: when it comes near, when it has come, and by its answer. Each is an event
behind a compare-and-set, so that of any number of watchers and restarts exactly one says it, and none is lost: what
is due follows from the journal and the time alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from bcp.command_words import one_each
from bcp.errors import InputError
from bcp.event import Entry
from bcp.incident.decision import DecisionState, Why
from bcp.incident.decision_due import answering, why_due
from bcp.incident.events.decision import (
    DecisionAnnounced,
    DecisionAnswered,
    DecisionDue,
    DecisionOverridden,
)
from bcp.incident.journal import IncidentJournal
from bcp.incident.standdown import refuse_closed
from bcp.incident.state import Incident
from bcp.times import local
from bcp.yaml.near import did_you_mean, near_or_all


class ClockEvent(NamedTuple):
    """What the clock struck: a decision that was announced, fell due, or was answered by its default."""

    decision: DecisionState
    what: str
    enters: bool = False


def find(incident: Incident, name: str) -> DecisionState:
    """The decision called `name`. Raises InputError with the nearest names."""
    if name in incident.decisions:
        return incident.decisions[name]
    known = list(incident.decisions)
    hint = did_you_mean(name, known) or (
        "decisions: " + ", ".join(known) if known else "its runbook asks for none"
    )
    raise InputError(f'this incident has no decision "{name}"', hint)


def answer(
    book: IncidentJournal, name: str, chosen: str, by: str, *, how: str = "terminal", reason: str = ""
) -> bool:
    """Write the answer; whether it enters a runbook. The same answer twice changes nothing.

    Raises InputError for a decision or an answer that is none, and if it was decided otherwise before.
    """

    def entries(incident: Incident) -> Sequence[Entry]:
        refuse_closed(incident)
        decision = find(incident, name)
        if chosen not in decision.answers:
            raise InputError(
                f'"{chosen}" is no answer to "{decision.question}"',
                near_or_all(chosen, decision.answers, "answers"),
            )
        if decision.answer == chosen:
            return []
        if decision.answer is not None:
            raise InputError(
                f"{incident.name_of(decision.answered_by)} decided before: {decision.answer}",
                'what was begun goes on; write down what changes: bcp incident note "WHAT WAS DECIDED"',
            )
        return [_answered(decision, chosen, by, how=how, reason=reason)]

    return bool(book.write(entries)) and bool(find(book.incident, name).answers[chosen])


def override(
    book: IncidentJournal, name: str, until: datetime, by: str, *, reason: str, now: datetime
) -> None:
    """Put the deadline off, once, to a new hard time. Raises InputError without a reason, or for a second one."""
    if not reason.strip():
        raise InputError("an override needs its reason", 'add it: --reason "why it can wait"')
    if until <= now:
        raise InputError("the new time is not still to come", 'for example: --until "15:00"')

    def entries(incident: Incident) -> Sequence[Entry]:
        refuse_closed(incident)
        decision = find(incident, name)
        if not decision.open:
            raise InputError(f"it is decided: {decision.answer}", "see: bcp decision list")
        if decision.overridden_by:
            raise InputError(
                f"{incident.name_of(decision.overridden_by)} put it off once already, "
                f"until {local(decision.due, incident.zone)}",
                one_each("decide now:", answering(decision, incident)),
            )
        return [DecisionOverridden(decision.id, decision.question, until, reason.strip()).entry(by)]

    book.write(entries)


def strike(book: IncidentJournal, by: str, now: datetime) -> list[ClockEvent]:
    """What the clock does when nobody is there: announce what comes near, say what is due, prepare its default.

    Where the office allowed it in peacetime (`auto: yes`) the default is the answer; the caller then carries out
    what it entered, up to the first gate. All of it happens once per deadline.
    """
    struck: list[ClockEvent] = []

    def entries(incident: Incident) -> Sequence[Entry]:
        struck.clear()
        written: list[Entry] = []
        for decision in incident.decisions.values():
            why = why_due(incident, decision, now)
            if why is not None:
                written += _fall_due(decision, why, by, struck)
            elif _comes_near(incident, decision, now):
                struck.append(ClockEvent(decision, "announced"))
                near = DecisionAnnounced(decision.id, decision.question, decision.due)
                written.append(near.entry(by, how="watch"))
        return written

    book.write(entries)
    return struck


def is_default_left_undone(incident: Incident) -> bool:
    """Whether a default was the answer and what it began stopped between two steps: its process ended there."""
    if incident.closing or incident.closed_at is not None:
        return False
    return any(
        _first_unsettled(incident, decision.id) == "open"
        for decision in incident.decisions.values()
        if decision.by_default
    )


def _first_unsettled(incident: Incident, name: str) -> str:
    """How the first step stands, of those that a decision entered, that is not over; `failed` is not over either."""
    own = (step for step in incident.every_step() if step.id.startswith(f"{name}/"))
    return next((step.shown for step in own if not step.settled or step.outcome == "failed"), "")


def _fall_due(decision: DecisionState, why: Why, by: str, struck: list[ClockEvent]) -> list[Entry]:
    written = []
    if not decision.fired:
        struck.append(ClockEvent(decision, "due"))
        prepared = decision.answers[decision.default] or ""
        due = DecisionDue(decision.id, decision.question, why, decision.default, prepared)
        written.append(due.entry(by, how="watch"))
    if decision.plan.auto:
        struck.append(ClockEvent(decision, "default", enters=bool(decision.answers[decision.default])))
        written.append(
            _answered(decision, decision.default, by, how="watch", reason="nobody answered", by_default=True)
        )
    return written


def _comes_near(incident: Incident, decision: DecisionState, now: datetime) -> bool:
    over = incident.closing or incident.closed_at is not None or not incident.counts(now)
    return decision.open and not over and not decision.announced and now >= decision.announced_from


def _answered(
    decision: DecisionState, chosen: str, by: str, *, how: str, reason: str, by_default: bool = False
) -> Entry:
    return DecisionAnswered(
        decision.id,
        decision.question,
        chosen,
        runbook=decision.answers[chosen] or "",
        reason=reason.strip(),
        by_default=by_default,
    ).entry(by, how=how)
