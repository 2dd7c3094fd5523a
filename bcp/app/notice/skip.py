"""`notice skip`: sets a letter that waits aside, so that its contact is told in another way; and takes that back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bcp.app.notice.history import rows_of
from bcp.app.notice.office import letters_of
from bcp.app.session import Session
from bcp.command_words import as_typed
from bcp.errors import InputError
from bcp.i18n import _
from bcp.incident.events.note import NoteWritten
from bcp.incident.journal import IncidentJournal
from bcp.notice.campaign.letters import IncidentLetters
from bcp.notice.campaign.outbox import HELD, SAME_ADDRESS, SKIPPED, Key, LetterRow, Taken, is_set_aside, waits


@dataclass(frozen=True, slots=True)
class Skipped:
    """Whose letters were set aside or taken up, how many; by which way he is written to next, if there is one; and the
    command that sends what waits.
    """

    name: str
    letters: int
    next_way: str
    send: str


def skip_letter(session: Session, book: IncidentJournal, by: str, name: str) -> Skipped:
    """Set what waits for a contact aside: his next way is queued, else he is to be called.

    Those who share the letter take their next way, too. Raises InputError where nothing waits for him.
    """
    letters = letters_of(session, book.incident, by)
    rows = rows_of(letters, name)
    waiting = [row for row in rows if waits(row)]
    if not waiting:
        raise _nothing_waits(letters, rows)
    for row in waiting:
        why = f": {row.reply}" if row.reason == HELD else ""
        try:
            letters.post.ledger.skip(row.key, f"{SKIPPED}{by}{why}", session.clock.now())
        except Taken:
            raise _nothing_waits(letters, rows_of(letters, name)) from None
    return _done(session, book, letters, [row.key for row in waiting], _("a letter that waited is set aside"))


def take_up_letter(session: Session, book: IncidentJournal, by: str, name: str) -> Skipped:
    """Queue what was set aside for a contact. Raises InputError where nothing was, or another way is out by now."""
    letters = letters_of(session, book.incident, by)
    aside = [row for row in rows_of(letters, name) if is_set_aside(row)]
    if not aside:
        raise InputError(f"no letter to {name} was set aside", "see: bcp notice status")
    for row in aside:
        try:
            letters.post.ledger.take_up(row.key, session.clock.now())
        except Taken:
            hint = as_typed(("bcp", "notice", "status", name))
            raise InputError(f"{row.name} was written to by another way since", f"see: {hint}") from None
    return _done(
        session, book, letters, [row.key for row in aside], _("a letter that was set aside waits again")
    )


def _done(
    session: Session, book: IncidentJournal, letters: IncidentLetters, keys: list[Key], words: str
) -> Skipped:
    """Write it down without the name, which would stay in the record for good, and the call list anew."""
    book.write(lambda _incident: [NoteWritten(words).entry(letters.affair.by)] * len(keys))
    campaigns = [letters.campaign(name) for name in dict.fromkeys(key.campaign for key in keys)]
    letters.write_calls(campaigns[-1])
    mine = [row for row in letters.rows() if row.key.contact == keys[0].contact]
    ways = [row.key.channel for row in mine if waits(row) and row.key not in keys]
    last = campaigns[-1]
    send = as_typed(("bcp", "notice", "send", last.notice, last.audience))
    return Skipped(mine[0].name, len(keys), ways[0] if ways else "", session.meant(book.incident, send))


def _nothing_waits(letters: IncidentLetters, rows: Iterable[LetterRow]) -> InputError:
    mine = list(rows)
    name = mine[0].name
    if any(row.state == "in-flight" for row in mine):
        return InputError(
            f"a letter to {name} is on its way at this moment", "see in a minute: bcp notice status"
        )
    shared = next((row.reason for row in mine if row.reason.startswith(SAME_ADDRESS)), "")
    if shared:
        holder = shared.removeprefix(SAME_ADDRESS)
        called = next((row.name for row in letters.rows() if row.key.contact == holder), holder)
        hint = as_typed(("bcp", "notice", "skip", called))
        return InputError(f"{name} shares the mailbox and the letter of {called}", f"skip that one: {hint}")
    return InputError(f"no letter waits for {name}", f"see: {as_typed(('bcp', 'notice', 'status', name))}")
