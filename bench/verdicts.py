"""From a fault to its true name, in the laboratory: how many looks of 5 s each fault takes, and the lab's start.

Each fault comes right after a look that saw nothing wrong, which is the worst moment. Needs what tests/lab needs.

    python bench/verdicts.py [dsl|lte]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import get_args

from tests.lab.lab import HERE, Lab, Line
from tests.lab.test_diagnose import ON_THE_LINE, OUT_THERE, furnish

STARTS = 10
EVERY = 5  # seconds between two looks of tests/lab/patrol.py
WITHIN = 3  # of these may pass from the fault to the verdict


def start() -> float:
    """The seconds that a laboratory takes to stand."""
    began = time.monotonic()
    with Lab():
        return time.monotonic() - began


def seconds_to_verdict(lab: Lab, office: Path, fault: str, line: Line) -> tuple[str, float]:
    """The verdict on a fault, and how long after it came."""
    with lab.popen([sys.executable, HERE / "patrol.py", office], stdout=subprocess.PIPE) as patrol:
        assert patrol.stdout is not None
        patrol.stdout.readline()
        lab.fault(fault, line)
        began = time.monotonic()
        *_, verdict = patrol.stdout
        took = time.monotonic() - began
    lab.heal()
    return verdict.strip(), took


def main(line: Line) -> int:
    starts = sorted(start() for _ in range(STARTS))
    print(f"laboratory stands after {median(starts):.2f} s (at most {starts[-1]:.2f} s of {STARTS} starts)")
    wrong = 0
    with Lab() as lab, tempfile.TemporaryDirectory() as folder:
        office = furnish(Path(folder))
        lab.use(line)
        for fault, expected in {**ON_THE_LINE, **OUT_THERE}.items():
            verdict, took = seconds_to_verdict(lab, office, fault, line)
            is_good = verdict == expected and took <= WITHIN * EVERY
            wrong += not is_good
            print(
                f"{fault:24} {verdict:24} {took / EVERY:5.2f} x {EVERY} s{'' if is_good else '   WRONG'}",
                flush=True,
            )
    print(f"to hold: the true name within {WITHIN} looks of {EVERY} s; {wrong} did not")
    return min(wrong, 1)


if __name__ == "__main__":
    lines = get_args(Line)
    if sys.argv[1:] and sys.argv[1] not in lines:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1] if sys.argv[1:] else "dsl"))  # type: ignore[arg-type]
