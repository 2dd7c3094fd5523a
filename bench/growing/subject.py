"""A subject: a command whose cost is looked at, with offices of several sizes; and what one run of it takes."""

from __future__ import annotations

import json
import os
import pty
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from measure import COMPILED

from growing.judge import Holds, Point

BARE = "import typer, rich.console, sqlite3"
BARE_SECONDS = 0.074
"""What these imports take on the machine whose seconds are meant; a hold in seconds becomes a ratio to them."""
_LAUNCH = Path(__file__).with_name("launch.py")
_PATIENCE = 1.0
"""Seconds without a word after which a command at a terminal waits for a person."""
_GOES_AWAY = b"\x04"


def seconds(most: float) -> float:
    """A hold in seconds as so many times the bare imports."""
    return most / BARE_SECONDS


@dataclass(frozen=True)
class Subject:
    """One line of the table.

    `make` makes an office of a size in a folder, `words` are the command. `statuses` are those that it may end with.
    With `is_once` it changes what it finds, so that each run gets a copy; `beside` is what goes on meanwhile, such as a
    server. `empty` makes an office of the same size with nothing behind it. `words` that begin with a file of
    Python are no command of `bcp`. `after` says what is wrong with what the command did, if anything is.
    """

    name: str
    sizes: Sequence[int]
    make: Callable[[Path, int], None]
    words: Callable[[Path], Sequence[str]]
    holds: Holds
    quick: Sequence[int] = ()
    statuses: Sequence[int] = (0,)
    is_once: bool = False
    is_at_terminal: bool = False
    beside: Callable[[Path, int], AbstractContextManager[object]] = lambda _folder, _size: nullcontext()
    empty: Callable[[Path, int], None] | None = None
    least_size: int | None = 1
    after: Callable[[Path, int], str] = lambda _folder, _size: ""
    runs: int = 3


class Failed(Exception):
    """A command that did not do what it is measured for."""


def least(subject: Subject, office: Path, size: int) -> Point:
    """The least CPU time of several runs, and the most memory of any."""
    found = [one_run(subject, office, size) for _ in range(subject.runs)]
    return Point(size, min(each.cpu for each in found), max(each.memory for each in found))


def one_run(subject: Subject, office: Path, size: int) -> Point:
    """What one process took."""
    if not subject.is_once:
        return _run(subject, office, size)
    with tempfile.TemporaryDirectory(prefix="bcp-growing-") as name:
        copy = Path(name) / "office"
        shutil.copytree(office, copy)
        return _run(subject, copy, size)


def _run(subject: Subject, office: Path, size: int) -> Point:
    with subject.beside(office, size):
        words = list(subject.words(office))
        if not words or not words[0].endswith(".py"):
            words = ["-m", "bcp", *words]
        cpu, memory = cost([sys.executable, *words], subject.statuses, subject.is_at_terminal, office)
    if wrong := subject.after(office, size):
        raise Failed(f"{subject.name} of {size}: {wrong}")
    return Point(size, cpu, memory)


def cost(
    command: Sequence[str],
    statuses: Sequence[int] = (0,),
    is_at_terminal: bool = False,
    folder: Path | None = None,
) -> tuple[float, float]:
    """CPU seconds of a process with all its children, and the most memory of one of them in MB."""
    environ = {
        **COMPILED,
        "BCP_PERSON": "anna",
        **({"BCP_OFFICE": str(folder)} if folder is not None else {}),
    }
    with tempfile.NamedTemporaryFile("r") as taken:
        launched = [sys.executable, "-I", "-S", str(_LAUNCH), taken.name, *command]
        said = _at_terminal(launched, environ) if is_at_terminal else _unattended(launched, environ)
        text = taken.read()
    cpu, memory, status = json.loads(text) if text else (0.0, 0.0, -1)
    if status not in statuses:
        shown = said.decode(errors="replace").strip()[-600:]
        raise Failed(f"{' '.join(command[1:])} ended with {status}: {shown}")
    return cpu, memory


def _unattended(command: Sequence[str], environ: Mapping[str, str]) -> bytes:
    """Run it with nobody at the keyboard; what it said beside its answer."""
    with tempfile.TemporaryFile() as said:
        subprocess.run(
            command,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            check=False,
        )
        said.seek(0)
        return said.read()


def _at_terminal(command: Sequence[str], environ: Mapping[str, str]) -> bytes:
    """Run it at a terminal whose person goes away as soon as he is asked; all that it said."""
    pid, terminal = pty.fork()
    if not pid:
        os.execve(command[0], command, environ)
    said = _until_it_ends(terminal)
    os.waitpid(pid, 0)
    return said


def _until_it_ends(terminal: int) -> bytes:
    """All that it says; as soon as it waits for a person, that one goes away."""
    said, spoke = b"", time.monotonic()
    while True:
        ready, _, _ = select.select([terminal], [], [], 0.1)
        if ready:
            try:
                part = os.read(terminal, 65536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            said, spoke = said + part, time.monotonic()
        elif said and time.monotonic() - spoke > _PATIENCE:
            os.write(terminal, _GOES_AWAY)
            spoke = time.monotonic()
    os.close(terminal)
    return said
