"""What time others say it is, and how far our own clock is from that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

TOLD = timedelta(minutes=10)
"""From so much on a clock is told to be wrong: who asks for a password of the minute is refused long before."""
WRONG = timedelta(days=1)
"""From so much on it is wrong whatever else is seen: certificates of a day are in use."""


@dataclass(frozen=True, slots=True)
class ClockReading:
    """What others say the time is, and how far ahead of it our clock is (behind: less than nothing)."""

    sources: tuple[str, ...]
    their: datetime
    ahead: timedelta

    @classmethod
    def agreed(cls, readings: Sequence[ClockReading]) -> ClockReading | None:
        """The middle one of several, if another one says the same; that of the only one there is."""
        ordered = sorted(readings, key=lambda each: each.ahead)
        if not ordered:
            return None
        middle = ordered[(len(ordered) - 1) // 2]
        same = [each for each in ordered if abs(each.ahead - middle.ahead) < TOLD]
        if len(ordered) > 1 and len(same) < 2:
            return None
        hosts = dict.fromkeys(host for each in same for host in each.sources)
        return cls(tuple(hosts), middle.their, middle.ahead)

    @property
    def is_told(self) -> bool:
        """Whether our clock is wrong enough to be told."""
        return abs(self.ahead) > TOLD

    @property
    def is_wrong(self) -> bool:
        """Whether our clock is so wrong that this alone is the trouble."""
        return abs(self.ahead) > WRONG


def reading(host: str, headers: Mapping[str, str], now: datetime) -> ClockReading | None:
    """What the answer of `host` says the time is (RFC 9110 6.6.1), which a store on the way may have kept for a while.

    None where it does not say.
    """
    from email.utils import parsedate_to_datetime

    try:
        their = parsedate_to_datetime(headers.get("date", ""))
        their = (their if their.tzinfo else their.replace(tzinfo=UTC)) + timedelta(
            seconds=int(headers.get("age", "0"))
        )
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
    return ClockReading((host,), their, now - their)
