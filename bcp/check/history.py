"""History: what the spans of a check add up to: uptime, outages, latency, and the time in which nobody looked.

Of the time in which it was up, the share that failed of each hour's looks counts as not up (`blips.py`).
Time between the last look of one span and the first of the next belongs to the earlier one. A warning counts as up.
What is unobserved, inconclusive or maintenance counts neither as up nor as down; it is shown apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from bcp.check.blips import HOUR, Blips, HourOfLooks
from bcp.check.span import Sketch, Span, SpanState
from bcp.probe.base import works

NOTHING = timedelta(0)
_WORST: tuple[SpanState, ...] = ("down", "inconclusive", "warning", "up", "maintenance", "unobserved")


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
    cut = [Stretch(each.state, max(each.first, since), min(each.last, until), each.reason) for each in whole]
    # An outage that only one look has seen so far has no length yet, and is one all the same.
    begun = found[-1].state == "down" and found[-1].length == NOTHING and since <= found[-1].first <= until
    return [each for each in cut if each.first < each.last or (begun and each == found[-1])]


def summarise(
    spans: Sequence[Span], latencies: Sketch, since: datetime, until: datetime, blips: Blips | None = None
) -> Summary:
    """How the check was between the two moments."""
    told = stretches(spans, since, until)
    lengths = {state: sum((each.length for each in told if each.state == state), NOTHING) for state in _WORST}
    up = lengths["up"] + lengths["warning"]
    seen = up + lengths["down"]
    failing = list((blips or Blips()).hours(since, until))
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


def _failed(told: Sequence[Stretch], failing: Sequence[HourOfLooks]) -> timedelta:
    """The part of the time in which it was up that its blips stand for."""
    up = [each for each in told if works(each.state)]
    lost = NOTHING
    for hour in failing:
        end = hour.begin + HOUR
        inside = (min(each.last, end) - max(each.first, hour.begin) for each in up)
        lost += hour.share * sum((length for length in inside if length > NOTHING), NOTHING)
    return lost
