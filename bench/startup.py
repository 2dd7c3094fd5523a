"""Start-up: what is done all the time, against the bare imports that no command line can do without.

Method: each command runs in a process of its own, in turn with the others; all modules are compiled before, as after an
installation; of the CPU time the least is compared. The office is the sample. What is read is kept by the hash of the
files: "after an edit" is the first command after a notice was changed, so that it is read again.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from measure import COMPILED, least, process, told

RUNS = 9
BARE = "bare imports"
HOLDS = {
    "--help": 1.5,
    "incident status": 1.5,
    "incident start": 2.0,
    "runbook list": 2.0,
    "notice lint": 2.0,
    "notice lint, after an edit": 16.0,
    "incident start internet-outage --dry-run": 15.0,
}
"""As ratios to the bare imports; `incident start` without a name is the menu."""


def bcp(*arguments: str) -> list[str]:
    """The command line of a command."""
    return [sys.executable, "-m", "bcp", *arguments]


def office_with_an_incident(folder: Path) -> None:
    """The sample office, whose phone is out, with a step behind it."""
    for arguments in (
        ("init", "--sample"),
        ("validate",),
        ("notice", "lint"),
        ("runbook", "list"),
        ("incident", "start", "phone-outage"),
    ):
        subprocess.run(bcp(*arguments), cwd=folder, capture_output=True, check=False, env=COMPILED)


def edited(run: Callable[[], float], office: Path) -> float:
    """The CPU seconds of a command behind an edit of a notice."""
    with (office / "notices" / "line-down.en.md").open("a", encoding="utf-8") as file:
        file.write("\n{# another day #}\n")
    return run()


def main() -> int:
    """Print each number beside what it may be."""
    print(__doc__)
    with tempfile.TemporaryDirectory(prefix="bcp-bench-") as temporary:
        office = Path(temporary) / "office"
        office.mkdir()
        office_with_an_incident(office)
        deeds = {BARE: process([sys.executable, "-c", "import typer, rich.console, sqlite3"], office)}
        for name in HOLDS:
            command, _comma, is_edited = name.partition(", after")
            run = process(bcp(*command.split()), office, statuses=range(10))
            deeds[name] = partial(edited, run, office) if is_edited else run
        found = least(deeds, RUNS)
        holds = [told(f"bcp {name}", found[name] / found[BARE], most) for name, most in HOLDS.items()]
    return int(not all(holds))


if __name__ == "__main__":
    sys.exit(main())
