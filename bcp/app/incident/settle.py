"""Writes down what became of a step that was not answered at the screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bcp.app.session import Session
from bcp.errors import InputError
from bcp.fact import not_known_words
from bcp.i18n import _
from bcp.incident import answer
from bcp.incident.journal import IncidentJournal
from bcp.times import parse_moment


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


def settle(session: Session, book: IncidentJournal, request: StepRequest) -> bool:
    """Write it down; whether anything is new.

    Raises InputError for what does not fit the step, or where it is being carried out right now.
    """
    incident, outcome = book.incident, request.outcome
    people = incident.plan.names
    answer.check_outcome(outcome, request.note)
    step = answer.find(incident, request.step)
    if step.begun is not None and session.stores.holds.is_held(incident.id, step.id):
        raise InputError(
            _('"{title}" is being carried out right now').format(title=step.title),
            _("wait until it ends: {command}").format(command=f"bcp {incident.kind} status"),
        )
    at = moment_of(session, incident.zone, request.at)
    place = session.place(incident)
    facts = answer.read_facts(step, request.facts, place._replace(now=at or place.now))
    unknown = [name for name in request.facts if name not in facts]
    if outcome == "done" and (
        missing := answer.missing_facts(step, {**incident.facts, **dict.fromkeys(unknown, ""), **facts})
    ):
        raise InputError(
            _('"{title}" asks for {names}').format(title=step.title, names=", ".join(missing)),
            " ".join(f"--fact {name}=…" for name in missing),
        )
    given = answer.StepOutcome(
        outcome,
        session.person(request.by, people),
        " · ".join(filter(None, (request.note.strip(), not_known_words(unknown)))),
        facts,
        # No action is loaded for this: it is done all the time. A plan from elsewhere was held to what its actions say.
        by_hand=not step.plan.by_person and outcome == "done",
        at=at,
        recorded_by=session.person(None, people),
        how="paper" if request.is_from_paper else "terminal",
        correct=request.corrects,
    )
    return bool(answer.settle(book, request.step, given, session.clock.now()))


def moment_of(session: Session, zone: ZoneInfo, text: str | None) -> datetime | None:
    """When something was, as it was typed; None where nothing was. Raises InputError for what is no time."""
    if text is None:
        return None
    try:
        return parse_moment(text, session.clock.now(), zone, past=True)
    except (ValueError, OverflowError):
        raise InputError(
            _('"{text}" is not a time').format(text=text),
            _('for example: --at 9:12   or --at "2026-11-26 9:12"'),
        ) from None
