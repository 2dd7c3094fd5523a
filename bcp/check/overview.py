"""Overview: each check as one page shows it: now, its last days one by one, its outages, and how fast it answered.

Nothing is looked at for it: it is what was kept. The days are those of the office's clock; response times are kept by
the day of UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bcp.check.blips import Blips
from bcp.check.history import _WORST, NOTHING, Stretch, Summary, part_of, stretches, summary_of, under_way
from bcp.check.model import Check
from bcp.check.span import Sketch, Span, SpanState, gap_for, until_now

DAYS = 90
WINDOWS = (1, 30, DAYS)
"""Days over which it is said for what part of the time a check was up."""
_WEEK = 7
_ROUNDED = timedelta(milliseconds=2)
"""The store keeps milliseconds."""


@dataclass(frozen=True, slots=True)
class DayOverview:
    """One day, a part of it where it has not ended: how long the check was in each state that it was in at all."""

    day: date
    lengths: Mapping[str, timedelta]
    latencies: Sketch

    @property
    def worst(self) -> SpanState:
        """The state that is told of it first."""
        return next((state for state in _WORST if state in self.lengths), "unobserved")


@dataclass(frozen=True, slots=True)
class KeptOfCheck:
    """What the store keeps of a check: its spans in order, its response times by days of UTC, its blips."""

    spans: Sequence[Span] = ()
    latencies: Mapping[date, Sketch] = field(default_factory=dict)
    blips: Blips = field(default_factory=Blips)


@dataclass(frozen=True, slots=True)
class CheckOverview:
    """A check, as it was kept.

    `span` is the last one in which somebody looked, None where nobody ever has; `last` is the last span of all, which
    may be maintenance. With `is_stale` nobody has looked for longer than looks are apart, so that nobody knows its
    state now. `windows` are by their days, `days` has today last, where
    they were wanted.
    """

    check: Check
    span: Span | None
    last: Span | None
    is_stale: bool
    windows: Mapping[int, Summary]
    days: Sequence[DayOverview]

    @property
    def whole(self) -> Summary:
        """All that is shown, in sum."""
        return self.windows[DAYS]


@dataclass(frozen=True, slots=True)
class Overview:
    """The checks of an office as of `now`, by the clock of `zone`; they may be read one by one, and only once."""

    office: str
    language: str
    zone: ZoneInfo
    now: datetime
    checks: Iterable[CheckOverview]


class ChecksPage(NamedTuple):
    """An overview as a page: its text, how many checks are on it, and whether nobody looks at any of them any more."""

    text: str
    checks: int
    is_stale: bool


def overview_of(
    check: Check, kept: KeptOfCheck, now: datetime, zone: ZoneInfo, *, by_days: bool = True
) -> CheckOverview:
    """What one check was like; not `by_days` is for who wants its windows alone."""
    spans = until_now(kept.spans, now)
    kept = replace(kept, spans=spans)
    observed = (span for span in reversed(spans) if span.state not in ("unobserved", "maintenance"))
    last = spans[-1] if spans else None
    first = _midnight(now.astimezone(zone).date() - timedelta(days=DAYS - 1), zone)
    days = _days(stretches(under_way(spans, first), first, now), kept.latencies, now, zone) if by_days else ()
    return CheckOverview(
        check,
        next(observed, None),
        last,
        last is None or now - last.last > gap_for(check.every),
        dict(_windows(kept, now)),
        list(days),
    )


def with_held(spans: Sequence[Span], held: Span | None, gap: timedelta) -> Sequence[Span]:
    """The spans of the store, and the one that whoever looks holds in memory: a full disk keeps nobody from knowing.

    `gap` is the longest time between two looks that still counts as looking.
    """
    if held is None or (spans and held.last <= spans[-1].last):
        return spans
    if not spans:
        return [held]
    before = spans[-1]
    if held.state == before.state and abs(held.first - before.first) < _ROUNDED:
        return [*spans[:-1], held]
    is_gap = before.state != "maintenance" and held.first - before.last > gap
    between = [Span(held.check, "unobserved", before.last, held.first, 0)] if is_gap else []
    return [*spans, *between, held]


def weeks(days: Sequence[DayOverview]) -> Iterator[Sequence[DayOverview]]:
    """The same days, seven at a time, the last week whole and the first one cut."""
    first = len(days) % _WEEK
    for begin in range(first - _WEEK if first else 0, len(days), _WEEK):
        yield days[max(0, begin) : begin + _WEEK]


def together(days: Iterable[DayOverview]) -> tuple[dict[str, timedelta], Sketch]:
    """How long it was in each state in these days together, and how long its looks took."""
    lengths: dict[str, timedelta] = {}
    latencies = Sketch()
    for each in days:
        for state, length in each.lengths.items():
            lengths[state] = lengths.get(state, NOTHING) + length
        latencies.merge(each.latencies)
    return lengths, latencies


def _windows(kept: KeptOfCheck, now: datetime) -> Iterator[tuple[int, Summary]]:
    """Each of WINDOWS in numbers; the stretches are made once, and a shorter one is a part of them."""
    longest = now - timedelta(days=max(WINDOWS))
    whole = stretches(under_way(kept.spans, longest), longest, now)
    for count in WINDOWS:
        since, latencies = now - timedelta(days=count), Sketch()
        for day, sketch in kept.latencies.items():
            if day >= since.astimezone(UTC).date():
                latencies.merge(sketch)
        yield count, summary_of(part_of(whole, since), latencies, since, now, kept.blips)


def _days(
    found: Sequence[Stretch], latencies: Mapping[date, Sketch], now: datetime, zone: ZoneInfo
) -> Iterator[DayOverview]:
    """Each day in one walk over the stretches, which leave no gap: one may reach over many days."""
    today = now.astimezone(zone).date()
    begin, number = _midnight(today - timedelta(days=DAYS - 1), zone), 0
    for back in reversed(range(DAYS)):
        day = today - timedelta(days=back)
        end = min(now, _midnight(day + timedelta(days=1), zone))
        lengths: dict[str, timedelta] = {}
        while number < len(found):
            each = found[number]
            length = min(each.last, end) - max(each.first, begin)
            if length > NOTHING:
                lengths[each.state] = lengths.get(each.state, NOTHING) + length
            if each.last > end:
                break
            number += 1
        yield DayOverview(day, lengths, latencies.get(day) or Sketch())
        begin = end


@lru_cache(2 * DAYS)
def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """In UTC, for between two moments of one zone Python counts by the clock on the wall."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
