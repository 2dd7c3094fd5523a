"""Writes down what became of a step that was not answered at the screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bcp.app.session import Session
from bcp.errors import InputError
from bcp.event import Event
from bcp.fact import not_known_words
from bcp.i18n import _
from bcp.incident import answer
from bcp.incident.correction import Plainly, follows, is_by_hand, last_answers
from bcp.incident.journal import IncidentJournal
from bcp.incident.state import Incident, StepState
from bcp.incident.text import title_of
from bcp.times import is_clock, is_to_come, local, parse_moment


@dataclass(frozen=True, slots=True)
class StepRequest:
    """What became of a step, as it was typed: `facts` are answers by name, `at` a clock time or a date with one."""

    step: str
    outcome: str
    note: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    at: str | None = None
    by: str | None = None
    is_from_paper: bool = False
    corrects: bool = False


AskAgain = Callable[[StepState, Mapping[str, str]], Mapping[str, str] | None]
"""Asks a person the questions of a step again, with the answers that are known: `{fact: answer}`, `?` for what nobody
knows. None where nobody is there."""


@dataclass(frozen=True, slots=True)
class StepWritten:
    """Whether anything new was written, and in lines what a correction changed in what is to be done."""

    is_new: bool
    follows: Sequence[str] = ()


def settle(session: Session, book: IncidentJournal, request: StepRequest, ask_again: AskAgain) -> StepWritten:
    """Write it down. A correction of answers, where none is named, asks the questions of the step again.

    Raises InputError for what does not fit the step, or where it is being carried out right now, StepFailed for the
    undo of something that still stands where it was set.
    """
    outcome, people = request.outcome, book.incident.plan.names
    answer.check_outcome(outcome, request.note)
    incident = book.incident
    step = answer.find(incident, request.step)
    if step.begun is not None and session.stores.holds.is_held(incident.id, step.id):
        raise InputError(
            _('"{title}" is being carried out right now').format(title=title_of(book.incident, step)),
            _("wait until it ends: {command}").format(command=f"bcp {incident.kind} status"),
        )
    at = moment_of(session, incident.zone, request.at)
    facts, unknown = _answers(session, incident, step, request, ask_again)
    given = answer.StepOutcome(
        outcome,
        session.person(request.by, people),
        " · ".join(
            filter(None, (request.note.strip(), not_known_words(unknown), _mark(request, incident, at)))
        ),
        facts,
        # No action is loaded for this: it is done all the time. A plan from elsewhere was held to what its actions say.
        by_hand=outcome == "done" and (is_by_hand(step) if request.corrects else not step.plan.by_person),
        at=at,
        recorded_by=session.typist(request.by, people),
        how="paper" if request.is_from_paper else "terminal",
        correct=request.corrects,
        unknown=unknown,
    )
    plan = Plainly(incident)
    written = _write(session, book, step, given)
    kept = [_("What you said is kept as a note.")] if not written and request.note.strip() else []
    return StepWritten(bool(written), [*follows(book.incident, plan)] if request.corrects else kept)


def _write(
    session: Session, book: IncidentJournal, step: StepState, given: answer.StepOutcome
) -> Sequence[Event]:
    """Write it. That something was taken back is looked at first, and it is not listed as set any more then."""
    now = session.clock.now()
    if step.section != "undo":
        return answer.settle(book, step.id, given, now)
    from bcp.app.incident import leftovers
    from bcp.app.incident.standing import Believer

    given = Believer(session, given.by).believed(book.incident, step, given)
    written = answer.settle(book, step.id, given, now)
    if written:
        leftovers.settle(session, book, given.by)
    return written


def _answers(
    session: Session, incident: Incident, step: StepState, request: StepRequest, ask_again: AskAgain
) -> tuple[dict[str, str], list[str]]:
    """The answers in their one form, and the facts that are said to be unknown. Raises InputError for missing ones."""
    at, place, typed = moment_of(session, incident.zone, request.at), session.place(incident), request.facts
    if request.corrects and request.outcome == "done" and step.plan.facts and not typed:
        typed = ask_again(step, last_answers(incident, step)) or {}
    facts = answer.read_facts(step, typed, place._replace(now=at or place.now, latest=place.now))
    unknown = [name for name in typed if name not in facts]
    missing = answer.missing_facts(step, {**incident.facts, **dict.fromkeys(unknown, ""), **facts})
    # A correction names what it changes; what it leaves out stays, also that it is not known.
    stays = request.corrects and step.outcome == "done"
    if request.outcome == "done" and missing and not stays:
        raise InputError(
            _('"{title}" asks for {names}').format(title=title_of(incident, step), names=", ".join(missing)),
            " ".join(f"--fact {name}=VALUE" for name in missing),
        )
    return facts, unknown


def _mark(request: StepRequest, incident: Incident, at: datetime | None) -> str:
    """What the record says of a time on paper that is out of the sheet's order; nothing of any other."""
    if not request.is_from_paper or at is None or request.step not in incident.steps:
        return ""
    from bcp.transcript.order import not_in_order, out_of_order

    return not_in_order() if out_of_order(incident, {request.step: at}) else ""


def moment_of(session: Session, zone: ZoneInfo, text: str | None, option: str = "--at") -> datetime | None:
    """When something was, as it was typed behind `option`; None where nothing was. Raises InputError for no time.

    A time of day that was still to come today is that of yesterday, and whoever typed it is told.
    """
    if text is None:
        return None
    now = session.clock.now()
    try:
        found = parse_moment(text, now, zone, past=True)
    except (ValueError, OverflowError):
        raise InputError(
            _('"{text}" is not a time').format(text=text),
            _('for example: {option} 9:12   or {option} "2026-11-26 9:12"').format(option=option),
        ) from None
    if is_to_come(found, now):
        raise to_come(found, now, zone, option)
    if is_clock(text) and found.astimezone(zone).date() != now.astimezone(zone).date():
        words = _('"{text}" is understood as {time}')
        session.remark(words.format(text=text.strip(), time=local(found, zone)))
    return min(found, now)


def to_come(at: datetime, now: datetime, zone: ZoneInfo, option: str) -> InputError:
    """Nothing has happened yet at a time to come; or this computer's clock is wrong."""
    words = _("{time} is still to come: on this computer it is {now}")
    return InputError(
        words.format(time=local(at, zone), now=local(now, zone)),
        _(
            "give the time at which it was: {option} 9:12   (is the computer's clock wrong? set it first)"
        ).format(option=option),
    )
