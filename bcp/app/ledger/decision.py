"""The questions with a deadline: how they stand, deciding one, putting one off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from bcp.app.book import book_of, doer_of
from bcp.app.ledger.request import Agree, time_to_come
from bcp.app.session import Session
from bcp.incident import deciding, decision_due
from bcp.incident.decision import DecisionState
from bcp.incident.state import Incident


class Decisions(NamedTuple):
    """The decisions of an incident now, and those of them that are due, the most urgent first."""

    incident: Incident
    now: datetime
    due: Sequence[DecisionState]


class DecisionAnswer(NamedTuple):
    """The incident, and whether the answer entered a runbook."""

    incident: Incident
    enters: bool


def decisions(session: Session, asked: str | None) -> Decisions:
    """The decisions of the incident `asked` for, else of the only open one or the last."""
    incident, now = book_of(session, asked, closed_too=True).incident, session.clock.now()
    return Decisions(incident, now, decision_due.due(incident, now))


def answer(
    session: Session, asked: str | None, decision: str, chosen: str, *, reason: str, by: str | None
) -> DecisionAnswer:
    """Decide; an answer that names a runbook enters it. Raises InputError for an answer that there is not."""
    book = book_of(session, asked)
    enters = deciding.answer(book, decision, chosen, doer_of(session, book, by), reason=reason)
    return DecisionAnswer(book.incident, bool(enters))


def override(
    session: Session,
    asked: str | None,
    decision: str,
    until: str,
    *,
    reason: str,
    by: str | None,
    agree: Agree,
) -> None:
    """Put a decision off until a new hard time, as people say it. Raises InputError where that cannot be."""
    book = book_of(session, asked)
    found = deciding.find(book.incident, decision)
    when = time_to_come(session, book.incident.zone, until, "--until", agree)
    deciding.override(
        book, found.id, when, doer_of(session, book, by), reason=reason, now=session.clock.now()
    )
