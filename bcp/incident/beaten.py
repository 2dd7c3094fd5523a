"""Of two answers to a step one wins; what the other one said is kept as a note, and how to correct is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from bcp.command_words import as_typed
from bcp.errors import InputError
from bcp.event import Entry
from bcp.i18n import _
from bcp.incident.events.note import NoteWritten
from bcp.incident.journal import IncidentJournal
from bcp.incident.state import Incident, StepState
from bcp.incident.text import noun, said_outcome, said_value, title_of
from bcp.times import local_clock


class Beaten(InputError):
    """Somebody else answered first, and otherwise; `more` says what the two said."""


def who_said(incident: Incident, step: StepState, now: datetime) -> str:
    """`done by Anna Nowak at 09:12`."""
    assert step.at is not None
    at = local_clock(step.at, incident.zone, now)
    return _("{outcome} by {who} at {at}").format(
        outcome=said_outcome(step.outcome or ""), who=incident.name_of(step.by), at=at
    )


def already_answered(incident: Incident, step: StepState, now: datetime) -> str:
    """`"Call the provider" was already answered: done by Anna Nowak at 09:12`."""
    return _('"{title}" was already answered: {said}').format(
        title=title_of(incident, step), said=who_said(incident, step, now)
    )


def begun_meanwhile(incident: Incident, step: StepState, now: datetime) -> Beaten:
    """Somebody began the step while another was still making up their mind."""
    hint = f"see how it ends: bcp {noun(incident)} status"
    if step.begun is None:
        return Beaten(
            _('"{title}" was tried by somebody else meanwhile').format(title=title_of(incident, step)), hint
        )
    at = local_clock(step.begun.at, incident.zone, now)
    words = _('"{title}" was begun by {who} at {time} meanwhile')
    return Beaten(
        words.format(title=title_of(incident, step), who=incident.name_of(step.begun.by), time=at), hint
    )


class Second(NamedTuple):
    """What somebody said of a step who came second: an outcome, facts, a note; and who, and how it came in."""

    outcome: str
    facts: Mapping[str, str]
    note: str
    by: str
    how: str


def answered_otherwise(incident: Incident, step: StepState, second: Second, now: datetime) -> Beaten:
    """Somebody answered the step before with another outcome, or other facts: both are said, and how to correct."""
    differ = {name: value for name, value in second.facts.items() if incident.facts.get(name) != value}
    words = ["bcp", noun(incident), "step", second.outcome, step.id, "--correct"]
    for name, value in differ.items():
        words += ["--fact", f"{name}={value}"]
    if second.note or second.outcome != "done":
        words += ["--note", second.note]
    hint = _("to correct it: {command}").format(command=as_typed(words))
    return Beaten(already_answered(incident, step, now), hint, _differences(incident, step, differ))


def _differences(incident: Incident, step: StepState, differ: Mapping[str, str]) -> list[str]:
    """`Who noticed it first? Anna Nowak: Jan. You: Maria.`, one for each fact that was answered otherwise."""
    words = _("{question} {who}: {theirs}. You: {yours}.")
    return [
        words.format(
            question=fact.ask or fact.name,
            who=incident.name_of(step.by),
            theirs=said_value(fact, incident.facts.get(fact.name, _("not known")), incident.zone),
            yours=said_value(fact, differ[fact.name], incident.zone),
        )
        for fact in step.plan.facts
        if fact.name in differ
    ]


def words_of(incident: Incident, step: StepState, second: Second) -> NoteWritten | None:
    """What somebody said of a step who came second, as a note; None where that is nothing, or stands there already."""
    asked = {fact.name: fact for fact in step.plan.facts}
    said = [
        f"{asked[name].ask or name} {said_value(asked[name], value, incident.zone)}"
        if name in asked
        else f"{name} = {value}"
        for name, value in second.facts.items()
    ]
    note = second.note.strip()
    words = "; ".join(filter(None, [*said, note if note != step.note else ""]))
    if not words:
        return None
    text = _('also said of "{title}": {words}').format(title=title_of(incident, step), words=words)
    is_kept = any(each.text == text and each.by == second.by for each in incident.notes)
    return None if is_kept else NoteWritten(text, step.id)


def keep_words(book: IncidentJournal, address: str, second: Second) -> None:
    """Keep what somebody said who came second, as a note of that person, once."""

    def entries(incident: Incident) -> Sequence[Entry]:
        words = words_of(incident, incident[address], second)
        over = words is None or incident.closed_at is not None
        return [] if over or words is None else [words.entry(second.by, how=second.how)]

    book.write(entries)
