"""Blips: looks that failed while the check was up, because those behind them did not confirm it; counted by the hour.

No look has a row of its own: an hour is two numbers, all looks and those that failed. Of the time in which a check was
held to be up, the share that failed of that hour's looks is counted as not up. A server that answers every third
request with an error is up for two thirds of its time, although it was never down.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

HOUR = timedelta(hours=1)
_SECONDS = 3600
MOST_HOURS = 70_000_000
"""Hours that the calendar of Python knows, since 1970."""


def hour_of(moment: datetime) -> int:
    """The number of its hour since 1970."""
    return int(moment.timestamp() // _SECONDS)


class HourOfLooks(NamedTuple):
    """An hour: its beginning, all looks of the time in which the check was up, and those of them that failed."""

    begin: datetime
    looks: int
    failed: int

    @property
    def share(self) -> float:
        """The part of the looks that failed."""
        return self.failed / self.looks if self.looks else 0.0


@dataclass
class Blips:
    """By the hour: how many looks there were, and how many of them failed."""

    counts: dict[int, tuple[int, int]] = field(default_factory=dict)

    def add(self, moment: datetime, looks: int, failed: int) -> None:
        """Count the looks of one pass."""
        self._add(hour_of(moment), looks, failed)

    def merge(self, other: Blips) -> None:
        """Count all that the other counted."""
        if not self.counts:
            self.counts = dict(other.counts)
            return
        for hour, (looks, failed) in other.counts.items():
            self._add(hour, looks, failed)

    def _add(self, hour: int, looks: int, failed: int) -> None:
        before = self.counts.get(hour, (0, 0))
        self.counts[hour] = before[0] + looks, before[1] + failed

    def let_go(self) -> None:
        """Forget the hours without a blip, but for the last one: there may yet be one in it."""
        if len(self.counts) < 2:
            return
        last = max(self.counts, default=0)
        self.counts = {hour: each for hour, each in self.counts.items() if each[1] or hour == last}

    def hours(self, since: datetime, until: datetime) -> Iterator[HourOfLooks]:
        """The hours with blips, from that of `since` to that of `until`, in order."""
        first, last = hour_of(since), hour_of(until)
        for hour in sorted(hour for hour in self.counts if first <= hour <= last):
            looks, failed = self.counts[hour]
            if failed:
                yield HourOfLooks(datetime.fromtimestamp(hour * _SECONDS, UTC), looks, failed)

    def __str__(self) -> str:
        """Short text, read back by `read`."""
        return " ".join(f"{hour}:{looks}:{failed}" for hour, (looks, failed) in sorted(self.counts.items()))

    @classmethod
    def read(cls, text: str) -> Blips:
        """What was written as `text`. Raises ValueError for anything else."""
        found = cls()
        for each in text.split():
            hour, looks, failed = map(int, each.split(":"))
            if not (0 <= failed <= looks and 0 <= hour < MOST_HOURS):
                raise ValueError("more looks failed than there were")
            found._add(hour, looks, failed)
        return found
