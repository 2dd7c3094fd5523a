"""History: what the spans of a check say about a stretch of days: uptime, outages, and time in which nobody looked.

A span holds from its first look to the first look of the span behind it, for that is when the state was seen to
change; the last one holds to its last look. Uptime is counted over observed time alone: maintenance and unobserved
time are shown apart and count neither as up nor as down.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bcp.check.span import Span, SpanState
from bcp.times import on_day

DAYS = 90


class Stretch(NamedTuple):
    """A state and the time it held."""

    state: SpanState
    begin: datetime
    end: datetime
    reason: str

    @property
    def length(self) -> timedelta:
        """How long."""
        return self.end - self.begin


@dataclass(frozen=True, slots=True)
class Summary:
    """What a stretch of days was like; `uptime` is a part of 1 of the observed time, None if nobody looked."""

    uptime: float | None
    outages: tuple[Stretch, ...]
    down: timedelta
    inconclusive: timedelta
    unobserved: timedelta
    maintenance: timedelta

    @property
    def longest(self) -> timedelta:
        """The longest outage."""
        return max((outage.length for outage in self.outages), default=timedelta(0))


def stretches(spans: Sequence[Span], begin: datetime, end: datetime) -> Iterator[Stretch]:
    """The spans as time that passes between `begin` and `end`; what lies before the first span is unobserved."""
    at = begin
    for number, span in enumerate(spans):
        until = spans[number + 1].first if number + 1 < len(spans) else span.last
        if span.first > at and number == 0:
            yield Stretch("unobserved", at, min(span.first, end), "")
        first, last = max(span.first, begin), min(until, end)
        if last > first or (span.first >= begin and span.first <= end):
            yield Stretch(span.state, first, max(first, last), span.reason)
            at = max(at, last)
    if at < end:
        yield Stretch("unobserved", at, end, "")


def summary(spans: Sequence[Span], begin: datetime, end: datetime) -> Summary:
    """What the time between `begin` and `end` was like."""
    found = list(stretches(spans, begin, end))
    lengths: dict[SpanState, timedelta] = {}
    for stretch in found:
        lengths[stretch.state] = lengths.get(stretch.state, timedelta(0)) + stretch.length
    nothing = timedelta(0)
    up, down = lengths.get("up", nothing), lengths.get("down", nothing)
    observed = up + down
    return Summary(
        uptime=up / observed if observed else None,
        outages=tuple(stretch for stretch in found if stretch.state == "down"),
        down=down,
        inconclusive=lengths.get("inconclusive", nothing),
        unobserved=lengths.get("unobserved", nothing),
        maintenance=lengths.get("maintenance", nothing),
    )


def bar(spans: Sequence[Span], now: datetime, zone: ZoneInfo, days: int = DAYS) -> str:
    """A letter a day, today last: `█` up, `▅` down for less than an hour, `▂` for longer, `·` nobody looked."""
    today = now.astimezone(zone).date()
    letters = []
    for back in range(days - 1, -1, -1):
        day = today - timedelta(days=back)
        begin = on_day(day, _MIDNIGHT, zone)
        end = min(on_day(day + timedelta(days=1), _MIDNIGHT, zone), now)
        letters.append(_letter(summary(spans, begin, end)))
    return "".join(letters)


def _letter(day: Summary) -> str:
    if day.uptime is None:
        return "?" if day.inconclusive else "·"
    if not day.outages:
        return "█"
    return "▅" if day.down < timedelta(hours=1) else "▂"


_MIDNIGHT = datetime.min.time()
