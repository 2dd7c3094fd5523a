"""Span: a stretch of time in which a check was in one state; and how spans grow, look by look.

1. A look in the state of the span before makes that span longer.
2. A look in another state begins a new span: a flip, if the last state that was looked at was another one.
3. Where nobody looked for longer than the gap allowed, the time between is a span `unobserved`. It counts neither
   as up nor as down, whatever stands on both sides of it.
4. A clock that was set back adds looks, but no time. Set back by more than a day, it was wrong by years before: the
   time goes on from what it says now, and what lies ahead of that is passed over where it is read (`until_now`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol

from bcp.check.blips import Blips
from bcp.probe.base import State

SpanState = Literal["up", "warning", "down", "inconclusive", "unobserved", "maintenance"]
LEAST_GAP = timedelta(minutes=6)
"""A cron line that looks every five minutes leaves no gaps, whatever `every` says."""
SET_RIGHT = timedelta(days=1)
"""A clock that is set back by more than this was wrong before."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time in one state; `first` and `last` are the moments of its first and its last look."""

    check: str
    state: SpanState
    first: datetime
    last: datetime
    looks: int = 1
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is to be kept of one pass: the state held, since when, how many looks, and the latencies in seconds.

    `blips` are those of the looks that failed although the check is up.
    """

    check: str
    state: State | Literal["maintenance"]
    at: datetime
    since: datetime
    reason: str = ""
    looks: int = 1
    latencies: tuple[float, ...] = ()
    blips: int = 0


_SEEN: Mapping[SpanState, State] = {
    "up": "up",
    "warning": "warning",
    "down": "down",
    "inconclusive": "inconclusive",
}


def states(held: Mapping[str, Span]) -> dict[str, State]:
    """The state of each check, from the last spans in which somebody looked."""
    return {name: _SEEN[span.state] for name, span in held.items()}


def seen_state(span: Span) -> State | None:
    """The state that somebody saw; None for time in which nobody looked."""
    return _SEEN.get(span.state)


def gap_for(every: timedelta) -> timedelta:
    """The longest time between two looks that still counts as looking."""
    return max(3 * every, LEAST_GAP)


def grow(held: Span | None, seen: Seen, gap: timedelta) -> list[Span]:
    """The spans that `seen` changes or adds behind `held`: the first replaces `held` if it began with it."""
    if held is None:
        return [Span(seen.check, seen.state, seen.since, seen.at, seen.looks, seen.reason)]
    if held.last - seen.at > SET_RIGHT:
        return _set_right(held, seen)
    since, at = max(seen.since, held.last), max(seen.at, held.last)
    fresh = Span(seen.check, seen.state, since, at, seen.looks, seen.reason)
    if since - held.last > gap and held.state != "maintenance":
        return [held, Span(seen.check, "unobserved", held.last, since, 0), fresh]
    if held.state == seen.state:
        # How many days are left changes while the warning stands; what began an outage does not.
        reason = seen.reason if held.state == "warning" else held.reason
        return [Span(held.check, held.state, held.first, at, held.looks + seen.looks, reason)]
    return [held, fresh]


def _set_right(held: Span, seen: Seen) -> list[Span]:
    """The spans where the clock was wrong in `held`: it ends where we are now, if it did not begin ahead of that."""
    fresh = Span(seen.check, seen.state, seen.at, seen.at, seen.looks, seen.reason)
    if held.first > seen.at:
        return [fresh]
    cut = replace(held, last=seen.at)
    if held.state == seen.state:
        return [replace(cut, looks=held.looks + seen.looks)]
    return [cut, fresh]


def until_now(spans: Sequence[Span], now: datetime) -> list[Span]:
    """The spans in order, without those that a wrong clock put ahead of now, or behind what was there before."""
    found: list[Span] = []
    ahead, newest = now + SET_RIGHT, datetime.min.replace(tzinfo=UTC)
    for span in spans:
        if newest <= span.first <= ahead:
            found.append(span)
            newest = span.first
    return found


def since_when(spans: Sequence[Span], state: State) -> datetime | None:
    """Since when a check is in `state` by its last spans, or None if it is not.

    Time in which nobody looked, or nobody should have, does not end an outage.
    """
    since = None
    for span in reversed(spans):
        if span.state == state:
            since = span.first if since is None else min(since, span.first)
        elif span.state not in ("unobserved", "maintenance"):
            break
    return since


class Spans(Protocol):
    """Anything that keeps the spans and latencies of checks."""

    def held(self) -> Mapping[str, Span]:
        """The last span of each check in which somebody looked (up, warning, down or inconclusive)."""
        ...

    def note(self, seen: Iterable[tuple[Seen, timedelta]]) -> None:
        """Keep what one pass saw, each with the gap allowed; written at once where a state changed."""
        ...

    def flush(self) -> None:
        """Write what was only counted so far."""
        ...

    def history(self, check: str, since: datetime) -> list[Span]:
        """The spans of a check in order, from the one that was under way at `since`."""
        ...

    def latencies(self, check: str, since: datetime) -> Sketch:
        """How long its looks took from the day of `since` on."""
        ...

    def blips(self, check: str, since: datetime) -> Blips:
        """Which of its looks failed although it was up, from the day of `since` on."""
        ...


_STEP = math.log(1.1)
_LEAST = 1e-4  # seconds
_MOST_STEPS = 400  # of a million million seconds and more


@dataclass
class Sketch:
    """How often which latency was seen, in steps of ten per cent: any quantile to within five, in some bytes.

    After DDSketch (Masson, Rim, Lee 2019): sketches of many days are added up by adding their counts.
    """

    counts: dict[int, int] = field(default_factory=dict)

    def add(self, seconds: float) -> None:
        """Count one look."""
        step = max(0, math.ceil(math.log(max(seconds, _LEAST) / _LEAST) / _STEP))
        self.counts[step] = self.counts.get(step, 0) + 1

    def merge(self, other: Sketch) -> None:
        """Count all that the other counted."""
        for step, count in other.counts.items():
            self.counts[step] = self.counts.get(step, 0) + count

    def quantile(self, part: float) -> float | None:
        """The latency that `part` of the looks did not exceed, in seconds; None if nothing was counted."""
        left = math.ceil(part * sum(self.counts.values()))
        for step in sorted(self.counts):
            left -= self.counts[step]
            if left <= 0:
                return _LEAST * math.exp((step - 0.5) * _STEP)
        return None

    def __str__(self) -> str:
        """Short text, read back by `read`."""
        return " ".join(f"{step}:{count}" for step, count in sorted(self.counts.items()))

    @classmethod
    def read(cls, text: str) -> Sketch:
        """The sketch that was written as `text`. Raises ValueError for anything else."""
        pairs = (each.partition(":") for each in text.split())
        counts = {int(step): int(count) for step, _, count in pairs}
        if not all(0 <= step <= _MOST_STEPS and count > 0 for step, count in counts.items()):
            raise ValueError("a latency that no look takes")
        return cls(counts)
