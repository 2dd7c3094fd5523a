"""Whether the computer's clock can be believed: what its readings in the journal say of each other, and of now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bcp.incident.ledger import Note, StartAmended
from bcp.times import SKEW

NOT_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock that is right shows less: this program was not written then. A dead one shows the day of its factory."""
SMALL = timedelta(days=1)
"""By so much somebody puts a clock right, or takes it elsewhere; what is counted is off by that, and still of use."""
_SILENCE = timedelta(days=91)


@dataclass(eq=False, repr=False)
class ClockRecord:
    """The readings of the clock: at the start, the last one, and the last before it was set for the first time.

    `elsewhere` is a later reading in another incident; `set_back_from` the one before the last entry, where
    the clock went back between them. `too_silent` was a jump that no patience explains. `patience` is the
    longest silence between two entries that is believed; `declared` says that a person gave the time of the
    start, so that it hangs on no reading. `moves` put right what the clock wrote while it was wrong: the
    notes, which are read late.
    """

    started: datetime
    declared: bool
    patience: timedelta
    last: datetime
    steady_until: datetime | None = None
    elsewhere: datetime | None = None
    moves: list[Callable[[datetime], datetime]] = field(default_factory=list)
    start_amended: StartAmended | None = None
    doubted: bool = False
    too_silent: bool = False
    set_back_from: datetime | None = None
    _just_set_back: datetime | None = None

    @classmethod
    def of(cls, reading: datetime, declared: bool, target: timedelta) -> ClockRecord:
        """The record of an incident that began with this `reading`, and is to be over within `target`."""
        return cls(reading, declared, max(_SILENCE, 2 * target), reading)

    def read(self, reading: datetime) -> None:
        """One more entry was written. Notes are passed over, so of a silence only what was written down of it tells."""
        self.doubted = self.doubted or self._is_wrong_start(reading)
        self.last = reading
        self.set_back_from, self._just_set_back = self._just_set_back, None

    def jumped(self, last: datetime, now: datetime) -> None:
        """It is being written down that the clock said `now` behind an entry of `last`."""
        self.steady_until = self.steady_until or last
        if now < last - SKEW:
            self._just_set_back = last
            # It came back to where it had been: what was wrong is what it said in between.
            self.too_silent = self.too_silent and self._is_too_silent(self.steady_until, now)
        else:
            self.too_silent = self.too_silent or self._is_too_silent(last, now)

    @property
    def wrong_until(self) -> datetime:
        """Up to when a clock that was wrong at the start wrote times; two commands at once are not in order."""
        return (self.steady_until or self.last) + SKEW

    def right_note(self, note: Note) -> Note:
        """A note with the time at which it was written, as far as that is known by now."""
        for move in self.moves:
            note = note._replace(at=move(note.at))
        return note

    def declare(self) -> None:
        """A person said when it began."""
        self.declared, self.doubted, self.too_silent, self.elsewhere = True, False, False, None

    def is_set(self, now: datetime) -> bool:
        """Whether somebody set the clock since the last entry: it went back, or further than can be explained."""
        woke = self.last < NOT_BEFORE <= now
        return now < self.last - SKEW or woke or now - self.last > self.patience

    def doubts_start(self, now: datetime) -> bool:
        """Whether the time of the start was that of a wrong clock, as far as can be seen."""
        is_doubted = self.doubted or self.too_silent
        return is_doubted or self._is_wrong_start(now) or self._is_too_silent(self.last, now)

    def _is_wrong_start(self, now: datetime) -> bool:
        if self.declared or now < NOT_BEFORE:
            return False
        other = self.elsewhere
        is_dead_then = self.started < NOT_BEFORE
        is_ahead_then = now < self.started - SMALL
        is_behind_then = other is not None and self.started < other - SMALL and now >= other - SKEW
        return is_dead_then or is_ahead_then or is_behind_then

    def _is_too_silent(self, last: datetime, now: datetime) -> bool:
        return not self.declared and last >= NOT_BEFORE and now - last > self.patience

    def is_wrong(self, now: datetime) -> bool:
        """Whether the clock cannot be right now."""
        return now < NOT_BEFORE or now < self.newest - SKEW

    @property
    def newest(self) -> datetime:
        """The last reading; a later one before the clock went back, or that another incident had at the start."""
        return max(self.last, self.elsewhere or self.last, self.set_back_from or self.last)

    def counts(self, now: datetime) -> bool:
        """Whether the time from the start until now can be told."""
        is_asleep = now < NOT_BEFORE <= max(self.last, self.started)
        return not self.doubts_start(now) and not is_asleep and now >= self.last - SMALL
