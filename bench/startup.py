"""Start-up: `bcp --help` and `bcp incident status` against the bare imports that no command line can do without.

Method: each command runs in a process of its own, in turn with the others, so that a change in the machine's load
falls on all alike; all modules are compiled before, as after an installation; the best of the runs is compared (the
least disturbed one). Hold: 1.5 times the bare imports.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOLD = 1.5
COMPILED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
RUNS = 15
BARE = ["-c", "import typer, rich.console, sqlite3"]


def took(arguments: list[str], folder: Path) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, check=True, env=COMPILED)
    return time.perf_counter() - began


def office_with_an_incident(folder: Path) -> None:
    """The sample office, whose internet is out, with a few steps behind it."""
    bcp = [sys.executable, "-m", "bcp"]
    subprocess.run([*bcp, "init", "--sample"], cwd=folder, capture_output=True, check=True)
    subprocess.run(
        [*bcp, "incident", "start", "internet-outage"], cwd=folder, capture_output=True, check=False
    )
    for step in ("lights", "restart"):
        subprocess.run([*bcp, "incident", "step", "done", step], cwd=folder, capture_output=True, check=True)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="bcp-bench-") as temporary:
        folder = Path(temporary)
        office_with_an_incident(folder)
        commands = {
            "bare imports": BARE,
            "bcp --help": ["-m", "bcp", "--help"],
            "bcp incident status": ["-m", "bcp", "incident", "status"],
        }
        runs: dict[str, list[float]] = {name: [] for name in commands}
        for arguments in commands.values():
            took(arguments, folder)
        for _ in range(RUNS):
            for name, arguments in commands.items():
                runs[name].append(took(arguments, folder))
    print(__doc__)
    bare = min(runs["bare imports"])
    worst = 0.0
    for name, times in runs.items():
        ratio = min(times) / bare
        worst = max(worst, ratio)
        print(f"{name:<22} best of {RUNS}: {min(times) * 1000:6.0f} ms   ratio {ratio:.2f}")
    print("holds" if worst <= HOLD else f"DOES NOT HOLD: {worst:.2f} > {HOLD}")
    return int(worst > HOLD)


if __name__ == "__main__":
    sys.exit(main())
