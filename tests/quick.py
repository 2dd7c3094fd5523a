"""The real command without the start of an interpreter: in the process of the test, or in a fork of one.

Most of what a command costs is the loading of libraries, and the tests give some thousand commands. Where nothing else
happens in the process of the test, it carries the command out itself (`tests/inside.py`). Else it is a fork of this
process as it was before its first test (`tests/nursery.py`). Where that is not the same (no fork, another name space or
user, settings of the interpreter or of the loader), a process is started in the usual way.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from tests import inside
from tests.forks import MOST, Child, Nursery


def run(
    arguments: Sequence[str], cwd: Path, environ: Mapping[str, str], stdin: int | str | None, timeout: float
) -> subprocess.CompletedProcess[str]:
    """`bcp` with these arguments, its output as text. `timeout` is for a process; here that of the test counts."""
    fits = not isinstance(stdin, str) or len(stdin.encode()) <= MOST
    if fits and _is_usual(environ) and inside.may_share(arguments, environ):
        with _input(stdin) as given:
            return inside.run(arguments, cwd, environ, given)
    return apart(arguments, cwd, environ, stdin, timeout)


def apart(
    arguments: Sequence[str], cwd: Path, environ: Mapping[str, str], stdin: int | str | None, timeout: float
) -> subprocess.CompletedProcess[str]:
    """As `run`, in a process of its own. Raises TimeoutExpired and ends it when it takes too long."""
    helper = nursery(environ)
    if helper is None or (isinstance(stdin, str) and len(stdin.encode()) > MOST):
        return _started(arguments, cwd, environ, stdin, timeout)
    words = ["-m", "bcp", *arguments]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, _input(stdin) as given:
        child = helper.begin(words, cwd, environ, [each.fileno() for each in (given, out, err)])
        try:
            status = child.wait(timeout)
        except subprocess.TimeoutExpired:
            child.kill()
            raise
        return subprocess.CompletedProcess(["bcp", *arguments], status, inside.text(out), inside.text(err))


def begun(
    words: Sequence[str],
    cwd: Path,
    environ: Mapping[str, str] | None = None,
    stdout: IO[Any] | int | None = None,
    stderr: IO[Any] | int | None = None,
) -> subprocess.Popen[str] | Child:
    """A Python with these words (`-m bcp …`, `-c CODE …`) that runs beside the test, with nobody at the keyboard.

    As Popen, pipes hold text. It is a fork where that is the same, and else started.
    """
    environ = {**os.environ, "PYTHONUTF8": "1"} if environ is None else environ
    helper = nursery(environ)
    if helper is None:
        return subprocess.Popen(
            [sys.executable, *words], cwd=cwd, env=environ, stdin=subprocess.DEVNULL, stdout=stdout,
            stderr=stderr, text=True,
        )  # fmt: skip
    with ExitStack() as stack:
        nothing = stack.enter_context(Path(os.devnull).open("r+b"))
        files, pipes = [nothing.fileno()], list[IO[str] | None]()
        for number, wanted in enumerate((stdout, stderr), 1):
            read = None
            if wanted == subprocess.PIPE:
                read, write = os.pipe()
                files.append(stack.enter_context(os.fdopen(write, "wb")).fileno())
            elif wanted == subprocess.STDOUT:
                files.append(files[1])
            elif wanted == subprocess.DEVNULL:
                files.append(nothing.fileno())
            else:
                files.append(
                    number if wanted is None else wanted if isinstance(wanted, int) else wanted.fileno()
                )
            pipes.append(None if read is None else os.fdopen(read))
        child = helper.begin(words, cwd, environ, files)
    child.stdout, child.stderr = pipes
    return child


def _started(
    arguments: Sequence[str], cwd: Path, environ: Mapping[str, str], stdin: int | str | None, timeout: float
) -> subprocess.CompletedProcess[str]:
    piped = {"input": stdin} if isinstance(stdin, str) else {"stdin": stdin}
    return subprocess.run(
        [sys.executable, "-m", "bcp", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environ,
        timeout=timeout,
        check=False,
        **piped,
    )


def _input(stdin: int | str | None) -> IO[bytes]:
    if isinstance(stdin, str):
        read, write = os.pipe()
        with os.fdopen(write, "wb") as pipe:
            pipe.write(stdin.encode())
        return os.fdopen(read, "rb")
    if stdin is None:
        return os.fdopen(os.dup(0), "rb")
    return Path(os.devnull).open("rb") if stdin == subprocess.DEVNULL else os.fdopen(os.dup(stdin), "rb")


_running: dict[int, Nursery] = {}


def prepare() -> None:
    """Let the helper be a fork of this process as it is now: all is loaded, and no test has left anything in it."""
    if hasattr(os, "fork"):
        _running[os.getpid()] = Nursery.here()


def nursery(environ: Mapping[str, str]) -> Nursery | None:
    """The helper; None where a real start is called for."""
    if not hasattr(os, "fork") or not _is_usual(environ):
        return None
    if os.getpid() not in _running:
        if _running:
            return None  # a fork of a test, which may be another user or elsewhere
        prepare()
    return _running[os.getpid()]


def _is_usual(environ: Mapping[str, str]) -> bool:
    """Whether an interpreter would start with the settings that this one has."""
    special = (name for name in environ if name.startswith(("PYTHON", "LD_")))
    return all(environ[name] == _USUAL.get(name) for name in special)


_UTF8 = {"PYTHONUTF8": "1"}
_USUAL = {
    **{name: value for name, value in os.environ.items() if name.startswith(("PYTHON", "LD_"))},
    **_UTF8,
}
