"""History: what the spans of a check add up to: uptime, outages, latency, and the time in which nobody looked.

Of the time in which it was up, the share that failed of each hour's looks counts as not up (`blips.py`).
Time between the last look of one span and the first of the next belongs to the earlier one. A warning counts as up.
What is unobserved, inconclusive or maintenance counts neither as up nor as down; it is shown apart.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TypeVar

from bcp.check.blips import HOUR, Blips, HourOfLooks
from bcp.check.span import Sketch, Span, SpanState
from bcp.probe.base import works

NOTHING = timedelta(0)
_Piece = TypeVar("_Piece", Span, "Stretch")
_WORST: tuple[SpanState, ...] = ("down", "inconclusive", "warning", "up", "maintenance", "unobserved")
_WORKING = frozenset(state for state in _WORST if works(state))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of time in one state."""

    state: SpanState
    first: datetime
    last: datetime
    reason: str = ""

    @property
    def length(self) -> timedelta:
        """How long it was."""
        return self.last - self.first

    def cut(self, since: datetime, until: datetime) -> Stretch:
        """The part of it between the two moments; before or behind them one that ends before it begins."""
        return Stretch(self.state, max(self.first, since), min(self.last, until), self.reason)


@dataclass(frozen=True, slots=True)
class Summary:
    """How a check was between two moments. `uptime` is None where nobody saw it up or down at all.

    `blips` are the looks that failed while it was up; their share of the time is not counted as up.
    """

    since: datetime
    until: datetime
    uptime: float | None
    outages: tuple[Stretch, ...]
    unobserved: timedelta
    inconclusive: timedelta
    maintenance: timedelta
    warning: timedelta
    median: float | None
    p95: float | None
    blips: int = 0

    @property
    def down(self) -> timedelta:
        """How long it was down in all."""
        return sum((outage.length for outage in self.outages), NOTHING)


def stretches(spans: Sequence[Span], since: datetime, until: datetime) -> list[Stretch]:
    """The time from `since` to `until`, without gaps; before the first and behind the last look it is unobserved."""
    ends = [two.first for _, two in pairwise(spans)] + [spans[-1].last] if spans else []
    found = [Stretch(span.state, span.first, end, span.reason) for span, end in zip(spans, ends, strict=True)]
    if not found:
        return [Stretch("unobserved", since, until)]
    whole = [
        Stretch("unobserved", min(since, found[0].first), found[0].first),
        *found,
        Stretch("unobserved", found[-1].last, max(until, found[-1].last)),
    ]
    # An outage that only one look has seen so far has no length yet, and is one all the same.
    begun = found[-1].state == "down" and found[-1].length == NOTHING and since <= found[-1].first <= until
    cut = (each if since <= each.first and each.last <= until else each.cut(since, until) for each in whole)
    return [each for each in cut if each.first < each.last or (begun and each == found[-1])]


def summarise(
    spans: Sequence[Span], latencies: Sketch, since: datetime, until: datetime, blips: Blips | None = None
) -> Summary:
    """How the check was between the two moments."""
    told = stretches(under_way(spans, since), since, until)
    return summary_of(told, latencies, since, until, blips or Blips())


def summary_of(
    told: Sequence[Stretch], latencies: Sketch, since: datetime, until: datetime, blips: Blips
) -> Summary:
    """What the stretches between the two moments add up to."""
    lengths: dict[SpanState, timedelta] = dict.fromkeys(_WORST, NOTHING)
    for each in told:
        lengths[each.state] += each.last - each.first
    up = lengths["up"] + lengths["warning"]
    seen = up + lengths["down"]
    failing = list(blips.hours(since, until))
    return Summary(
        since,
        until,
        (up - _failed(told, failing)) / seen if seen else None,
        tuple(each for each in told if each.state == "down"),
        lengths["unobserved"],
        lengths["inconclusive"],
        lengths["maintenance"],
        lengths["warning"],
        latencies.quantile(0.5),
        latencies.quantile(0.95),
        sum(hour.failed for hour in failing),
    )


def under_way(spans: Sequence[_Piece], since: datetime) -> Sequence[_Piece]:
    """Those from the one that was under way at `since`; they are in the order in which they began."""
    return spans[max(0, bisect_right(spans, since, key=lambda span: span.first) - 1) :]


def part_of(told: Sequence[Stretch], since: datetime) -> Sequence[Stretch]:
    """Of stretches that leave no gap those from `since` on, the first one cut."""
    first, *others = under_way(told, since)
    return [Stretch(first.state, max(first.first, since), first.last, first.reason), *others]


def _failed(told: Sequence[Stretch], failing: Sequence[HourOfLooks]) -> timedelta:
    """The part of the time in which it was up that its blips stand for: one walk over both, which are in order."""
    up = [each for each in told if each.state in _WORKING]
    lost, begin = NOTHING, 0
    for hour in failing:
        end, length = hour.begin + HOUR, NOTHING
        while begin < len(up) and up[begin].last <= hour.begin:
            begin += 1
        for number in range(begin, len(up)):
            if up[number].first >= end:
                break
            length += min(up[number].last, end) - max(up[number].first, hour.begin)
        lost += hour.share * length
    return lost
