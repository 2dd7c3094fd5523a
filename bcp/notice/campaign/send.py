"""Sends a frozen campaign, letter by letter, so that it can end at any moment and go on later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import ceil
from typing import Literal

from bcp.clock import Clock
from bcp.files import IncidentFiles
from bcp.i18n import _
from bcp.notice.campaign.comeback import LATER, OF_ACCOUNT, ServerTrouble, asked_back
from bcp.notice.campaign.ledger import Ledger
from bcp.notice.campaign.outbox import HELD, Campaign, LetterRow, Settled, State, Taken, waits
from bcp.notice.campaign.suspicion import AT_LEAST, ENOUGH, Suspicion, is_suspicious
from bcp.notice.campaign.watching import Watcher
from bcp.notice.channel.base import Channel, Envelope, Handed
from bcp.outside import World

BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""How long to wait after a server put a letter off, each time longer (greylisting lets through after a few minutes)."""

HOLD = (timedelta(seconds=5), *BACKOFF[1:])
"""How long to hold a letter back; after so many tries it waits for a person."""

_STATES: Mapping[str, State] = {
    "sent": "sent",
    "failed": "failed",
    "unknown": "unknown",
    "written": "unknown",
}

SLOWER = 0.7
"""What is left of the rate after a server put off a sender, which says nothing about the recipient."""

SLOWEST = 2.0
"""Letters a minute."""

FIRST = 5
PAUSE = 10.0

Why = Literal["done", "waiting", "held", "stopped", "server", "account", "failures", "expired"]


@dataclass(frozen=True, slots=True)
class Ended:
    """Why a sending ended: the reason, the words, and when it may go on if letters wait for a moment."""

    why: Why
    words: str = ""
    until: datetime | None = None


