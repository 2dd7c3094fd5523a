"""`notice calls, called, answer`: what is told by phone, and what clients answer afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bcp.app.book import doer_of
from bcp.app.notice.office import letters_of, post_of
from bcp.app.session import Session
from bcp.errors import InputError
from bcp.incident.journal import IncidentJournal
from bcp.incident.state import Incident
from bcp.notice.campaign.calls import RESULTS
from bcp.notice.campaign.letters import IncidentLetters
from bcp.notice.campaign.outbox import Campaign
from bcp.notice.campaign.post import Post, find
from bcp.notice.inbox.satisfaction import WORDS, SatisfactionAnswer
from bcp.store.board import StoredAnswers


@dataclass(frozen=True, slots=True)
class CallList:
    """The calls of the last sending; `file` is None where nobody is left to be called."""

    incident: Incident
    letters: IncidentLetters
    campaign: Campaign | None
    callers: tuple[str, ...]
    file: Path | None


def call_list(session: Session, incident: Incident, staff: Sequence[str]) -> CallList:
    """Write the calls of the last sending, split among `staff`, else among everybody of the office.

    Raises InputError for somebody who is not of the staff.
    """
    letters = letters_of(session, incident, "")
    callers = tuple(_name_of(letters.post, one) for one in staff)
    told = [one for one in letters.post.ledger.campaigns(incident.id) if one.tells]
    campaign = told[-1] if told else None
    file = letters.write_calls(campaign, callers) if campaign else None
    return CallList(incident, letters, campaign, callers, file)


def _name_of(post: Post, said: str) -> str:
    """The name of a person of the staff. Raises InputError for nobody."""
    person = post.office.person(said)
    if person is None:
        raise InputError(f'there is nobody called "{said.strip()}"', "see the people in bcp.yaml")
    return person.name


@dataclass(frozen=True, slots=True)
class Called:
    """What came of a call, in words, and how many are not accounted for after it."""

    name: str
    words: str
    left: int


def note_call(session: Session, book: IncidentJournal, contact: str, result: str, by: str | None) -> Called:
    """Keep what came of a call, in the same ledger. Raises InputError for a contact that is in no sending."""
    letters = letters_of(session, book.incident, doer_of(session, book, by))
    found = find(letters.post.contacts, letters.post.office, contact)
    letters.note_call(found, result, letters.affair.by)
    return Called(found.called, RESULTS[result][1], len(letters.unaccounted()))


@dataclass(frozen=True, slots=True)
class Answered:
    """Whose answer was kept, and all answers after this incident."""

    name: str
    answers: tuple[SatisfactionAnswer, ...]


def keep_answer(
    session: Session, book: IncidentJournal, contact: str, *, answer: str, comment: str, by: str | None
) -> Answered:
    """Keep what a client answered to the follow-up: one of `satisfaction.WORDS`, and a comment."""
    post = post_of(session)
    found = find(post.contacts, post.office, contact)
    answers = session.stores.of(StoredAnswers)
    doer, now = doer_of(session, book, by), session.clock.now()
    answers.keep(SatisfactionAnswer(book.incident.id, found.id, WORDS[answer], comment, doer, now))
    return Answered(found.called, tuple(answers.answers(book.incident.id)))
