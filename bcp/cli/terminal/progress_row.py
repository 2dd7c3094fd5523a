"""How far long deeds are, as one row of a terminal: what is done, how much of it, for how long, and what is at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

from bcp.cli.terminal.ascii import nearest
from bcp.i18n import _
from bcp.revealed import REVEALED
from bcp.visible import in_one_line

_FULL, _EMPTY, _INTO, _CUT = "█", "░", "›", "…"
_BARS = (20, 10, 0)
_LEAST_OF_A_NAME = 16
_ENOUGH_ITEMS, _ENOUGH_SECONDS = 3, 2.0
"""What is known of a run before it is said how long the rest takes."""


@dataclass
class Watched:
    """One loop: what it does, how many of `total` are done, the one at hand, and when it began (monotonic)."""

    what: str
    total: int | None
    began: float
    count: int = 0
    name: str = ""


def row(tasks: Sequence[Watched], now: float, width: int, encoding: str) -> str:
    """The row for these loops, each inside the one before; at most `width` cells, of letters that `encoding` has."""
    outer, letters = tasks[0], _Letters(encoding)
    count, times = _count(outer), _times(outer, now)
    details = [letters.of(each) for each in _details(tasks)]
    what = letters.of(in_one_line(REVEALED.net(outer.what)))
    behind = [each for each in (count, *times) if each]
    if _width([what, *behind]) > width:
        behind = behind[: 1 + bool(count)]  # the time that is left is the first to go
    what = letters.cut(what, max(8, width - _width(behind) - 2))
    room = width - _width([what, *behind])
    wanted = _LEAST_OF_A_NAME + 2 if details else 0
    bar = next(cells for cells in _BARS if cells + 2 + wanted <= room or not cells)
    drawn = letters.bar(outer, bar) if outer.total else ""
    fixed = [each for each in (what, drawn, *behind) if each]
    left = width - _width(fixed) - 2
    if details and left >= _LEAST_OF_A_NAME // 2:
        # What moves is the innermost: the others make room for it.
        fits = next((each for each in details if cell_len(each) <= left), details[-1])
        fixed.append(letters.cut(fits, left))
    return letters.cut("  ".join(fixed), width)


def sentence(tasks: Sequence[Watched], now: float) -> str:
    """The same for a terminal that can only be written on line by line."""
    outer = tasks[0]
    parts = [_count(outer).strip(), *_times(outer, now), *_details(tasks)[:1]]
    return f"{in_one_line(REVEALED.net(outer.what))}: {', '.join(each for each in parts if each)}"


class _Letters:
    """What a terminal of this encoding can show."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._draws = nearest(_FULL + _EMPTY, encoding) == _FULL + _EMPTY

    def of(self, text: str) -> str:
        return nearest(text, self._encoding)

    def cut(self, text: str, cells: int) -> str:
        """So much of it as fits, with a mark where that is not all."""
        if cell_len(text) <= cells:
            return text
        mark = nearest(_CUT, self._encoding)
        kept: str = set_cell_size(text, max(0, cells - len(mark)))
        return kept.rstrip() + mark if cells > len(mark) else ""

    def bar(self, task: Watched, cells: int) -> str:
        full = min(cells, cells * task.count // max(1, task.total or 1))
        one, none = (_FULL, _EMPTY) if self._draws else ("#", "-")
        return one * full + none * (cells - full)


def _width(parts: Sequence[str]) -> int:
    return sum(cell_len(each) + 2 for each in parts) - 2 if parts else 0


def _count(task: Watched) -> str:
    if task.total is None:
        return _grouped(task.count) if task.count else ""
    whole = _grouped(max(task.total, task.count))
    return f"{_grouped(task.count):>{len(whole)}}/{whole}"


def _grouped(number: int) -> str:
    """As the language writes a number of more than three digits."""
    mark = _("1,000").strip("10")
    return f"{number:,}".replace(",", mark)


def _times(task: Watched, now: float) -> list[str]:
    """For how long it has gone on, and how long the rest takes where enough of this very run is known."""
    passed = max(0.0, now - task.began)
    known = task.count >= _ENOUGH_ITEMS and passed >= _ENOUGH_SECONDS
    if task.total is None or not known or task.count >= task.total:
        return [_said(int(passed))] if passed >= 1 else []
    left = passed / task.count * (task.total - task.count)
    return [_said(int(passed)), _("about {time} left").format(time=_said(_rounded(left)))]


def _rounded(seconds: float) -> int:
    """As exact as one can know it: to a second below ten, to five below a minute, to a minute from ten on."""
    step = 1 if seconds < 10 else 5 if seconds < 60 else 10 if seconds < 600 else 60
    return max(1, round(seconds / step) * step)


def _said(seconds: int) -> str:
    """Unlike `say_duration` always with its seconds: so one sees that it goes on."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    said = f"{hours} h {minutes} min" if hours else f"{minutes} min" if minutes else ""
    return f"{said} {rest} s".strip() if rest or not said else said


def _details(tasks: Sequence[Watched]) -> list[str]:
    """The one at hand, and how far that is; then the same without what is outermost, and so on."""
    outer, *inner = tasks
    parts = [outer.name]
    for each in inner:
        parts.append(" ".join(part for part in (each.what, _count(each).strip(), each.name) if part))
    named = [in_one_line(REVEALED.net(part)) for part in parts if part]
    return [f" {_INTO} ".join(named[begin:]) for begin in range(len(named))]
