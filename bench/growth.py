"""Growth: what an office pays after years, each cost at three sizes, with its exponent and as a ratio to the smallest.

    python bench/growth.py [--quick] [--only WORDS] [--list]

Each command runs as a process of its own with offices of three sizes; of each the least CPU time (user and system) and
the most memory count. From the CPU time that of the same command in the smallest office there can be is taken off
before the exponent is found: the slope of the logarithm of the cost over that of the size, between the two largest
sizes. What is to stay flat is compared with the smallest size. A cost that grows faster than its size, or holds more
memory than it may, is NOT HELD, and the bench ends with 1. Seconds that are held are held as so many times the imports
that no command line can do without, measured behind each such command: a machine that others use, too, is not always
as fast.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from growing import checks, incidents, letters, mailbox, plans
from growing.judge import Verdict, judged
from growing.subject import BARE, Failed, Point, Subject, cost, least

SUBJECTS: Sequence[Subject] = (
    *checks.SUBJECTS,
    *plans.SUBJECTS,
    *incidents.SUBJECTS,
    *letters.SUBJECTS,
    *mailbox.SUBJECTS,
)


VERSION = ("-m", "bcp", "--version")


class Offices:
    """The offices that were made; several commands are measured with one, and those that change it get a copy."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[tuple[object, int], Path] = {}

    def of(self, make: Callable[[Path, int], None], size: int) -> Path:
        """The office of this size."""
        if (make, size) not in self._made:
            self._made[make, size] = self._folder / str(len(self._made))
            make(self._made[make, size], size)
        return self._made[make, size]


def bare_imports() -> float:
    """What they take now."""
    return min(cost([sys.executable, "-c", BARE])[0] for _ in range(5))


def measured(subject: Subject, offices: Offices, quick: bool) -> tuple[list[Point], Verdict]:
    """The points of a subject, and what is to be said of them."""
    sizes = (subject.quick or subject.sizes) if quick else subject.sizes
    points = [least(subject, offices.of(subject.make, size), size) for size in sizes]
    bare = bare_imports() if subject.holds.most is not None else None
    if subject.least_size is None:
        start = min(cost([sys.executable, *VERSION])[0] for _ in range(subject.runs))
    else:
        start = least(subject, offices.of(subject.make, subject.least_size), subject.least_size).cpu
    empty = None
    if subject.empty is not None:
        empty = least(subject, offices.of(subject.empty, sizes[-1]), sizes[-1]).cpu
    return points, judged(points, subject.holds, start=start, bare=bare, empty=empty)


def shown(subject: Subject, points: Sequence[Point], verdict: Verdict) -> None:
    """One line for each size, and what is not held."""
    for point in points:
        ratio = point.cpu / points[0].cpu
        print(f"{subject.name:<44} {point.size:>6}  {point.cpu:7.2f} s {ratio:6.2f} x {point.memory:6.0f} MB")
    told = f"exponent {verdict.exponent:.2f}" if len(points) > 1 else "one size"
    print(
        f"{'':<44} {told}, {subject.holds.kind}{''.join(f'   NOT HELD: {each}' for each in verdict.missed)}"
    )
    sys.stdout.flush()


def holds(subject: Subject, offices: Offices, quick: bool) -> bool:
    """Whether all is held of a subject; it is shown. One that cannot be measured is not held."""
    try:
        points, verdict = measured(subject, offices, quick)
    except Failed as failed:
        print(f"{subject.name:<44} NOT MEASURED: {failed}", flush=True)
        return False
    shown(subject, points, verdict)
    return not verdict.missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--quick", action="store_true", help="smaller offices, where a subject has them")
    parser.add_argument(
        "--only", default="", metavar="WORDS", help="the subjects with these words in their name"
    )
    parser.add_argument("--list", action="store_true", help="the names of the subjects")
    asked = parser.parse_args()
    wanted = [each for each in SUBJECTS if asked.only in each.name]
    if asked.list:
        print("\n".join(each.name for each in wanted))
        return 0
    with tempfile.TemporaryDirectory(prefix="bcp-growth-") as folder:
        offices = Offices(Path(folder))
        missed = [each.name for each in wanted if not holds(each, offices, asked.quick)]
    print(f"not held: {', '.join(missed)}" if missed else "all is held")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
