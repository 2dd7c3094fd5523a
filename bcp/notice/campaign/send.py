"""Sends a frozen campaign, letter by letter, so that it can end at any moment and go on later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from bcp.clock import Clock
from bcp.files import IncidentFiles
from bcp.i18n import _
from bcp.notice.campaign.outbox import Campaign, Ledger, LetterRow, Settled, State, Taken
from bcp.notice.campaign.watching import Watcher
from bcp.notice.channel.base import Channel, Envelope, Handed
from bcp.outside import World

BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""How long to wait after a server put a letter off, each time longer (greylisting lets through after a few minutes)."""

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
MOST_FAILURES = 5

Why = Literal["done", "waiting", "stopped", "account", "failures", "expired"]


@dataclass(frozen=True, slots=True)
class Ended:
    """Why a sending ended: the reason, the words, and when it should go on if letters wait for a moment."""

    why: Why
    words: str = ""
    until: datetime | None = None


@dataclass
class Delivery:
    """One run over a campaign. `files` is where the channel of files writes; `patience` is the longest wait."""

    ledger: Ledger
    campaign: Campaign
    channels: Mapping[str, Channel]
    world: World
    clock: Clock
    watcher: Watcher
    zone: str
    files: IncidentFiles
    patience: timedelta = timedelta(minutes=1)
    _failures: int = 0
    _sent: int = 0
    _last: dict[str, float] = field(default_factory=dict)
    _rates: dict[str, float] = field(default_factory=dict)
    _began: float = 0.0

    def run(self) -> Ended:
        """Send until nothing waits, somebody stops it, or going on would do harm.

        1. Be the only sender of this office; what an earlier run left in flight is unknown from now on.
        2. Past its expiry nothing goes out any more: what waits expires.
        3. Take the next letter whose time has come. Where all wait for a later moment, wait too, if that is
           not longer than `patience`, else end and say until when.
        4. Keep the provider's pace; after a server put us off (a 4xx to MAIL), 0.7 of what it was.
        5. Hand the letter to its channel. At the last moment at which nothing can have arrived, the letter is
           claimed: put in flight, on the disk. One that was cancelled or taken meanwhile is not sent.
        6. Write what became of it. Put off by the server: again after 1, 5, 15, 60 minutes. A failure of the
           connection does not count. A failure of the account ends the run and blames no address. A letter of
           which nobody knows whether it arrived stays unknown and is not sent again by itself;
           so does one that lies in a file, until somebody says that he carried it.
        7. After the first five there is a pause, so that a person can look at them. Five failures in a row end
           the run.
        """
        self.ledger.stop(self.campaign.id, "")
        self._began = self.clock.monotonic()
        with self.ledger.sole_sender():
            self.ledger.doubt(self.campaign.id, self.clock.now())
            try:
                ended = self._run()
            finally:
                self.ledger.doubt(self.campaign.id, self.clock.now())
        if ended.why != "done":
            self.ledger.stop(self.campaign.id, ended.words)
        return ended

    def _run(self) -> Ended:
        while True:
            if self.watcher.wants_stop():
                return Ended("stopped", _("stopped by hand"))
            now = self.clock.now()
            if now >= self.campaign.expires_at:
                count = self.ledger.end([self.campaign.id], "expired", "too late to be sent", now)
                words = _("{count} letters were too late to be sent").format(count=count)
                return Ended("expired", words) if count else Ended("done")
            row = self.ledger.next(self.campaign.id, now)
            if row is None:
                ended = self._wait(now)
                if ended is not None:
                    return ended
                continue
            ended = self._one(row)
            if ended is not None:
                return ended

    def _wait(self, now: datetime) -> Ended | None:
        until = self.ledger.next_time(self.campaign.id)
        if until is None:
            return Ended("done")
        if until - now > self.patience:
            return Ended("waiting", _("the server asked to come back later"), until)
        self._pause((until - now).total_seconds(), _("the server asked to come back later"))
        return None

    def _one(self, row: LetterRow) -> Ended | None:
        channel = self.channels.get(row.key.channel)
        if channel is None:
            return Ended("account", f'there is no channel "{row.key.channel}" any more in channels.yaml')
        self._keep_pace(row.key.channel, channel)
        envelope = Envelope(
            row.key, row.address, self.ledger.content(row.key), self.clock.now(), self.zone, self.files
        )
        try:
            handed = channel.send(envelope, self.world, lambda: self.ledger.claim(row.key, self.clock.now()))
        except Taken:
            return None
        self.ledger.settle(row.key, self._settled(row, handed))
        self.watcher.handed(row, handed)
        if handed.fate == "later" and handed.stage == "sender":
            self._slow_down(row.key.channel, channel)
        return self._judge(handed)

    def _settled(self, row: LetterRow, handed: Handed) -> Settled:
        now = self.clock.now()
        state: State = "queued"
        later = None
        if handed.fate in _STATES:
            state = _STATES[handed.fate]
        elif handed.fate == "later":
            later = now + BACKOFF[min(row.attempts, len(BACKOFF) - 1)]
            state = "deferred" if later < self.campaign.expires_at else "failed"
        return Settled(
            state, now, handed.stage, handed.code, handed.reply, handed.provider_id,
            later if state == "deferred" else None, counts=handed.fate not in ("again", "account"),
        )  # fmt: skip

    def _judge(self, handed: Handed) -> Ended | None:
        if handed.fate == "account":
            return Ended("account", handed.reply)
        if handed.fate in ("sent", "written"):
            self._failures = 0
            self._sent += handed.fate == "sent"
            if self._sent == FIRST and self.ledger.next(self.campaign.id, self.clock.now()):
                self._pause(PAUSE, _("the first five are out: have a look at one of them"))
            return None
        if handed.fate != "later":
            self._failures += 1
        if self._failures >= MOST_FAILURES:
            words = _("five letters in a row failed, the last with: {reply}")
            return Ended("failures", words.format(reply=handed.reply))
        return None

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