@dataclass
class Delivery:
    """One run over a campaign. `files` is where the channel of files writes; `patience` is the longest wait.

    `hurries` where a person asks for it: then what is held back is tried without its wait.
    """

    ledger: Ledger
    campaign: Campaign
    channels: Mapping[str, Channel]
    world: World
    clock: Clock
    watcher: Watcher
    zone: str
    files: IncidentFiles
    patience: timedelta = timedelta(minutes=1)
    hurries: bool = True
    _sent: int = 0
    _last: dict[str, float] = field(default_factory=dict)
    _rates: dict[str, float] = field(default_factory=dict)
    _began: float = 0.0
    _suspicions: dict[str, Suspicion] = field(default_factory=lambda: defaultdict(Suspicion))
    _troubles: dict[str, ServerTrouble] = field(default_factory=dict)
    _paused: dict[str, datetime] = field(default_factory=dict)
    _given_up: dict[str, Ended] = field(default_factory=dict)
    _why: str = ""

    def run(self) -> Ended:
        """Send until nothing waits, somebody stops it, or going on would do harm.

        1. Be the only sender of this office; what an earlier run left in flight is unknown from now on.
        2. Past its expiry nothing goes out any more: what waits expires.
        3. Take the next letter whose time has come. Where all wait for a later moment, wait too, if that is
           not longer than `patience`, else end and say until when.
        4. Keep the provider's pace; after a server put us off (a 4xx to MAIL), 0.7 of what it was.
        5. Hand the letter to its channel. At the last moment at which nothing can have arrived, the letter is
           claimed: put in flight, on the disk. One that was cancelled or taken meanwhile is not sent.
        6. Write what became of it. Put off by the server: again after 1, 5, 15, 60 minutes, or when it says. A
           letter of which nobody knows whether it arrived stays unknown and is not sent again by itself; so does
           one that lies in a file, until somebody says that he carried it.
        7. An answer to a recipient that may be about us (a hang-up, a quota) holds this letter back behind all
           others, and the next recipient is tried (`suspicion.py`). Where several in a row get it, it is our account:
           its channel ends, and its letters are queued as if nothing had been.
        8. A server that is down is tried again after 5, 15 and 30 seconds, once for all letters, then its channel
           ends. What goes by other channels goes on. A failure of the connection does not count.
        9. After the first five there is a pause, so that a person can look at them. Five recipients in a row who fail
           end the channel.
        """
        self._began = self.clock.monotonic()
        with self.ledger.sole_sender():
            # Should this process die, the next one without a person goes on at once.
            self.ledger.stop(self.campaign.id, "", None if self.hurries else self.clock.now())
            self.ledger.doubt(self.campaign.id, self.clock.now())
            if self.hurries:
                self.ledger.hurry(self.campaign.id, self.clock.now())
            try:
                ended = self._run()
            finally:
                self.ledger.doubt(self.campaign.id, self.clock.now())
            self.ledger.stop(self.campaign.id, ended.words, ended.until)
        return ended

    def _run(self) -> Ended:
        while True:
            if self.watcher.wants_stop():
                return Ended("stopped", _("stopped by hand"))
            now = self.clock.now()
            if now >= self.campaign.expires_at:
                count = self.ledger.end([self.campaign.id], "expired", "too late to be sent", now)
                words = _("{count} letters were too late to be sent")
                return Ended("expired", words.format(count=count)) if count else Ended("done")
            self._paused = {name: at for name, at in self._paused.items() if at > now}
            apart = frozenset[str]().union(*(one.apart for one in self._suspicions.values()))
            row = self.ledger.next(self.campaign.id, now, [*self._given_up, *self._paused], apart)
            if row is not None:
                self._one(row)
            elif (ended := self._wait(now)) is not None:
                return ended

    def _wait(self, now: datetime) -> Ended | None:
        """Wait for the next letter or server; how it ended where that is too long, or nothing is waited for."""
        self._convict_the_last()
        until = self.ledger.next_time(self.campaign.id, [*self._given_up, *self._paused])
        if until is not None and until <= now:
            return None
        moments = list(self._paused.values())
        if until is not None and until - now <= self.patience:
            moments.append(until)
            comes = self.ledger.next(self.campaign.id, until)
            again = _("a letter that was held back is tried once more")
            later = _("the server asked to come back later")
            self._why = self._why if self._paused else again if comes and comes.reason == HELD else later
        if not moments:
            return self._over(until)
        self._pause(ceil((min(moments) - now).total_seconds()), self._why)
        self._paused = {name: at for name, at in self._paused.items() if at > min(moments)}
        return None

    def _over(self, until: datetime | None) -> Ended:
        """Nothing more can be done now; the first letter that waits for a moment does so `until` then."""
        if until is None and not self._given_up:
            return Ended("done")
        moments = [at for at in (until, *(one.until for one in self._given_up.values())) if at is not None]
        comes = min(moments, default=self.campaign.expires_at)
        until = comes if comes < self.campaign.expires_at else None
        if self._given_up:
            return replace(next(iter(self._given_up.values())), until=until)
        left = [row for row in self.ledger.rows(self.campaign.id) if waits(row)]
        if all(row.reason == HELD for row in left):
            return Ended("held", _("letters that are held back: {count}").format(count=len(left)), until)
        return Ended("waiting", _("the server asked to come back later"), until)

    def _one(self, row: LetterRow) -> None:
        name = row.key.channel
        channel = self.channels.get(name)
        if channel is None:
            words = f'there is no channel "{name}" any more in channels.yaml'
            self._given_up[name] = Ended("account", words)
            return
        self._keep_pace(name, channel)
        envelope = Envelope(
            row.key, row.address, self.ledger.content(row.key), self.clock.now(), self.zone, self.files
        )
        began = self.clock.monotonic()
        try:
            handed = channel.send(envelope, self.world, lambda: self.ledger.claim(row.key, self.clock.now()))
        except Taken:
            return
        self.ledger.settle(row.key, self._settled(row, handed))
        self.watcher.handed(row, handed)
        if handed.fate == "later" and handed.stage == "sender":
            self._slow_down(name, channel)
        if handed.fate in ("again", "account") and not is_suspicious(handed):
            self._bear(name, handed, began)
            return
        self._troubles.pop(name, None)
        self._suspicions[name].note(row, handed)
        self._judge(name, handed)

    def _settled(self, row: LetterRow, handed: Handed) -> Settled:
        now = self.clock.now()
        state: State = "queued"
        later = None
        held = is_suspicious(handed)
        if handed.fate in _STATES:
            state = _STATES[handed.fate]
        elif held:
            wait = HOLD[row.attempts] if row.attempts < len(HOLD) else None
            if wait and row.attempts:  # the first one tells whether it meant him, or everybody at that moment
                wait = max(wait, asked_back(handed.reply) or wait)
            later = now + wait if wait else self.campaign.expires_at
            state, later = "deferred", min(later, self.campaign.expires_at)
        elif handed.fate == "later":
            wait = BACKOFF[min(row.attempts, len(BACKOFF) - 1)]
            later = now + max(wait, asked_back(handed.reply) or wait)
            state = "deferred" if later < self.campaign.expires_at else "failed"
        return Settled(
            state, now, handed.stage, handed.code, handed.reply, handed.provider_id,
            later if state == "deferred" else None, held or handed.fate not in ("again", "account"),
            HELD if held else "",
        )  # fmt: skip

    def _judge(self, name: str, handed: Handed) -> None:
        """Whether to go on by this channel after a letter, as far as that is about letters."""
        suspicion = self._suspicions[name]
        if handed.fate == "sent":
            self._sent += 1
            if self._sent == FIRST and self.ledger.next(self.campaign.id, self.clock.now()):
                self._pause(PAUSE, _("the first five are out: have a look at one of them"))
        elif suspicion.convicts(ENOUGH):
            self._convict(name, handed)
        elif suspicion.too_many:
            words = _("five letters in a row failed, the last with: {reply}")
            self._given_up[name] = Ended("failures", words.format(reply=handed.reply))

    def _convict_the_last(self) -> None:
        """Where nobody was told and nobody else is there to ask, two who got the same answer are enough."""
        for name, suspicion in self._suspicions.items():
            if name not in self._given_up and not self._sent and suspicion.convicts(AT_LEAST):
                self._convict(name, suspicion.last)

    def _convict(self, name: str, handed: Handed) -> None:
        """It is the account, or its server: no address is to blame."""
        suspicion = self._suspicions[name]
        self.ledger.release(suspicion.keys)
        suspicion.clear()
        why: Why = "account" if handed.fate == "account" else "server"
        self._given_up[name] = Ended(why, handed.reply, self._comes_back(handed))

    def _bear(self, name: str, handed: Handed, began: float) -> None:
        """What a server said before it heard of a recipient, or did not say: once for all letters that go by it."""
        if handed.fate == "account":
            self._given_up[name] = Ended("account", handed.reply, self._comes_back(handed))
            return
        trouble = self._troubles.setdefault(name, ServerTrouble(began))
        pause = None if asked_back(handed.reply) else trouble.pause(self.clock.monotonic(), self.patience)
        if pause is not None:
            self._why = handed.reply
            self._paused[name] = self.clock.now() + timedelta(seconds=pause)
            return
        tries = _("{trouble} (tried {count} times)").format(trouble=handed.reply, count=trouble.pauses + 1)
        words = tries if trouble.pauses else handed.reply
        self._given_up[name] = Ended("server", words, self._comes_back(handed))

    def _comes_back(self, handed: Handed) -> datetime | None:
        """When the server takes letters again by its own words, else by ours; None where a person must do something."""
        asked = asked_back(handed.reply)
        if asked is None and handed.fate == "account":
            asked = OF_ACCOUNT if handed.code is not None and 400 <= handed.code < 500 else None
        elif asked is None:
            asked = LATER
        return self.clock.now() + asked if asked else None

    def _keep_pace(self, name: str, channel: Channel) -> None:
        a_minute = self._rates.get(name, channel.pace().a_minute)
        if not a_minute:
            return
        if name in self._last:
            self.clock.sleep(max(0.0, self._last[name] + 60 / a_minute - self.clock.monotonic()))
        self._last[name] = self.clock.monotonic()

    def _slow_down(self, name: str, channel: Channel) -> None:
        """Cut the rate; where none is set, the one at which letters went until now."""
        passed = max(1.0, self.clock.monotonic() - self._began)
        rate = self._rates.get(name, channel.pace().a_minute) or 60 * max(1, self._sent) / passed
        self._rates[name] = max(SLOWEST, SLOWER * rate)
        self._last[name] = self.clock.monotonic()
        words = _("the server asked for less: {count} letters a minute from now on")
        self.watcher.pausing(60 / self._rates[name], words.format(count=f"{self._rates[name]:.0f}"))

    def _pause(self, seconds: float, why: str) -> None:
        """Wait in short pieces, so that a stop is heard."""
        self.watcher.pausing(seconds, why)
        left = seconds
        while left > 0 and not self.watcher.wants_stop():
            self.clock.sleep(min(left, 1.0))
            left -= 1.0
