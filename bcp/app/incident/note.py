"""Writes a note into the record; one that tells a promise makes the promise, too."""

from __future__ import annotations

from dataclasses import dataclass

from bcp.app.incident.settle import moment_of
from bcp.app.ledger.request import Agree, time_to_come
from bcp.app.session import Session
from bcp.errors import InputError
from bcp.i18n import _
from bcp.incident import promising
from bcp.incident.answer import to_the_minute
from bcp.incident.events.note import NoteWritten
from bcp.incident.journal import IncidentJournal


@dataclass(frozen=True, slots=True)
class NoteRequest:
    """A note as it was typed; `provider` promised it by the time `promised`, as people say it."""

    text: str
    at: str | None = None
    by: str | None = None
    provider: str = ""
    promised: str = ""


def note(session: Session, book: IncidentJournal, request: NoteRequest, agree: Agree) -> str:
    """Write it; the id of the promise that it tells, or nothing. Raises InputError for what is missing or no time."""
    doer = session.person(request.by, book.incident.plan.names)
    typist = session.typist(request.by, book.incident.plan.names)
    if not request.text.strip():
        raise InputError(_("the note is empty"), _('write it in quotes: bcp incident note "Netia called"'))
    at = moment_of(session, book.incident.zone, request.at)
    if at is not None and at < to_the_minute(book.incident.opened_at):
        raise InputError(
            _("that is before the incident began"), _("give a time after its start, or leave --at out")
        )
    promise = ""
    if request.provider or request.promised:
        if not request.provider or not request.promised:
            raise InputError(
                "a promise has somebody who made it, and a time",
                'give both: --from Netia --promised "tomorrow noon"',
            )
        due = time_to_come(session, book.incident.zone, request.promised, "--promised", agree)
        told = promising.PromiseHeard(request.provider, request.text, due, request.promised, at=at)
        promise = promising.make(book, told, doer, typist, session.clock.now())
    book.write(lambda _incident: [NoteWritten(request.text.strip()).entry(doer, at, typist)])
    return promise
