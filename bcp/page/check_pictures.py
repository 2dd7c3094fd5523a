"""Draws the days of a check: a bar for each, and how fast it answered, as the paths of two small pictures (SVG).

Colours are those of the page. What they say is said by form as well: an outage has a foot below the line, what nobody
saw is a gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from bcp.check.history import NOTHING
from bcp.check.overview import DayOverview

STEP, BAR = 4, 3
"""Width of a day and of its bar; heights below are in the same measure."""
LINE, FOOT, LEAST = 40, 46, 6
HEIGHT = 60
_STACK = ("down", "inconclusive", "warning", "maintenance", "up")
"""From the line upwards."""
_PLAIN = 0.99


@dataclass(frozen=True, slots=True)
class Pictures:
    """`bars` are paths by state; `whole` is a line through the days that were up and nothing else, to be dashed.

    `median` and `p95` are steps, a day a step, empty where nothing was measured; `top` is the seconds at their top.
    """

    width: int
    whole: str
    bars: Mapping[str, str]
    median: str
    p95: str
    top: float | None


def draw(days: Sequence[DayOverview]) -> Pictures:
    """The pictures of some days, the last one on the right."""
    plain = [_is_plain(each) for each in days]
    bars: dict[str, str] = {}
    for number, day in enumerate(days):
        if not plain[number]:
            for state, path in _bar(day, number * STEP):
                bars[state] = bars.get(state, "") + path
    medians = [each.latencies.quantile(0.5) for each in days]
    most = [each.latencies.quantile(0.95) for each in days]
    top = max((each for each in most if each is not None), default=None)
    return Pictures(
        len(days) * STEP, _runs(plain), bars, _steps(medians, top or 1), _steps(most, top or 1), top
    )


def _is_plain(day: DayOverview) -> bool:
    """Whether it was up, but for moments in which nobody looked."""
    others = any(length for state, length in day.lengths.items() if state not in ("up", "unobserved"))
    up = day.lengths.get("up", NOTHING)
    return not others and up >= _PLAIN * sum(day.lengths.values(), NOTHING) and up > NOTHING


def _runs(plain: Sequence[bool]) -> str:
    """One line through each row of plain days: a dash of three and a gap of one make its bars, in a few bytes."""
    found, at = "", 0
    for is_plain, row in groupby(plain):
        length = len(list(row))
        if is_plain:
            found += f"M{at * STEP} {LINE // 2}h{length * STEP}"
        at += length
    return found


def _bar(day: DayOverview, left: int) -> Iterator[tuple[str, str]]:
    """What of the day was which state, one above the other; what nobody saw stays empty, but for a dot."""
    whole = sum(day.lengths.values(), NOTHING) or timedelta(1)
    bottom = LINE
    for state in _STACK:
        length = day.lengths.get(state, NOTHING)
        if not length:
            continue
        height = min(bottom, max(LEAST, round(length / whole * LINE)))
        foot = FOOT if state == "down" else bottom
        yield state, f"M{left} {bottom - height}h{BAR}V{foot}h-{BAR}z"
        bottom = max(0, bottom - height - 1)
    if bottom == LINE:
        yield "unobserved", f"M{left} {LINE - 2}h{BAR}v2h-{BAR}z"


def _steps(values: Sequence[float | None], top: float) -> str:
    found, is_on = "", False
    for number, value in enumerate(values):
        if value is None:
            is_on = False
            continue
        height = round((1 - value / top) * (HEIGHT - 4)) + 2
        found += f"{f'V{height}' if is_on else f'M{number * STEP} {height}'}h{STEP}"
        is_on = True
    return found
