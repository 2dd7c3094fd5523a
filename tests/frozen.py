"""A clock for tests: it stands still until it is told to go on, or until somebody sleeps on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 26, 6, 50, tzinfo=UTC)


class FrozenClock:
    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._passed = timedelta()

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._passed.total_seconds()

    def sleep(self, seconds: float) -> None:
        self.go_on(timedelta(seconds=max(0.0, seconds)))

    def go_on(self, length: timedelta) -> None:
        self._now += length
        self._passed += length

    def set_to(self, moment: datetime) -> None:
        """What a person does to a computer's clock: the seconds that passed know nothing of it."""
        self._now = moment
