"""A helper process that has the libraries loaded: it forks a child for each command that it is asked for.

The child has its own arguments, folder, environment and files, and runs `bcp.__main__` to its very end. Nothing of
`bcp/cli` is loaded before the fork, since it looks at its terminal then.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

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
_MOST = 60_000  # bytes of a request


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
