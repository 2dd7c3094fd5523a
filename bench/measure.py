"""What the benches share: work done in turn in one run, its least CPU time, and what that is as a ratio.

CPU time (user and system) is compared, which a busy machine disturbs less than the clock; and of each way the least,
since whatever disturbs a run only adds to it.
"""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Callable, Container, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
# All modules are compiled before, as after an installation.
COMPILED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {
    "PYTHONPATH": str(ROOT)
}


def cpu_of_children() -> float:
    """CPU seconds of all processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def process(
    command: Sequence[str], folder: Path | None = None, statuses: Container[int] = (0,)
) -> Callable[[], float]:
    """A deed that runs a whole process, in `folder`, and says how many CPU seconds it took.

    One that ends with none of `statuses` is a failure of the bench.
    """

    def run() -> float:
        before = cpu_of_children()
        ran = subprocess.run(command, cwd=folder, capture_output=True, check=False, env=COMPILED)
        if ran.returncode not in statuses:
            ran.check_returncode()
        return cpu_of_children() - before

    return run


def peak(command: Sequence[str], folder: Path | None = None) -> float:
    """The most memory that a process held, in MiB; it runs in `folder`."""
    with subprocess.Popen(
        command, cwd=folder, env=COMPILED, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as child:
        _pid, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0
    return used.ru_maxrss / 1024


def here(deed: Callable[[], object]) -> Callable[[], float]:
    """A deed of this process, which says how many CPU seconds it took."""

    def run() -> float:
        before = time.process_time()
        deed()
        return time.process_time() - before

    return run


def least(deeds: Mapping[str, Callable[[], float]], runs: int) -> dict[str, float]:
    """The least CPU seconds of each; they run in turn, after one round to warm up."""
    for deed in deeds.values():
        deed()
    found = dict.fromkeys(deeds, float("inf"))
    for _ in range(runs):
        for name, deed in deeds.items():
            found[name] = min(found[name], deed())
    return found


def told(what: str, value: float, hold: float, unit: str = "x") -> bool:
    """Print a number beside the most that it may be; whether it holds."""
    holds = value <= hold
    print(f"{what:<72} {value:7.2f} {unit:<3} at most {hold:g}{'' if holds else '   NOT HELD'}", flush=True)
    return holds
