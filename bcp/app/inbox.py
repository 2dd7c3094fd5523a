"""What clients answered: the mailbox is read, and each reply has somebody who looks after it."""

from __future__ import annotations

from typing import Literal, NamedTuple

from bcp.app.notice.office import post_of
from bcp.app.office import office_of, person_in
from bcp.app.session import Session
from bcp.app.worlds import world_of
from bcp.command_words import as_typed
from bcp.errors import InputError
from bcp.incident.journal import open_incidents
from bcp.notice.inbox.board import ClientReply, SortedMail
from bcp.notice.inbox.known import letters
from bcp.notice.inbox.opting_out import OptingOut, OptOut
from bcp.notice.inbox.post_in import PostIn
from bcp.notice.inbox.sorted import Sorted
from bcp.store.board import StoredBoard
from bcp.store.outbox import Outbox

WAITS = ("open", "taken")
"""The states of a reply to which nobody answered yet."""


class NumberedReply(NamedTuple):
    """A reply, and its number in the list, from 1."""

    number: int
    reply: ClientReply


class Moved(NamedTuple):
    """What became of a reply: its state, and who looks after it."""

    contact: str
    status: str
    owner: str


def fetch_replies(session: Session) -> Sorted:
    """Read the mailbox: bounces go to the ledger, replies to the board; how many there were of each kind."""
    post = post_of(session)
    campaigns = list(session.stores.of(Outbox).all_campaigns())
    board = session.stores.of(StoredBoard)
    opened = [
        session.book(one, "incident").incident.opened_at for one in open_incidents(session.log, "incident")
    ]
    since = min(opened, default=None)
    return PostIn(post, board, world_of(session), campaigns, since, session.progress).fetch()


def sorted_away(session: Session) -> list[SortedMail]:
    """What nobody has to answer, newest first; earlier versions kept automatic answers among the replies."""
    board = session.stores.of(StoredBoard)
    before = [
        SortedMail(one.message_id, "automatic", one.contact, one.sender, one.subject, "", one.at)
        for one in board.replies()
        if one.status == "automatic"
    ]
    return [*board.sorted_mails(), *reversed(before)]


def opt_out(session: Session, which: str, by: str | None) -> OptOut:
    """Write no more letters to whoever wrote a reply, and tell him so; a program is told nothing.

    Raises InputError as `move_reply` does, and where a mail server wrote it.
    """
    post, board = post_of(session), session.stores.of(StoredBoard)
    reply = _waiting(board, which)
    if reply.kind == "hint":
        words = f"a mail server wrote that mail about {reply.contact}, who asked for nothing"
        raise InputError(words, "call, then say so: bcp inbox answered REPLY")
    move_reply(session, which, "answered", by)
    rows = list(letters(post, session.stores.of(Outbox).all_campaigns()))
    desk = OptingOut(post, board, world_of(session), rows)
    return desk.take_out(reply.sender, reply.message_id, is_program=reply.kind == "look")


def opt_in(session: Session, which: str, by: str | None) -> str:
    """Write again to an address that opted out by mail, and wrote this reply since; the address.

    Raises InputError as `move_reply` does, and where that address did not opt out by mail.
    """
    board = session.stores.of(StoredBoard)
    reply = _waiting(board, which)
    if not board.take_back(reply.sender):
        words = f"{reply.sender} did not opt out by mail"
        raise InputError(words, "a wish in the contact list is changed there: bcp contact list")
    move_reply(session, which, "answered", by)
    return reply.sender


def replies(session: Session, every: bool) -> list[NumberedReply]:
    """Those that wait for an answer, oldest first; with `every` also those that are answered or automatic."""
    found = session.stores.of(StoredBoard).replies()
    return [
        NumberedReply(number, reply)
        for number, reply in enumerate(found, 1)
        if every or reply.status in WAITS
    ]


def move_reply(
    session: Session, which: str, status: Literal["taken", "answered"], by: str | None, to: str | None = None
) -> Moved:
    """Change who looks after a reply: `which` is its number in the list, or the name of who wrote.

    `to` is the person it is handed to, else whoever acts. Raises InputError where it fits none or several, where
    somebody else looks after it, and where somebody else was first.
    """
    office = office_of(session)
    doer = person_in(session, office, by)
    owner = person_in(session, office, to) if to else doer
    board = session.stores.of(StoredBoard)
    reply = _waiting(board, which)
    if reply.status == "taken" and reply.owner != doer and to is None:
        raise InputError(
            f"{reply.owner} looks after it",
            f"let it be handed over: bcp inbox {as_typed(('hand-to', which, doer))}",
        )
    if not board.move(reply.message_id, status, owner, (reply.status, reply.owner), session.clock.now()):
        raise InputError("somebody else was first", "look again: bcp inbox list")
    return Moved(reply.contact, status, owner)


def _waiting(board: StoredBoard, which: str) -> ClientReply:
    """The reply that waits and is meant. Raises InputError where it is not one."""
    every = board.replies()
    numbered = [reply for number, reply in enumerate(every, 1) if which == str(number)]
    near = numbered or [reply for reply in every if which.casefold() in reply.contact.casefold()]
    waiting = [reply for reply in near if reply.status in WAITS]
    if len(waiting) != 1:
        words = f'"{which}" fits {len(waiting)} replies that wait'
        raise InputError(words, "give its number: bcp inbox list")
    return waiting[0]
