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


@dataclass(eq=False)
class Watched:
    """One loop: what it does, how many of `total` are done, the one at hand, and when it began (monotonic).

    Of something that ends at a time `length` is known, in seconds. `is_net` where nothing more is known than that it
    goes on: any other loop says more.
    """

    what: str
    total: int | None
    began: float
    count: int = 0
    name: str = ""
    length: float | None = None
    is_net: bool = False

    def part(self, now: float) -> float | None:
        """How much of it is over, from 0 to 1; None where nobody knows how much there is."""
        done, whole = (self.count, self.total) if self.length is None else (now - self.began, self.length)
        return None if whole is None else min(1.0, done / whole) if whole > 0 else 1.0


def row(tasks: Sequence[Watched], now: float, width: int, encoding: str) -> str:
    """The row for these loops, each inside the one before; at most `width` cells, of letters that `encoding` has."""
    (main, *inner), letters = _told(tasks), _Letters(encoding)
    count, times = _count(main), _times(main, now)
    details = [letters.of(each) for each in _details(main, inner, now)]
    what = letters.of(in_one_line(REVEALED.net(main.what)))
    behind = [each for each in (count, *times) if each]
    if _width([what, *behind]) > width:
        behind = behind[: 1 + bool(count)]  # the time that is left is the first to go
    what = letters.cut(what, max(8, width - _width(behind) - 2))
    room = width - _width([what, *behind])
    wanted = _LEAST_OF_A_NAME + 2 if details else 0
    bar = next(cells for cells in _BARS if cells + 2 + wanted <= room or not cells)
    fixed = [each for each in (what, letters.bar(main.part(now), bar), *behind) if each]
    left = width - _width(fixed) - 2
    if details and left >= _LEAST_OF_A_NAME // 2:
        # What moves is the innermost: the others make room for it.
        fits = next((each for each in details if cell_len(each) <= left), details[-1])
        fixed.append(letters.cut(fits, left))
    return letters.cut("  ".join(fixed), width)


def sentence(tasks: Sequence[Watched], now: float) -> str:
    """The same for a terminal that can only be written on line by line."""
    main, *inner = _told(tasks)
    parts = [_count(main).strip(), *_times(main, now), *_details(main, inner, now)[:1]]
    what = in_one_line(REVEALED.net(main.what))
    return f"{what}: {', '.join(each for each in parts if each)}".removesuffix(": ")


def _told(tasks: Sequence[Watched]) -> Sequence[Watched]:
    """From the first loop on of which one knows how long it is; where there is none, all."""
    known = [each for each in tasks if not each.is_net] or tasks
    first = next((index for index, each in enumerate(known) if each.total or each.length), 0)
    return known[first:]


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

    def bar(self, part: float | None, cells: int) -> str:
        if part is None:
            return ""
        full = int(cells * part)
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
    if task.length is not None:
        return [_("{time} left").format(time=_said(max(0, round(task.length - passed))))]
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


def _details(main: Watched, inner: Sequence[Watched], now: float) -> list[str]:
    """The one at hand, and how far that is; then the same without what is outermost, and so on."""
    parts = [main.name]
    for each in inner:
        left = _times(each, now) if each.length is not None else []
        parts.append(" ".join(part for part in (each.what, _count(each).strip(), *left, each.name) if part))
    named = [in_one_line(REVEALED.net(part)) for part in parts if part]
    return [f" {_INTO} ".join(named[begin:]) for begin in range(len(named))]
