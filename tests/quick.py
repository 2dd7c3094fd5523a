"""The real command without the start of an interpreter: a process that has the libraries loaded forks a child for each.

Most of what a command costs is the loading of libraries, and the tests give some thousand commands. Here a helper
process loads them once; each command is a fork of it, with its own arguments, folder, environment and files, and runs
`bcp.__main__` to its very end. Nothing of `bcp/cli` is loaded before the fork, since it looks at its terminal then.
Where that is not the same (no fork, another name space or user, settings of the interpreter or of the loader), a
process is started in the usual way.
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

import bcp

_LOADED = (
    "typer",
    "rich.console",
    "rich.table",
    "rich.text",
    "yaml",
    "sqlite3",
    "pydantic",
    "jinja2",
    "holidays",
)
_OURS = (
    "validate",
    "incident.engine",
    "incident.view",
    "incident.verify",
    "store.journal",
    "store.hold",
    "world.real",
)
_PROGRAM = str(Path(bcp.__file__).parent / "__main__.py")  # as `python -m bcp` says it
_MOST = 60_000  # bytes of a request, and of a text that fits into a pipe


def run(
    arguments: Sequence[str], cwd: Path, environ: Mapping[str, str], stdin: int | str | None, timeout: float
) -> subprocess.CompletedProcess[str]:
    """`bcp` with these arguments, its output as text. Raises TimeoutExpired and ends it when it takes too long."""
    nursery = _nursery(environ)
    if nursery is None or (isinstance(stdin, str) and len(stdin) > _MOST):
        return _started(arguments, cwd, environ, stdin, timeout)
    told, tell = os.pipe()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, _input(stdin) as given:
        request = json.dumps({"arguments": list(arguments), "cwd": str(cwd), "environ": dict(environ)})
        files = [given.fileno(), out.fileno(), err.fileno(), tell]
        socket.send_fds(nursery, [request.encode()], files)
        os.close(tell)
        status = _waited_for(told, timeout, ["bcp", *arguments])
        return subprocess.CompletedProcess(["bcp", *arguments], status, _text(out), _text(err))


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


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode().replace("\r\n", "\n")


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
    special = (name for name in environ if name.startswith(("PYTHON", "LD_")))
    if not hasattr(os, "fork") or any(environ[name] != _USUAL.get(name) for name in special):
        return None
    if os.getpid() not in _running:
        if _running:
            return None  # a fork of a test, which may be another user or elsewhere
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, "-P", __file__, str(theirs.fileno())]
            started = subprocess.Popen(command, pass_fds=[theirs.fileno()], env={**os.environ, **_UTF8})
        _running[os.getpid()] = (ours, started)
    return _running[os.getpid()][0]


_UTF8 = {"PYTHONUTF8": "1"}
_USUAL = {
    **{name: value for name, value in os.environ.items() if name.startswith(("PYTHON", "LD_"))},
    **_UTF8,
}


def _serve(way: socket.socket) -> None:
    """Fork a child for each request until nobody can ask any more; returns in the child."""
    while True:
        request, files, _flags, _address = socket.recv_fds(way, _MOST, 4)
        if not request:
            os._exit(0)
        if os.fork() == 0:  # its keeper, who waits for it and tells how it ended
            way.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            child = os.fork()
            if child == 0:
                os.close(files[3])
                _become(json.loads(request), files[:3])
                return
            for file in files[:3]:
                os.close(file)
            os.write(files[3], child.to_bytes(4, "big"))
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            os.write(files[3], status.to_bytes(4, "big", signed=True))
            os._exit(0)
        for file in files:
            os.close(file)


def _become(request: Mapping[str, object], files: Sequence[int]) -> None:
    """Take on everything by which one process differs from another."""
    import time

    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(str(request["cwd"]))
    os.environ.clear()
    os.environ.update(request["environ"])  # type: ignore[arg-type]
    time.tzset()
    sys.stdin = os.fdopen(0, encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stderr = os.fdopen(2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr  # type: ignore[misc]
    sys.argv = [_PROGRAM, *request["arguments"]]  # type: ignore[misc]


if __name__ == "__main__":
    import gc
    import importlib

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in (*_LOADED, *(f"bcp.{each}" for each in _OURS)):
        importlib.import_module(name)
    assert not any(name.startswith("bcp.cli") for name in sys.modules)
    gc.collect()
    gc.freeze()
    _serve(socket.socket(fileno=int(sys.argv[1])))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    from bcp.__main__ import run as run_bcp

    run_bcp()
