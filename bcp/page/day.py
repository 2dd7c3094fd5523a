"""Draws the picture of the day as SVG: black on white, so that shapes and patterns carry the meaning, never colours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from html import escape

from bcp.incident.report.picture import Lane, Mark, Picture

WIDTH = 1000
_LEFT = 230
_RIGHT = 20
_TOP = 40
_LANE = 38
_FONT = 'font-family="Noto Sans, sans-serif"'
_STEPS = [timedelta(minutes=m) for m in (1, 5, 15, 30, 60, 120, 240, 480)] + [
    timedelta(days=d) for d in (1, 2, 7, 14)
]
_MOST_TICKS = 9
_LONGEST_TITLE = 24

_BARS = {
    "down": 'fill="black"',
    "unseen": 'fill="url(#unseen)" stroke="black" stroke-width="0.6"',
    "in-force": 'fill="#d9d9d9" stroke="black" stroke-width="1"',
    "span": 'fill="white" stroke="black" stroke-width="1"',
}
_DIAMOND = '<path d="M{x:.1f} {t}L{r:.1f} {y}L{x:.1f} {b}L{l:.1f} {y}Z" '
_POINTS = {
    "done": '<circle cx="{x:.1f}" cy="{y}" r="5" fill="white" stroke="black" stroke-width="1.6"/>',
    "failed": '<path d="M{l:.1f} {t}L{r:.1f} {b}M{l:.1f} {b}L{r:.1f} {t}" stroke="black" stroke-width="2.4"/>',
    "decided": _DIAMOND + 'fill="black"/>',
    "due": _DIAMOND + 'fill="white" stroke="black" stroke-width="1.6"/>',
}


def draw(picture: Picture) -> str:
    """The SVG of the picture; each mark carries its words as a title."""
    height = _TOP + _LANE * len(picture.lanes) + 14
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" {_FONT} font-size="17">',
        '<defs><pattern id="unseen" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<path d="M0 6L6 0" stroke="black" stroke-width="0.7"/></pattern></defs>',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        *_axis(picture, height),
    ]
    for number, lane in enumerate(picture.lanes):
        parts += _lane(picture, lane, _TOP + _LANE * number)
    return "".join([*parts, "</svg>"])


def words_of(picture: Picture) -> str:
    """What the picture shows, in words, for whoever cannot see it."""
    lanes = "; ".join(f"{lane.title}: {len(lane.marks)}" for lane in picture.lanes)
    return f"{picture.begin:%Y-%m-%d %H:%M} – {picture.end:%Y-%m-%d %H:%M}. {lanes}"


def _axis(picture: Picture, height: int) -> Iterator[str]:
    length = picture.end - picture.begin
    step = next((each for each in _STEPS if length / each <= _MOST_TICKS), _STEPS[-1])
    for tick in _ticks(picture, step):
        x = _x(picture, tick)
        label = f"{tick:%d.%m.}" if step >= timedelta(days=1) else f"{tick:%H:%M}"
        yield f'<path d="M{x:.1f} {_TOP - 8}V{height - 8}" stroke="black" stroke-width="0.4"/>'
        yield f'<text x="{x:.1f}" y="{_TOP - 14}" text-anchor="middle">{label}</text>'


def _ticks(picture: Picture, step: timedelta) -> Iterator[datetime]:
    """Round clock times (or days) between the two ends."""
    midnight = picture.begin.replace(hour=0, minute=0, second=0, microsecond=0)
    tick = midnight + step * -((midnight - picture.begin) // step)
    while tick <= picture.end:
        yield tick
        tick += step


def _lane(picture: Picture, lane: Lane, top: int) -> Iterator[str]:
    title = lane.title if len(lane.title) <= _LONGEST_TITLE else lane.title[: _LONGEST_TITLE - 1] + "…"
    middle = top + _LANE // 2
    yield f'<text x="4" y="{middle + 5}" font-weight="bold">{escape(title)}</text>'
    yield f'<path d="M{_LEFT} {middle}H{WIDTH - _RIGHT}" stroke="black" stroke-width="0.3"/>'
    for mark in sorted(lane.marks, key=lambda mark: mark.end is None):
        yield f"<g><title>{escape(mark.label)}</title>{_shape(picture, mark, middle)}</g>"


def _shape(picture: Picture, mark: Mark, middle: int) -> str:
    x = _x(picture, mark.at)
    if mark.end is None:
        return _POINTS[mark.look].format(x=x, y=middle, l=x - 6, r=x + 6, t=middle - 6, b=middle + 6)
    width = max(2.0, _x(picture, mark.end) - x)
    return f'<rect x="{x:.1f}" y="{middle - 7}" width="{width:.1f}" height="14" {_BARS[mark.look]}/>'


def _x(picture: Picture, at: datetime) -> float:
    """Where a moment stands; what lies outside stands at the edge."""
    length = max((picture.end - picture.begin).total_seconds(), 1.0)
    part = (at - picture.begin).total_seconds() / length
    return _LEFT + (WIDTH - _LEFT - _RIGHT) * min(1.0, max(0.0, part))
