"""Writes the checks of an office as one HTML page that needs no server, no script and no other file."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from bcp.check.history import NOTHING, Stretch
from bcp.check.overview import DAYS, CheckOverview, ChecksPage, Overview, together, weeks
from bcp.check.span import gap_for
from bcp.mask_shape import without_shapes
from bcp.page import check_pictures
from bcp.page.labels import Labels, languages
from bcp.visible import visible

_ELSEWHERE = "en"
_MOST_OUTAGES = 10
ORDER = ("down", "stale", "inconclusive", "warning", "never", "maintenance", "up")
"""How a check is now, the worst first: a state, or that nobody knows any more (`stale`), or never did."""
_QUIET = ("up", "maintenance")
_UP = ("up", "warning")
"""What counts as up: a warning is told, and is no outage."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """A check as the page shows it: its part of the page is written, and no more of it is kept."""

    name: str
    title: str
    state: str
    is_stale: bool
    last_look: datetime | None
    article: str


def write(overview: Overview, refresh: bool = False) -> ChecksPage:
    """The page, in the office's language where there are labels in it, else in English.

    With `refresh` a browser loads it again every minute, for a screen on the wall: it takes readers back. Reasons
    are shown without logins, and of addresses only the host: the page may end on a server.

    Each check is written as it comes: the days of a thousand would fill the memory.
    """
    words = Labels(overview.language if overview.language in languages() else _ELSEWHERE)
    values = _values(overview, words)
    shown = [_shown(each, values) for each in overview.checks]
    shown.sort(key=lambda each: ORDER.index(each.state))
    counts = Counter(each.state for each in shown)
    is_stale = bool(shown) and all(each.is_stale for each in shown)
    page = _template("checks.html").render(
        values,
        refresh=refresh,
        is_stale=is_stale,
        last_look=max((each.last_look for each in shown if each.last_look is not None), default=None),
        counts={state: counts[state] for state in ORDER if counts[state]},
        bad=[each for each in shown if each.state not in _QUIET],
        well=[each for each in shown if each.state in _QUIET],
        start="bcp watch",
    )
    return ChecksPage(page, len(shown), is_stale)


def _values(overview: Overview, words: Labels) -> dict[str, Any]:
    """What all parts of the page speak with."""
    return {
        "overview": overview,
        "words": words,
        "word": lambda state: words(f"check_{state}"),
        "when": lambda at: words.moment(at, overview.zone),
        "stamp": _stamp,
        "length": words.length,
        "percent": lambda part: _percent(part, words),
        "speed": lambda median, p95: _speed(median, p95, words),
        "seconds": lambda value: _seconds(value, words),
        "apart": lambda check: _apart(check, words),
        "tally": lambda check: _tally(check, words),
        "weeks": lambda check: _weeks(check, words),
        "days": DAYS,
    }


@cache
def _template(name: str) -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def _shown(check: CheckOverview, values: Mapping[str, Any]) -> _Shown:
    state, title = _now(check), _masked(check.check.title)
    article = _template("check_article.html").render(
        values,
        check=check,
        state=state,
        title=title,
        reason=_masked(check.span.reason) if check.span is not None and check.span.state != "up" else "",
        outages=[_without_secrets(each) for each in reversed(check.whole.outages[-_MOST_OUTAGES:])],
        pictures=check_pictures.draw(check.days),
    )
    last_look = check.span.last if check.span is not None else None
    return _Shown(check.check.check, title, state, check.is_stale, last_look, article)


def _now(check: CheckOverview) -> str:
    """One of ORDER."""
    if check.span is None and (check.last is None or check.is_stale):
        return "never"
    if check.is_stale:
        return "stale"
    if check.last is not None and check.last.state == "maintenance":
        return "maintenance"
    return check.span.state if check.span is not None else "never"


def _without_secrets(outage: Stretch) -> Stretch:
    return Stretch(outage.state, outage.first, outage.last, _masked(outage.reason))


def _masked(text: str) -> str:
    return without_shapes(visible(text), text.lower())


def _apart(check: CheckOverview, words: Labels) -> list[str]:
    """The time in each other state than up and down, with its name; none where it is next to nothing."""
    whole = check.whole
    lengths = {
        "unobserved": whole.unobserved if whole.unobserved > gap_for(check.check.every) else NOTHING,
        "inconclusive": whole.inconclusive,
        "warning": whole.warning,
        "maintenance": whole.maintenance,
    }
    return [f"{words(f'check_{state}')}: {words.length(each)}" for state, each in lengths.items() if each]


def _tally(check: CheckOverview, words: Labels) -> str:
    """What the picture of the days shows, in words: how many days had which state as their worst."""
    counts = Counter(each.worst for each in check.days)
    order = sorted(counts.items(), key=lambda each: -each[1])
    return ", ".join(f"{words(f'check_{state}')}: {count}" for state, count in order)


def _weeks(check: CheckOverview, words: Labels) -> Iterable[Mapping[str, str]]:
    """The same as the pictures, in numbers, a row a week, the last one first."""
    for days in reversed(list(weeks(check.days))):
        lengths, latencies = together(days)
        down, up = lengths.get("down", NOTHING), sum((lengths.get(state, NOTHING) for state in _UP), NOTHING)
        unseen = lengths.get("unobserved", NOTHING)
        yield {
            "from": days[0].day.isoformat(),
            "up": _percent(up / (up + down) if up + down else None, words),
            "down": words.length(down) if down else "–",
            "unseen": words.length(unseen) if unseen > gap_for(check.check.every) else "–",
            "speed": _speed(latencies.quantile(0.5), latencies.quantile(0.95), words),
        }


def _percent(part: float | None, words: Labels) -> str:
    """Rounded down: a hundred per cent is said of what never was down only."""
    if part is None:
        return "–"
    number = f"{math.floor(part * 100_000) / 1000:g}".replace(".", words("decimal"))
    return words("percent_form", part=number)


def _speed(median: float | None, p95: float | None, words: Labels) -> str:
    return "–" if median is None or p95 is None else f"{_seconds(median, words)} / {_seconds(p95, words)}"


def _seconds(value: float, words: Labels) -> str:
    """`20 ms`, `3.2 s`."""
    if value < 1:
        return f"{max(1, round(value * 1000))} ms"
    return f"{value:.1f} s".replace(".", words("decimal"))


def _stamp(at: datetime) -> str:
    """`2026-11-26T07:50:00Z` (RFC 3339)."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
