"""Reads the mailbox of the answers and sorts what lies in it: bounces, replies, automatic answers."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from bcp.i18n import _
from bcp.notice.campaign.outbox import Campaign, LetterRow, Settled, Taken
from bcp.notice.campaign.post import Post
from bcp.notice.channel.kinds.smtp import Smtp
from bcp.notice.inbox.board import Board, ClientReply, Pile, ReplyKind, SortedMail
from bcp.notice.inbox.bounce import Bounce, said_of
from bcp.notice.inbox.headers import LONGEST, Headers
from bcp.notice.inbox.known import KnownLetters
from bcp.notice.inbox.opting_out import OptingOut
from bcp.notice.inbox.reading import Received, StrangeMail, more_bytes, read, strange
from bcp.notice.inbox.sorted import Sorted
from bcp.outside import Mailbox, NewMail, World
from bcp.progress import UNWATCHED, Progress, Task

BACK = timedelta(days=14)
"""So far back the first look goes where no incident began earlier."""
MOST_BYTES = 256 * 1024 * 1024
"""Bytes after which a look ends, and says what is left: only a server that sends whole mails unasked comes so far."""
_AT_ONCE = 20
_BOUNCES_WITHIN = timedelta(days=6)
"""Servers give up after five days (RFC 5321, 4.5.4.1)."""
_OTHER = ""
"""Nobody we write to, and no letter of ours: there is no more to say."""
_LOG = logging.getLogger(__name__)


@dataclass
class PostIn:
    """Takes in what comes back, for all incidents; `since` is when the oldest that is open began."""

    post: Post
    board: Board
    world: World
    campaigns: list[Campaign]
    since: datetime | None = None
    progress: Progress = UNWATCHED
    _others: list[SortedMail] = field(default_factory=list)

    def fetch(self) -> Sorted:
        """Read what is new, newest first. A message is taken in before its number is kept, so a crash loses nothing.

        Of most messages the headers alone are fetched. Raises InputError where there is no mailbox or it cannot be
        opened.
        """
        inbox = self.post.ways.inbox
        if inbox is None:
            raise self.post.ways.lacks(
                _("mailbox for the answers"),
                "inbox: {host: imap.example.com, user: …, password: keyring:mail}",
            )
        mailbox = self.world.mailbox(inbox.server)
        name = self._numbered(f"{inbox.user}@{inbox.host}/{inbox.folder}", mailbox.validity(inbox.folder))
        seen = self.board.seen(name)
        done = Sorted(since=None if seen else self._first_day())
        every = mailbox.numbers(inbox.folder, seen, done.since.date() if done.since else None)
        waiting = sorted(set(every) - self.board.seen_above(name), reverse=True)
        with self.progress.task(_("Reading the mailbox"), len(waiting)) as task:
            for first in range(0, len(waiting), _AT_ONCE):
                if mailbox.fetched > MOST_BYTES:
                    break
                self._look_at_some(mailbox, name, waiting[first : first + _AT_ONCE], done, task)
        done.left, done.fetched = len(waiting) - done.looked_at, mailbox.fetched
        if every and not done.left:
            self.board.set_seen(name, max(every))
        return done

    def _look_at_some(
        self, mailbox: Mailbox, name: str, numbers: Sequence[int], done: Sorted, task: Task
    ) -> None:
        """Take these messages in, and keep which were: also the strange ones, else they would come again for ever."""
        taken_in = []
        try:
            for new in mailbox.heads(numbers, LONGEST + 1):
                self._look_at(mailbox, new, done)
                taken_in.append(new.number)
                task.advance()
        finally:
            done.others += self.board.lay_aside_all(self._others)
            self._others.clear()
            self.board.add_seen(name, taken_in)
            done.looked_at += len(taken_in)

    def _first_day(self) -> datetime:
        """A letter cannot be answered before it went, and servers count days, each by its own clock."""
        recent = self.post.clock.now() - BACK
        living = {one.incident for one in self.campaigns if one.at >= recent}
        begun = [one.at for one in self.campaigns if one.incident in living]
        return min([*begun, *([self.since] if self.since else [])], default=recent) - timedelta(days=1)

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

    def _look_at(self, mailbox: Mailbox, new: NewMail, done: Sorted) -> None:
        """Take one message in, with as much of it as it takes to know what it is."""
        country = self.post.office.country
        more = 0 if new.why else more_bytes(new.raw, self._known.is_known, country)
        # A server that sends whole mails unasked has sent it already.
        if more and len(new.raw) < (most := Headers(new.raw, country).length + more):
            new = mailbox.beginning(new.number, most)
        if new.why:
            raw = new.raw or f"message {new.number}".encode()
            mail: Received | StrangeMail = strange(Headers(new.raw, country), raw, new.why)
        else:
            mail = read(new.raw, country)
        try:
            self._take_in(mail, done)
        except (ValueError, LookupError, RecursionError, TypeError) as error:
            # A stranger wrote it: whatever it does to us, the rest of the mails goes on.
            _LOG.exception("a mail could not be taken in")
            self._leave_aside(strange(Headers(new.raw, country), new.raw, type(error).__name__), done)

    def _take_in(self, mail: Received | StrangeMail, done: Sorted) -> None:
        if isinstance(mail, StrangeMail):
            self._leave_aside(mail, done)
            return
        copied = self._known.letter(mail.message_id.lower())
        named = next((row for one in mail.answers if (row := self._known.letter(one))), copied)
        row = named or self._known.senders.get(mail.sender.casefold())
        if copied and not mail.bounces and mail.sender.casefold() in self._own_addresses:
            self._arrived(copied, _("a copy of it came into our own mailbox"))
            done.copies += self._put_away(mail, "copy", copied.name, _("a copy of our own letter"))
        elif mail.bounces and not (
            row and mail.sender.casefold() == row.address.casefold() and not mail.is_sure
        ):
            self._returned(mail, done)
        elif mail.wish == "unsubscribe" and self._opting_out.whose(mail.alone):
            self._opted_out(mail, done)
        elif row is None:
            self._pass_over(mail)
        else:
            self._reply(mail, row, done)
            if named and not mail.returns:
                self._arrived(named, _("it was answered"))

    @cached_property
    def _opting_out(self) -> OptingOut:
        return OptingOut(self.post, self.board, self.world, self._known.rows)

    @cached_property
    def _own_addresses(self) -> frozenset[str]:
        ways = self.post.ways.channels.values()
        return frozenset(way.address.casefold() for way in ways if isinstance(way, Smtp))

    @cached_property
    def _copies(self) -> frozenset[str]:
        """The mailboxes to which a copy of each letter goes."""
        ways = self.post.ways.channels.values()
        return frozenset(way.copy_address.casefold() for way in ways if isinstance(way, Smtp)) - {""}

    @cached_property
    def _before(self) -> frozenset[str]:
        """What was sorted away before: where a mailbox is numbered anew, it comes once more."""
        return frozenset(one.message_id for one in self.board.sorted_mails())

    @cached_property
    def _known(self) -> KnownLetters:
        return KnownLetters.of(self.post, self.campaigns)

    def _returned(self, mail: Received, done: Sorted) -> None:
        """Only the id of a letter of ours proves that a server had it: whom a mail names anybody can write."""
        rows = list({row.key: row for one in mail.returns if (row := self._known.letter(one))}.values())
        about = {each.recipient.casefold() for each in mail.bounces}
        if len(rows) > 1:
            rows = [row for row in rows if row.address.casefold() in about]
        ours = self._copies - {row.address.casefold() for row in rows}
        theirs = [each for each in mail.bounces if each.recipient.casefold() not in ours]
        if rows and not theirs:
            # The letter went to two: what is said of the copy in our own mailbox is not said of the client.
            why = _("only the copy to {address} did not arrive").format(address=mail.bounces[0].recipient)
            done.strange += self._put_away(mail, "hint", "", why)
            return
        for row in rows:
            self._bounce(mail, row, said_of(row.address, theirs), done)
        if rows:
            return
        if mail.strange:
            self._leave_aside(StrangeMail(mail.strange, mail.sender, mail.subject, mail.message_id), done)
        elif mail.says_something:
            self._hint(mail, done)
        else:
            self._pass_over(mail)

    def _bounce(self, mail: Received, row: LetterRow, bounce: Bounce, done: Sorted) -> None:
        words = f"{bounce.status} {bounce.reason}".strip()
        if bounce.arrived:
            self._arrived(row, _("a server says that it arrived"))
            done.automatic += self._put_away(mail, "automatic", row.name, _("a server says that it arrived"))
            return
        if bounce.delayed:
            done.late += self._put_away(mail, "late", row.name, words or _("late, the server goes on trying"))
            return
        now, words = self.post.clock.now(), f"bounced: {words}".strip()
        self._put_away(mail, "bounce", row.name, words)
        try:
            self.post.ledger.bounce(row.key, Settled("failed", now, "bounce", reply=words, counts=False))
        except Taken:
            return
        if bounce.hard:
            self.post.ledger.suppress(row.address, words, now)
        done.bounces += 1

    def _hint(self, mail: Received, done: Sorted) -> None:
        """It proves nothing, but a person sees it: the contact may have got no letter."""
        if mail.message_id in self._before:
            return
        named = [each for each in mail.bounces if not (each.delayed or each.arrived)]
        bounce = next((each for each in named if self._opting_out.whose(each.recipient)), None)
        if bounce is None:
            done.strange += self._put_away(mail, "hint", "", _("a bounce that names no letter of ours"))
            return
        name, words = self._opting_out.whose(bounce.recipient), f"{bounce.status} {bounce.reason}".strip()
        row = self._known.senders.get(bounce.recipient.casefold())
        if row and name not in done.unproven:
            self._doubt(row, words)
            self._put(mail, row, "hint", words)
        if name not in done.unproven:
            done.unproven.append(name)
        done.strange += self._put_away(mail, "hint", name, words)

    def _doubt(self, row: LetterRow, words: str) -> None:
        """Nobody knows then whether a letter arrived: a person asks. No way is tried and nobody is left out for it."""
        now = self.post.clock.now()
        if row.state == "sent" and row.last_at and now - row.last_at <= _BOUNCES_WITHIN:
            said = f"a mail without our id says that it did not arrive: {words}"
            with suppress(Taken):
                self.post.ledger.bounce(row.key, Settled("unknown", now, "bounce", reply=said, counts=False))

    def _reply(self, mail: Received, row: LetterRow, done: Sorted) -> None:
        if mail.writer == "automatic":
            done.automatic += self._put_away(mail, "automatic", row.name, mail.why)
        elif mail.writer == "look":
            is_new = self._put(mail, row, "look", mail.why)
            done.automatic, done.look = done.automatic + is_new, done.look + is_new
        elif mail.wish:
            done.requests += self._put(mail, row, "request", _("asks for no more letters"))
        else:
            done.replies += self._put(mail, row, "person", "")

    def _put(self, mail: Received, row: LetterRow, kind: ReplyKind, why: str) -> bool:
        incident = row.key.campaign.split("/")[0]
        return self.board.put(
            ClientReply(
                mail.message_id, incident, row.key.campaign, row.name, mail.sender, mail.subject,
                self.post.clock.now(), kind=kind, why=why,
            )
        )  # fmt: skip

    def _opted_out(self, mail: Received, done: Sorted) -> None:
        """Done before it is kept as done; what was done stays so, also where somebody took it back since."""
        if mail.message_id not in self._before:
            program = mail.writer != "person"
            done.opted_out.append(
                self._opting_out.take_out(mail.alone, mail.message_id, mail.words, is_program=program)
            )
            self._put_away(mail, "opt-out", self._opting_out.whose(mail.alone), mail.words)

    def _arrived(self, row: LetterRow, why: str) -> None:
        """What was unknown is known now: who has the id of a letter had the letter."""
        if row.state == "unknown":
            with suppress(Taken):
                self.post.ledger.settle_doubt(row.key, "sent", why, self.post.clock.now())

    def _leave_aside(self, mail: StrangeMail, done: Sorted) -> None:
        _LOG.warning("a mail was left aside: %s", mail.why)
        now = self.post.clock.now()
        aside = SortedMail(mail.message_id, "strange", "", mail.sender, mail.subject, mail.why, now)
        if self.board.lay_aside(aside):
            done.strange += 1
            done.left_aside.append(mail)

    def _pass_over(self, mail: Received) -> None:
        """Most mails have nothing to do with letters of ours: those of one question to the server are kept at once."""
        now, shown = self.post.clock.now(), mail.shown
        self._others.append(SortedMail(mail.message_id, "other", "", shown, mail.subject, _OTHER, now))

    def _put_away(self, mail: Received, pile: Pile, contact: str, why: str) -> bool:
        now, shown = self.post.clock.now(), mail.shown
        return self.board.lay_aside(SortedMail(mail.message_id, pile, contact, shown, mail.subject, why, now))
