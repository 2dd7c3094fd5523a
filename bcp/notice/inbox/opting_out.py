"""Keeps what `List-Unsubscribe` promises: the address gets no more letters, and is told so, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from typing import NamedTuple

from bcp.contact.model import Contact
from bcp.i18n import _
from bcp.notice.campaign.outbox import OPTED_OUT, RESERVE, Key, LetterRow, Settled, message_id, waits
from bcp.notice.campaign.post import Post
from bcp.notice.channel.base import Envelope
from bcp.notice.channel.kinds.smtp import Smtp
from bcp.notice.inbox.board import Board
from bcp.notice.inbox.known import first_hand
from bcp.notice.inbox.opt_out import answer
from bcp.outside import World


class OptOut(NamedTuple):
    """Who gets no more letters: the name and the address, what else was written, and why no answer went out."""

    name: str
    address: str
    words: str
    unanswered: str


@dataclass
class OptingOut:
    """Takes addresses out of all later letters; `rows` are the letters of all incidents, the oldest first."""

    post: Post
    board: Board
    world: World
    rows: Sequence[LetterRow]

    def whose(self, address: str) -> str:
        """Whose address it is, of all whom we write to; nothing where it is nobody's."""
        row, contact = self._last_to(address), self._contact(address)
        return row.name if row else contact.called if contact else ""

    def take_out(self, address: str, answered: str, words: str = "", *, is_program: bool = False) -> OptOut:
        """Write no more to the address that wrote the mail `answered`, and answer it: once, and never a program."""
        now = self.post.clock.now()
        self.post.ledger.suppress(address, OPTED_OUT, now)
        settled = Settled("cancelled", now, reply="asked for no more letters", counts=False)
        for row in self._to(address):
            if waits(row) or row.reason == RESERVE:
                self.post.ledger.settle(row.key, settled)
        if is_program:
            unanswered = _("a program wrote it")
        # Kept before it goes out: who is told nothing is better off than who is told again and again.
        elif not self.board.begin_answer(address, now):
            unanswered = _("it was answered before")
        else:
            unanswered = self._answer(address, answered)
        return OptOut(self.whose(address), address, words, unanswered)

    def _answer(self, address: str, answered: str) -> str:
        """Send the answer by the channel of the last letter; why it did not go out, or nothing."""
        row, contact, office = self._last_to(address), self._contact(address), self.post.office
        ways = self.post.ways.channels
        named = ways.get(row.key.channel) if row else None
        way = (
            named
            if isinstance(named, Smtp)
            else next((w for w in ways.values() if isinstance(w, Smtp)), None)
        )
        if way is None:
            return _("no channel sends mail")
        language = (contact and contact.language) or (row and row.language) or office.language
        sender = (parseaddr(way.sender)[0] or office.name, way.address)
        own = message_id(way.address.rpartition("@")[2])
        try:
            content = answer(
                sender, address, language, answered, message_id=own, reply_to=way.reply_address()
            )
        except ValueError as error:
            return str(error)
        files, now = self.post.files("inbox"), self.post.clock.now()
        envelope = Envelope(Key("inbox", "", ""), address, content, now, office.timezone, files)
        handed = way.send(envelope, self.world, lambda: None)
        return "" if handed.fate == "sent" else handed.reply

    def _to(self, address: str) -> list[LetterRow]:
        return [row for row in self.rows if row.address.casefold() == address.casefold()]

    def _last_to(self, address: str) -> LetterRow | None:
        return next(reversed(first_hand(self._to(address))), None) if address else None

    def _contact(self, address: str) -> Contact | None:
        wanted = address.casefold()
        known = (one for one in self.post.contacts.all if one.email and one.email.casefold() == wanted)
        return next(known, None)
