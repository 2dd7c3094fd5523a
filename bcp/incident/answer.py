"""An answer to a step: what it must hold, and how it becomes an event. Of two answers one wins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from bcp.command_words import one_each
from bcp.errors import InputError
from bcp.event import Entry, Event
from bcp.fact import NOT_KNOWN, Fact, Place, read_answer
from bcp.i18n import _
from bcp.incident.beaten import Beaten, Second, answered_otherwise, begun_meanwhile, keep_words, who_said
from bcp.incident.correction import before_of, kept_note, unknown_by
from bcp.incident.events.step import StepSettled
from bcp.incident.journal import IncidentJournal
from bcp.incident.provider_promise import Hearing, Retold, promises_in
from bcp.incident.state import ENDS_MEASURE, OUTCOMES, Incident, StepState
from bcp.incident.text import noun, said_outcome, title_of, undo_command
from bcp.times import local


@dataclass(frozen=True)
class StepOutcome:
    """What somebody says of a step. `at` is when it happened, where that was earlier.

    `by_hand` where a program was to do it; `how` it came in: terminal, watch or paper; `evidence` is what proves it;
    `correct` takes the place of an answer that was given before, and `unknown` are facts of that which nobody knows
    by now. `by_condition`: nobody says so, its `only_if` does not hold.
    """

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
    unknown: Sequence[str] = ()
    by_condition: bool = False


def settle(
    book: IncidentJournal, address: str, answer: StepOutcome, now: datetime, tries: int | None = None
) -> list[Event]:
    """Write `answer` to the step at `address`; nothing where the very same was said before.

    `tries` is how often the step had been begun when the answer was given: what was begun since is not talked
    over. Raises Beaten if that is so or if it was answered otherwise, once what this one said is kept as a note;
    InputError for what does not fit the step or the time.
    """

    said = Second(answer.outcome, answer.facts, answer.note, answer.by, answer.how)

    def entries(incident: Incident) -> Sequence[Entry]:
        step = find(incident, address)
        ends = _ends_measure(incident, step, answer)
        if incident.closed_at is not None and not _is_to_be_ended(incident, step):
            raise is_closed(incident)
        if step.answered and not ends and _says_the_same(incident, step, answer):
            return []
        if step.answered and not answer.correct and not ends:
            raise answered_otherwise(incident, step, said, now)
        if tries is not None and step.tries != tries:
            raise begun_meanwhile(incident, step, now)
        _check_measure(incident, step)
        _check_time(incident, step, answer, now)
        return entries_of(incident, step, answer, now)

    try:
        written = book.write(entries)
    except Beaten as beaten:
        if not (said.facts or said.note.strip()):
            raise
        keep_words(book, address, said)
        kept = _("what you said is kept as a note")
        raise Beaten(beaten.message, f"{kept}; {beaten.hint}", beaten.more) from None
    if not written and said.note.strip():
        keep_words(book, address, said._replace(facts={}))
    return written


def _says_the_same(incident: Incident, step: StepState, answer: StepOutcome) -> bool:
    """Whether the step was answered so before; a correction may also change the time or the note."""
    facts = all(incident.facts.get(name) == value for name, value in answer.facts.items())
    is_new = answer.correct and (
        answer.at is not None
        or answer.note not in ("", step.note)
        or answer.by_hand != step.by_hand
        or any(name in incident.facts for name in answer.unknown)
    )
    return step.outcome == answer.outcome and facts and not is_new


def _ends_measure(incident: Incident, step: StepState, answer: StepOutcome) -> bool:
    """Whether this switches off what is still on: a deed of its own, however often it was put off, and the one that
    an incident takes after it was closed over a measure that was left.
    """
    return _is_to_be_ended(incident, step) and answer.outcome in ENDS_MEASURE


def _is_to_be_ended(incident: Incident, step: StepState) -> bool:
    """Whether it is the undo of a measure in force: what becomes of that is written down after closing, too."""
    return any(measure.undo is step for measure in incident.in_force())


def entries_of(
    incident: Incident, step: StepState, answer: StepOutcome, now: datetime, before: Sequence[Entry] = ()
) -> list[Entry]:
    """The events of an answer: what it says of the step, and the promise that a provider made in it, if any.

    `before` are entries that are written in front of these, all at once.
    """
    facts = answer.facts if answer.outcome == "done" else {}
    hearing = Hearing(answer.by, now, answer.at, answer.recorded_by, answer.how)
    corrects = answer.correct and step.settled
    # The step's own facts become true when it is done.
    known = {**answer.facts, **(step.plan.sets if answer.outcome == "done" else {})}
    unknown = unknown_by(incident, step, answer.outcome, known, answer.unknown) if corrects else []
    settled = StepSettled(
        step.id,
        title_of(incident, step),
        answer.outcome,
        note=answer.note or (kept_note(incident, step, answer.outcome) if corrects else ""),
        facts=known,
        evidence=dict(answer.evidence),
        by_hand=answer.by_hand,
        # What was left out, by a person or by its `only_if`, and is done after all stands in place of that.
        corrects=step.seq if answer.correct or (step.by_condition and not step.settled) else 0,
        unknown=unknown,
        before=before_of(incident, known, unknown) if corrects else {},
        by_condition=answer.by_condition,
    )
    retold = Retold(unknown, answer.outcome == "done") if corrects and step.outcome == "done" else None
    return [hearing.entry(settled), *promises_in(incident, step, facts, hearing, before, corrects=retold)]


def find(incident: Incident, address: str) -> StepState:
    """The step at `address`. Raises InputError with the nearest names."""
    if address in incident:
        return incident[address]
    known = [*incident.steps, *incident.undos]
    close = get_close_matches(address, known, 3, 0.5)
    hint = (
        _("did you mean {names}?").format(names=_(" or ").join(close))
        if close
        else _("the steps: {names}").format(names=", ".join(incident.steps))
    )
    raise InputError(_('this incident has no step "{name}"').format(name=address), hint)


def read_facts(step: StepState, given: Mapping[str, str], place: Place) -> dict[str, str]:
    """The facts given for a step, read by their types, without those that are said to be unknown (`?`).

    Raises InputError for a strange one.
    """
    asked = {fact.name: fact for fact in step.plan.facts}
    read = {}
    for name, typed in given.items():
        if name not in asked:
            hint = (
                _("it asks for: {names}").format(names=", ".join(asked))
                if asked
                else _("set a fact of the incident: bcp incident amend --fact NAME=VALUE")
            )
            words = _('the step "{step}" does not ask for "{name}"')
            raise InputError(words.format(step=step.id, name=name), hint)
        if typed.strip() != NOT_KNOWN:
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
    return [fact.name for fact in step.plan.facts if fact.required and fact.name not in given]


def check_outcome(outcome: str, note: str) -> None:
    """Raises InputError for a word that is no outcome, and for an outcome that wants a reason."""
    if outcome not in OUTCOMES:
        raise InputError(
            _('"{word}" is no outcome').format(word=outcome),
            _("the outcomes: {words}").format(words=", ".join(OUTCOMES)),
        )
    if outcome != "done" and not note.strip():
        raise InputError(
            _("the outcome {outcome} needs its reason").format(outcome=said_outcome(outcome)),
            _('add it: --note "why"'),
        )


def is_closed(incident: Incident) -> InputError:
    """Nothing more is written to a closed incident but the end of what is still in force."""
    ends = [undo_command(incident, measure.step.id) for measure in incident.in_force()]
    log = _("read it: {command}").format(command=f"bcp {noun(incident)} log --incident {incident.id}")
    return InputError(
        _("{id} is closed already").format(id=incident.id),
        one_each(_("end what is still in force:"), ends) + f"\n{log}" if ends else log,
    )


def _check_measure(incident: Incident, step: StepState) -> None:
    if step.section != "undo" or any(measure.undo is step for measure in incident.measures()):
        return
    raise InputError(
        _('"{title}" ends nothing: its measure is not in force').format(title=title_of(incident, step)),
        _("say first that the step is done: {command}").format(
            command=f"bcp {noun(incident)} step done {step.id.removesuffix('.undo')}"
        ),
    )


def _check_time(incident: Incident, step: StepState, answer: StepOutcome, now: datetime) -> None:
    at, zone = answer.at, incident.zone
    if at is None:
        return
    if at > now:
        raise InputError(
            _("{time} is still to come").format(time=local(at, zone)),
            _("give the time at which it was done: --at 9:12"),
        )
    if at < to_the_minute(incident.opened_at):
        began = incident.opened_at.astimezone(zone)
        words = _("{time} is before the incident began ({began})")
        raise InputError(
            words.format(time=local(at, zone), began=local(began, zone)),
            _("give a time from its start on, such as --at {time}; what came before goes into a note").format(
                time=f"{began:%H:%M}"
                if began.date() == now.astimezone(zone).date()
                else f'"{began:%Y-%m-%d %H:%M}"'
            ),
        )

    def out_of_order(words: str, other: StepState) -> InputError:
        said = who_said(incident, other, now)
        told = words.format(time=local(at, zone), title=title_of(incident, other), said=said)
        return InputError(told, _("correct one of the two times, or the order"))

    # What stands on paper is so: two people work side by side. Only what was switched off was on before.
    if answer.how == "paper" and step.section != "undo":
        return
    before, after = _neighbours(incident, step)
    if before is not None and at < to_the_minute(_when(before)):
        raise out_of_order(_('{time} is before "{title}" ({said}), which comes first'), before)
    if after is not None and at > _when(after):
        raise out_of_order(_('{time} is after "{title}" ({said}), which comes later'), after)


def to_the_minute(moment: datetime) -> datetime:
    """Times are told to the minute: 9:12 is not before what happened at 9:12:30."""
    return moment.replace(second=0, microsecond=0)


def _neighbours(incident: Incident, step: StepState) -> tuple[StepState | None, StepState | None]:
    """The last of the settled steps that must come before `step`, and the first of those that must come after.

    Order holds within one runbook: one that a decision entered is done while that which asked for it stands half done.
    """
    if step.section == "undo":
        return incident[step.id.removesuffix(".undo")], None
    home = incident.phase_of(step)
    if home is None:
        return None, None
    address = step.id.rpartition("/")[0]
    phases = [phase for phase in incident.phases if phase.steps[0].id.rpartition("/")[0] == address]
    own = next(number for number, phase in enumerate(phases) if phase is home)
    place = home.steps.index(step)
    around: tuple[list[StepState], list[StepState]] = (
        ([], []) if home.any_order else (home.steps[:place], home.steps[place + 1 :])
    )
    before = [*(each for phase in phases[:own] for each in phase.steps), *around[0]]
    after = [*around[1], *(each for phase in phases[own + 1 :] for each in phase.steps)]
    return (
        max((each for each in before if _counts(each)), key=_when, default=None),
        min((each for each in after if _counts(each)), key=_when, default=None),
    )


def _counts(step: StepState) -> bool:
    """Whether its time says something about the order."""
    return step.answered and not step.entered


def _when(step: StepState) -> datetime:
    assert step.at is not None
    return step.at
