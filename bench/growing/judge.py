"""Whether a cost grows as it may: by its exponent, as a ratio to the smallest, and by its memory. Numbers alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log
from typing import Literal

Kind = Literal["flat", "linear"]

STEEPEST = 1.25
"""Linear is 1; whatever is clearly steeper than 1.1, with what a busy machine adds, is more than linear."""
FLATTEST = 1.5
"""What is to stay as it is may take so many times as long with the largest office as with the smallest."""
FLOOR = 0.08
"""CPU seconds above the bare start below which a cost is lost in the noise."""


@dataclass(frozen=True, slots=True)
class Point:
    """What a command took with an office of this size: CPU seconds, and the most memory in MB."""

    size: int
    cpu: float
    memory: float


@dataclass(frozen=True, slots=True)
class Holds:
    """What is held of a cost.

    `most` is how many times as long as the bare imports it may take at the largest size, `against` how many times as
    long as the same with nothing behind it. None where that is not held.
    """

    kind: Kind
    memory: float | None = None
    most: float | None = None
    against: float | None = None
    flattest: float = FLATTEST


@dataclass(frozen=True, slots=True)
class Verdict:
    """The exponent and the ratio that were found, and what is not held, in words; nothing where all is."""

    exponent: float
    ratio: float
    missed: list[str] = field(default_factory=list)


def exponent(points: Sequence[Point], start: float) -> float:
    """How the cost above the bare `start` grows as a power of the size, between the two largest ones.

    There it is farthest from the noise. A cost that is lost in that counts as the noise: the slope is flatter for it,
    never steeper.
    """
    if len(points) < 2:
        return 0.0
    before, after = points[-2:]
    costs = [max(FLOOR, each.cpu - start) for each in (before, after)]
    return log(costs[1] / costs[0]) / log(after.size / before.size)


def judged(
    points: Sequence[Point],
    holds: Holds,
    *,
    start: float,
    bare: float | None = None,
    empty: float | None = None,
) -> Verdict:
    """What is to be said of these points, which are in order of their sizes.

    `start` is what the command takes with next to nothing in the office, `bare` what the imports take that no command
    line can do without where that is held, `empty` what it takes with the largest office and nothing behind it.
    """
    first, last = points[0], points[-1]
    found = Verdict(exponent(points, start), last.cpu / first.cpu)
    if holds.kind == "linear" and found.exponent > STEEPEST:
        found.missed.append(f"grows with the power {found.exponent:.2f}, at most {STEEPEST:g}")
    if holds.kind == "flat" and found.ratio > holds.flattest:
        found.missed.append(f"takes {found.ratio:.2f} x the smallest, at most {holds.flattest:g}")
    if holds.most is not None and bare is not None and last.cpu / bare > holds.most:
        found.missed.append(f"takes {last.cpu / bare:.1f} x the bare imports, at most {holds.most:g}")
    if holds.against is not None and empty is not None and last.cpu / empty > holds.against:
        found.missed.append(
            f"takes {last.cpu / empty:.2f} x the same with no past, at most {holds.against:g}"
        )
    most = max(point.memory for point in points)
    if holds.memory is not None and most > holds.memory:
        found.missed.append(f"holds {most:.0f} MB, at most {holds.memory:g}")
    return found
