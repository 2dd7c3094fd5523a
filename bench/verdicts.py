"""From a fault to its true name, in the laboratory: how many looks of 5 s each fault takes, and the lab's start.

Each fault comes right after a look that saw nothing wrong, which is the worst moment. Then `bcp check diagnose` as a
person types it, through each fault: how long the whole process takes, and its CPU (user and system, of the children).
Needs what tests/lab needs.

    python bench/verdicts.py [dsl|lte] [diagnose]
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import get_args

from measure import cpu_of_children, told

from tests.lab.lab import HERE, Lab, Line
from tests.lab.test_diagnose import ON_THE_LINE, OUT_THERE, furnish

STARTS = 10
EVERY = 5  # seconds between two looks of tests/lab/patrol.py
WITHIN = 3  # of these may pass from the fault to the verdict
DIAGNOSED, DIAGNOSED_CPU = 12.0, 0.6  # seconds
OFFICE = """name: Bench
country: PL
timezone: Europe/Warsaw
people: [{person: a, name: A}]
roles: [{role: lead, owner: a}]
"""


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


def whole_diagnosis(lab: Lab, office: Path) -> tuple[str, float, float]:
    """What the command says in the office, its seconds, and its CPU seconds."""
    before, began = cpu_of_children(), time.monotonic()
    command = [sys.executable, "-m", "bcp", "--office", office, "check", "diagnose", "--json"]
    with lab.popen([*lab.prefix, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        out, err = process.communicate()
    took = time.monotonic() - began
    return (json.loads(out)["verdict"] if out else err.strip()), took, cpu_of_children() - before


def diagnoses(line: Line) -> bool:
    """The command through each fault; whether the slowest and the dearest of them hold."""
    found = {}
    with Lab() as lab, tempfile.TemporaryDirectory() as folder:
        office = furnish(Path(folder))
        (office / "bcp.yaml").write_text(OFFICE)
        lab.use(line)
        for fault in (None, *ON_THE_LINE, *OUT_THERE):
            if fault:
                lab.fault(fault, line)
            found[fault or "nothing"] = verdict, took, cpu = whole_diagnosis(lab, office)
            lab.heal()
            print(f"{fault or 'nothing':24} {verdict:24} {took:5.2f} s, CPU {cpu:.2f} s", flush=True)
    slowest = max(found, key=lambda fault: found[fault][1])
    dearest = max(found, key=lambda fault: found[fault][2])
    held = [
        told(f"bcp check diagnose, the slowest ({slowest})", found[slowest][1], DIAGNOSED, "s"),
        told(f"  CPU of the dearest ({dearest})", found[dearest][2], DIAGNOSED_CPU, "s"),
    ]
    return all(held)


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
    lines, words = get_args(Line), sys.argv[1:]
    if not set(words) <= {*lines, "diagnose"}:
        sys.exit(__doc__)
    line = next((word for word in words if word in lines), "dsl")
    of_patrols = 0 if "diagnose" in words else main(line)
    sys.exit(max(of_patrols, int(not diagnoses(line))))
