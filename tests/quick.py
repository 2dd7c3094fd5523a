"""The real command without the start of an interpreter: in the process of the test, or in a fork of one.

Most of what a command costs is the loading of libraries, and the tests give some thousand commands. Where nothing else
happens in the process of the test, it carries the command out itself (`tests/inside.py`). Else a helper process loads
the libraries once, and each command is a fork of it (`tests/nursery.py`). Where that is not the same (no fork, another
name space or user, settings of the interpreter or of the loader), a process is started in the usual way.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from tests import inside

_NURSERY = str(Path(__file__).with_name("nursery.py"))
_MOST = 60_000  # bytes of a text that fits into a pipe


def run(
    arguments: Sequence[str], cwd: Path, environ: Mapping[str, str], stdin: int | str | None, timeout: float
) -> subprocess.CompletedProcess[str]:
    """`bcp` with these arguments, its output as text. `timeout` is for a process; here that of the test counts."""
    fits = not isinstance(stdin, str) or len(stdin.encode()) <= _MOST
    if fits and _is_usual(environ) and inside.may_share(arguments, environ):
        with _input(stdin) as given:
            return inside.run(arguments, cwd, environ, given)
    return apart(arguments, cwd, environ, stdin, timeout)


def apart(
    arguments: Sequence[str], cwd: Path, environ: Mapping[str, str], stdin: int | str | None, timeout: float
) -> subprocess.CompletedProcess[str]:
    """As `run`, in a process of its own. Raises TimeoutExpired and ends it when it takes too long."""
    nursery = _nursery(environ)
    if nursery is None or (isinstance(stdin, str) and len(stdin.encode()) > _MOST):
        return _started(arguments, cwd, environ, stdin, timeout)
    told, tell = os.pipe()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, _input(stdin) as given:
        request = json.dumps({"arguments": list(arguments), "cwd": str(cwd), "environ": dict(environ)})
        files = [given.fileno(), out.fileno(), err.fileno(), tell]
        socket.send_fds(nursery, [request.encode()], files)
        os.close(tell)
        status = _waited_for(told, timeout, ["bcp", *arguments])
        return subprocess.CompletedProcess(["bcp", *arguments], status, inside.text(out), inside.text(err))


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


def _waited_for(told: int, timeout: float, arguments: Sequence[str]) -> int:
    """The exit status that a child's keeper writes down the pipe behind the child's number."""
    import select

    with os.fdopen(told, "rb", buffering=0) as pipe:
        child = int.from_bytes(pipe.read(4), "big")
        if not select.select([pipe], [], [], timeout)[0]:
            os.kill(child, signal.SIGKILL)
            raise subprocess.TimeoutExpired(arguments, timeout)
        return int.from_bytes(pipe.read(4), "big", signed=True)


_running: dict[int, tuple[socket.socket, subprocess.Popen[bytes]]] = {}


def _nursery(environ: Mapping[str, str]) -> socket.socket | None:
    """The way to the helper, which is started when it is first needed; None where a real start is called for."""
    if not hasattr(os, "fork") or not _is_usual(environ):
        return None
    if os.getpid() not in _running:
        if _running:
            return None  # a fork of a test, which may be another user or elsewhere
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, "-P", _NURSERY, str(theirs.fileno())]
            started = subprocess.Popen(command, pass_fds=[theirs.fileno()], env={**os.environ, **_UTF8})
        _running[os.getpid()] = (ours, started)
    return _running[os.getpid()][0]


def _is_usual(environ: Mapping[str, str]) -> bool:
    """Whether an interpreter would start with the settings that this one has."""
    special = (name for name in environ if name.startswith(("PYTHON", "LD_")))
    return all(environ[name] == _USUAL.get(name) for name in special)


_UTF8 = {"PYTHONUTF8": "1"}
_USUAL = {
    **{name: value for name, value in os.environ.items() if name.startswith(("PYTHON", "LD_"))},
    **_UTF8,
}
