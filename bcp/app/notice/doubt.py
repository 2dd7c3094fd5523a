"""Decides about letters of which nobody knows whether they arrived; none of it happens by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bcp.app.notice.meant import Meant
from bcp.app.notice.office import letters_of
from bcp.app.session import Session
from bcp.command_words import as_typed
from bcp.errors import InputError
from bcp.i18n import _
from bcp.incident.events.note import NoteWritten
from bcp.incident.journal import IncidentJournal
from bcp.notice.campaign.letters import IncidentLetters
from bcp.notice.campaign.outbox import CALL, LetterRow, State, message_id_of
from bcp.notice.channel.kinds.smtp import Smtp


class DoubtRequest(NamedTuple):
    """What a person asks to be done; names of contacts, `delivered` may be `all`."""

    look_up: bool = False
    other_way: str | None = None
    send_again: str | None = None
    delivered: str | None = None
    reason: str = ""


class Doubts(NamedTuple):
    """What was decided, a sentence each without names; and the letters that are still unknown."""

    decided: list[str]
    left: list[LetterRow]


def decide_doubts(session: Session, book: IncidentJournal, by: str, request: DoubtRequest) -> Doubts:
    """Do what was asked, and write it into the journal. Raises InputError for a letter of which nothing is unknown."""
    letters = letters_of(session, book.incident, by)
    decided = _decide(letters, request)
    entries = [NoteWritten(words).entry(by) for words in decided]
    book.write(lambda _incident: entries)
    if decided:
        letters.rewrite_papers()
    return Doubts(decided, _unknown_rows(letters))


def _decide(letters: IncidentLetters, request: DoubtRequest) -> list[str]:
    said = list(look_up(letters)) if request.look_up else []
    if request.delivered:
        every = request.delivered == "all"
        rows = _unknown_rows(letters) if every else [_unknown(letters, request.delivered)]
        for row in rows:
            _settle(letters, row, "sent", f"delivered, says {letters.affair.by}")
        said.append(f"{len(rows)} letters that were unknown are delivered")
    if request.other_way:
        row = _with_text(letters, request.other_way)
        if not letters.post.ledger.take_next_way(row.key.campaign, row.key.contact):
            raise InputError(f"{row.name} has no other way", "call: bcp notice calls")
        said.append("a letter that is unknown goes out once more, by the contact's next way")
    if request.send_again:
        reason = request.reason.strip()
        if not reason:
            raise InputError("sending once more may arrive twice, and needs a reason", '--reason "why"')
        _settle(letters, _with_text(letters, request.send_again), "queued", f"sent again: {reason}")
        said.append(f"a letter that is unknown goes out again on purpose: {reason}")
    return said


def _unknown_rows(letters: IncidentLetters) -> list[LetterRow]:
    """Of which nobody knows whether they arrived; who was told by phone since needs no answer to that."""
    rows = list(letters.rows())
    called = [row for row in rows if row.key.channel == CALL and row.state == "sent" and row.last_at]
    return [row for row in rows if row.state == "unknown" and not any(_settles(one, row) for one in called)]


def _settles(call: LetterRow, row: LetterRow) -> bool:
    """Whether the call came after the letter, or while it was on its way: nothing of that sending went out later."""
    if call.key.contact != row.key.contact or call.last_at is None or row.last_at is None:
        return False
    return call.key.campaign == row.key.campaign or row.last_at <= call.last_at


def _settle(letters: IncidentLetters, row: LetterRow, state: State, reason: str) -> None:
    letters.post.ledger.settle_doubt(row.key, state, reason, letters.post.clock.now())


def _unknown(letters: IncidentLetters, name: str) -> LetterRow:
    contact = Meant(letters).contact(name)
    for row in _unknown_rows(letters):
        if row.key.contact == contact.id:
            return row
    raise InputError(f"nothing is unknown about {contact.called}", "see: bcp notice unknown")


def _with_text(letters: IncidentLetters, name: str) -> LetterRow:
    """The letter that is unknown. Raises InputError where its text was lost with the computer that it waited on."""
    row = _unknown(letters, name)
    if not letters.post.ledger.content(row.key):
        notice = row.key.campaign.split("/")[1]
        raise InputError(
            f"the text of the letter to {row.name} was lost with the other computer",
            f"call: bcp notice calls   or tell everybody anew: bcp notice send {as_typed((notice,))} AUDIENCE --again",
        )
    return row


def look_up(letters: IncidentLetters) -> Iterator[str]:
    """Those that lie in the folder of sent mail were sent; so were those whose copy for us came back."""
    inbox = letters.post.ways.inbox
    mails = {name: way for name, way in letters.post.ways.channels.items() if isinstance(way, Smtp)}
    if inbox is None or not (inbox.sent or any(way.copy_address for way in mails.values())):
        raise letters.post.ways.lacks(_("folder of sent mail"), "inbox: {host: …, user: …, sent: Sent}")
    mailbox = letters.world.mailbox(inbox.server)
    for row in _unknown_rows(letters):
        way = mails.get(row.key.channel)
        name = message_id_of(letters.post.ledger.content(row.key)) if way else ""
        # The id of a contact is made of its name, which would be in the record for good.
        if name and inbox.sent and mailbox.search(inbox.sent, name):
            _settle(letters, row, "sent", "found in the sent mail")
            yield "a letter that was unknown was found in the sent mail"
        elif name and way and way.copy_address and mailbox.search(inbox.folder, name):
            _settle(letters, row, "sent", "its copy came back to us")
            yield "a letter that was unknown was sent: its copy came back to us"
