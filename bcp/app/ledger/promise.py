"""What providers promised: writing it down, settling it, and how each provider kept its word."""

from __future__ import annotations

from dataclasses import dataclass

from bcp.app.book import book_of, doer_of, typist_of
from bcp.app.incident.find import read
from bcp.app.incident.settle import moment_of
from bcp.app.incident.summaries import summaries
from bcp.app.ledger.request import Agree, time_to_come
from bcp.app.session import Session
from bcp.incident import promising
from bcp.promise.record import ProviderRecord, records


@dataclass(frozen=True, slots=True)
class PromiseRequest:
    """A promise as it was typed: `due` and `at` are times as people say them, `person` heard it."""

    what: str
    provider: str
    due: str
    said_by: str = ""
    ticket: str = ""
    channel: str = ""
    at: str | None = None
    person: str | None = None


def add(session: Session, asked: str | None, wanted: PromiseRequest, agree: Agree) -> str:
    """Write down a promise; its id. Raises InputError for times that are none."""
    book = book_of(session, asked)
    said_at = moment_of(session, book.incident.zone, wanted.at)
    due = time_to_come(session, book.incident.zone, wanted.due, "--by", agree)
    told = promising.PromiseHeard(
        wanted.provider,
        wanted.what,
        due,
        wanted.due,
        wanted.said_by,
        wanted.ticket,
        wanted.channel,
        said_at,
    )
    heard_by, typist = doer_of(session, book, wanted.person), typist_of(session, book, wanted.person)
    return promising.make(book, told, heard_by, typist, session.clock.now())


def settle(
    session: Session,
    asked: str | None,
    promise: str,
    is_kept: bool,
    *,
    by: str | None,
    at: str | None,
    note: str,
) -> None:
    """Say that a promise was kept, or was not. Raises InputError for one that there is not."""
    book = book_of(session, asked)
    promising.settle(
        book,
        promise,
        is_kept,
        doer_of(session, book, by),
        recorded_by=typist_of(session, book, by),
        now=session.clock.now(),
        at=moment_of(session, book.incident.zone, at),
        note=note,
    )


def providers(session: Session) -> list[ProviderRecord]:
    """How each provider kept its promises, over all incidents."""
    of_some = [each for each in summaries(session, "incident") if each.promises]
    promises = (list(each.promises.values()) for each in read(session, of_some))
    return records(promises, session.clock.now())
