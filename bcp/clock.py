"""The only `now()` and `sleep()`: everything that asks for the time is handed a clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What tells the time and waits."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds on a clock that nobody sets."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait; an interruption is let through."""
        ...


class StoppedClock:
    """A clock that stands still: for what would have been said at a time."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        """That time."""
        return self._at

    def monotonic(self) -> float:
        """No second passes."""
        return 0.0

    def sleep(self, seconds: float) -> None:
        """Nothing is waited for."""


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds on a clock that nobody sets."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait; an interruption is let through."""
        time.sleep(max(0.0, seconds))
