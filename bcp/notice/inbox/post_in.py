"""Reads the mailbox of the answers and sorts what lies in it: bounces, replies, automatic answers."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from bcp.i18n import _
from bcp.notice.campaign.outbox import Campaign, LetterRow, Settled, Taken
from bcp.notice.campaign.post import Post
from bcp.notice.inbox.inbox import (
    LARGEST_MAIL,
    Board,
    Bounce,
    ClientReply,
    Received,
    StrangeMail,
    about,
    read,
    strange,
)
from bcp.outside import World

_LOG = logging.getLogger(__name__)


@dataclass
class Sorted:
    """What one look into the mailbox brought."""

    bounces: int = 0
    replies: int = 0
    automatic: int = 0
    strange: int = 0
    unproven: list[str] = field(default_factory=list)
    """Contacts of whom a mail says that they cannot be reached, without naming a letter of ours."""
    left_aside: list[StrangeMail] = field(default_factory=list)
    """Mails that could not be read; they are among the `strange` ones."""


@dataclass
class PostIn:
    """Takes in what comes back, for all incidents."""

    post: Post
    board: Board
    world: World
    campaigns: list[Campaign]

    def fetch(self) -> Sorted:
        """Read what is new. Each message is taken in before its number is kept, so a crash repeats and loses nothing.

        Raises InputError where there is no mailbox or it cannot be opened.
        """
        inbox = self.post.ways.inbox
        if inbox is None:
            raise self.post.ways.lacks(
                _("mailbox for the answers"),
                "inbox: {host: imap.example.com, user: …, password: keyring:mail}",
            )
        mailbox = self.world.mailbox(inbox.server)
        name = self._numbered(f"{inbox.user}@{inbox.host}/{inbox.folder}", mailbox.validity(inbox.folder))
        letters, senders = self._letters()
        done = Sorted()
        for new in mailbox.fetch_new(inbox.folder, self.board.seen(name), LARGEST_MAIL):
            mail = strange(new.raw, new.why) if new.why else read(new.raw)
            self._take_in(mail, letters, senders, done)
            # Also of a strange one: it would stand in the way of every later one for ever.
            self.board.set_seen(name, new.number)
        return done

    def _numbered(self, name: str, validity: int) -> str:
        """Under what the last number is kept: where the server counts anew, all is read anew, and known replies stay.

        An earlier version kept it without the validity: that number goes on.
        """
        if not validity:
            return name
        kept, before = f"{name};{validity}", self.board.seen(name)
        if before:
            self.board.set_seen(kept, before)
            self.board.set_seen(name, 0)
        return kept

    def _take_in(
        self,
        mail: list[Bounce] | Received | StrangeMail,
        letters: Mapping[str, LetterRow],
        senders: Mapping[str, LetterRow],
        done: Sorted,
    ) -> None:
        if isinstance(mail, StrangeMail):
            _LOG.warning("a mail was left aside: %s", mail.why)
            done.strange += 1
            done.left_aside.append(mail)
        elif isinstance(mail, Received):
            self._reply(mail, about(mail, letters, senders), done)
        else:
            for bounce in mail:
                self._bounce(bounce, letters.get(bounce.message_id), senders, done)

    def _letters(self) -> tuple[dict[str, LetterRow], dict[str, LetterRow]]:
        """All letters by their Message-IDs, and the last one to each address."""
        ledger = self.post.ledger
        rows = [row for campaign in self.campaigns for row in ledger.rows(campaign.id)]
        by_key = {row.key: row for row in rows}
        ids = [named for campaign in self.campaigns for named in ledger.message_ids(campaign.id).items()]
        by_id = {name: by_key[key] for name, key in ids if key in by_key}
        return by_id, {row.address.casefold(): row for row in rows if "@" in row.address}

    def _bounce(
        self, bounce: Bounce, row: LetterRow | None, senders: Mapping[str, LetterRow], done: Sorted
    ) -> None:
        """Only the id of a letter of ours proves that a server had it: whom a mail names anybody can write."""
        if row is None:
            named = self._named(bounce.recipient.casefold(), senders)
            done.strange += 1
            if named and not bounce.delayed and named not in done.unproven:
                done.unproven.append(named)
            return
        if bounce.delayed:
            return
        now = self.post.clock.now()
        words = f"bounced: {bounce.status} {bounce.reason}".strip()
        try:
            self.post.ledger.bounce(row.key, Settled("failed", now, "bounce", reply=words, counts=False))
        except Taken:
            return
        if bounce.hard:
            self.post.ledger.suppress(row.address, words, now)
        done.bounces += 1

    def _named(self, address: str, senders: Mapping[str, LetterRow]) -> str:
        """Whose address it is: of whom a letter of ours went to, else of a contact; nothing where nobody has it."""
        if address in senders:
            return senders[address].name
        known = (one for one in self.post.contacts.all if one.email and one.email.casefold() == address)
        return next((one.called for one in known), "")

    def _reply(self, received: Received, row: LetterRow | None, done: Sorted) -> None:
        if row is None:
            done.strange += 1
            return
        campaign = next(one for one in self.campaigns if one.id == row.key.campaign)
        status = "automatic" if received.automatic else "open"
        reply = ClientReply(
            received.message_id, campaign.incident, campaign.id, row.name, received.sender, received.subject,
            self.post.clock.now(), status=status,  # type: ignore[arg-type]
        )  # fmt: skip
        if self.board.put(reply):
            done.automatic += received.automatic
            done.replies += not received.automatic
