"""`notice calls, called, answer`: what is told by phone, and what clients answer afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from bcp.app.book import doer_of
from bcp.app.notice.by_hand import page_of
from bcp.app.notice.meant import Meant
from bcp.app.notice.office import letters_of, post_of
from bcp.app.session import Session
from bcp.contact.model import Contact
from bcp.errors import InputError
from bcp.incident.journal import IncidentJournal
from bcp.incident.state import Incident
from bcp.notice.campaign.calls import RESULTS
from bcp.notice.campaign.codes import ticks
from bcp.notice.campaign.letters import IncidentLetters
from bcp.notice.campaign.outbox import Campaign
from bcp.notice.campaign.post import Post, find
from bcp.notice.inbox.satisfaction import WORDS, SatisfactionAnswer
from bcp.store.board import StoredAnswers


@dataclass(frozen=True, slots=True)
class CallList:
    """The calls of the last sending; `file` is None where nobody is left to be called.

    `page` is the one for a phone, None where nobody is left to be told at all. `without_number` are the names of those
    who are not told and cannot be called.
    """

    incident: Incident
    letters: IncidentLetters
    campaign: Campaign | None
    callers: tuple[str, ...]
    file: Path | None
    page: Path | None
    without_number: tuple[str, ...] = ()


def call_list(session: Session, incident: Incident, staff: Sequence[str]) -> CallList:
    """Write the calls of the last sending, split among `staff`, else among everybody of the office.

    Raises InputError for somebody who is not of the staff.
    """
    letters = letters_of(session, incident, "")
    callers = tuple(_name_of(letters.post, one) for one in staff)
    told = [one for one in letters.post.ledger.campaigns(incident.id) if one.tells]
    campaign = told[-1] if told else None
    file = letters.write_calls(campaign, callers) if campaign else None
    silent = tuple(letters.by_hand.without_number(campaign)) if campaign else ()
    return CallList(incident, letters, campaign, callers, file, page_of(letters), silent)


def _name_of(post: Post, said: str) -> str:
    """The name of a person of the staff. Raises InputError for nobody."""
    person = post.office.person(said)
    if person is None:
        raise InputError(f'there is nobody called "{said.strip()}"', "see the people in bcp.yaml")
    return person.name


@dataclass(frozen=True, slots=True)
class Called:
    """What was reported of each who was called or written to by hand, and how many are not accounted for after it."""

    reports: tuple[CallReport, ...]
    left: int


class CallReport(NamedTuple):
    """Who was called, what came of it in words, and what `stands` as it was written down before.

    `taken_back` letters that waited are not sent any more; of `out` letters nobody can say that they did not arrive.
    """

    name: str
    words: str
    stands: str = ""
    taken_back: int = 0
    out: int = 0


def note_calls(session: Session, book: IncidentJournal, typed: Sequence[str], by: str | None) -> Called:
    """Keep what came of calls, in the same ledger: `NAME RESULT`, or `CODE=RESULT` as often as one likes.

    A list that is typed again changes nothing, and takes nobody's "told" away; `NAME RESULT` does what it says. Raises
    InputError, before anything is written, for a code or a contact that there is not or that is in no sending.
    """
    found = ticks(typed)
    letters = letters_of(session, book.incident, doer_of(session, book, by))
    who = Meant(letters)
    people = [who.contact(one.who) for one in found.all]
    reports = []
    for tick, contact in zip(found.all, people, strict=True):
        words = RESULTS[tick.result][1]
        before = letters.called(contact)
        if found.is_list and before and (before.state == "sent" or before.reason.startswith(words)):
            reports.append(CallReport(contact.called, words, before.reason))
            continue
        taken_back = letters.note_call(contact, tick.result, letters.affair.by)
        out = _out(letters, contact) if RESULTS[tick.result][0] == "sent" else 0
        reports.append(CallReport(contact.called, words, "", taken_back, out))
    letters.rewrite_papers()
    return Called(tuple(reports), len(letters.unaccounted()))


def _out(letters: IncidentLetters, contact: Contact) -> int:
    """How many letters may have arrived as well; one that a person was to send is what is reported."""
    mine = (row for row in letters.rows() if row.key.contact == contact.id)
    return sum(row.state in ("in-flight", "unknown") and not letters.by_hand.is_ready(row) for row in mine)


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
