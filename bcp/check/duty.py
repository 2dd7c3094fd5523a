"""What else a watch does every so often, and when it is due again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Duty:
    """Something else that is to be done every so often, by a thread of its own."""

    name: str
    every: timedelta
    do: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Every:
    """A trigger of APScheduler: what was missed is one run. Its own counts up every run that was missed, which takes
    minutes where a computer without a battery begins in another year until it asks the internet for the time."""

    length: timedelta

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """The moment of the next run; always after `now`, but for the first."""
        if previous is None:
            return now
        after = previous + self.length
        return after if after > now else now + self.length
