"""Reads the mailbox of the answers and sorts what lies in it: bounces, replies, automatic answers."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from bcp.errors import InputError
from bcp.notice.campaign.outbox import Campaign, LetterRow, Settled, Taken, message_id
from bcp.notice.campaign.post import Post
from bcp.notice.channel.kinds.smtp import Smtp
from bcp.notice.inbox.inbox import Board, Bounce, ClientReply, Received, StrangeMail, about, read
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
            raise InputError(
                "channels.yaml names no mailbox for the answers",
                "add inbox: {host: imap.example.com, user: …, password: keyring:mail}",
            )
        name = f"{inbox.user}@{inbox.host}/{inbox.folder}"
        mailbox = self.world.mailbox(inbox.server)
        letters, senders = self._letters()
        done = Sorted()
        for number, raw in mailbox.fetch_new(inbox.folder, self.board.seen(name)):
            self._take_in(read(raw), letters, senders, done)
            # Also of a strange one: it would stand in the way of every later one for ever.
            self.board.set_seen(name, number)
        return done

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
        elif isinstance(mail, Received):
            self._reply(mail, about(mail, letters, senders), done)
        else:
            for bounce in mail:
                self._bounce(bounce, letters.get(bounce.message_id), senders, done)

    def _letters(self) -> tuple[dict[str, LetterRow], dict[str, LetterRow]]:
        """All letters by their Message-IDs, and the last one to each address."""
        domains = {
            name: way.address.rpartition("@")[2]
            for name, way in self.post.ways.channels.items()
            if isinstance(way, Smtp)
        }
        rows = [row for campaign in self.campaigns for row in self.post.ledger.rows(campaign.id)]
        by_id = {
            message_id(row.key, domains[row.key.channel]): row for row in rows if row.key.channel in domains
        }
        return by_id, {row.address.casefold(): row for row in rows if "@" in row.address}

    def _bounce(
        self, bounce: Bounce, row: LetterRow | None, senders: Mapping[str, LetterRow], done: Sorted
    ) -> None:
        """Only the id of a letter of ours proves that a server had it: whom a mail names anybody can write."""
        if row is None:
            named = senders.get(bounce.recipient.casefold())
            done.strange += 1
            if named is not None and not bounce.delayed and named.name not in done.unproven:
                done.unproven.append(named.name)
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
