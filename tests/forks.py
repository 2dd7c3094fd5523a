"""A Python as a process of its own without its start: a fork of this process as it was before its first test.

It is a real process: it can be killed, has files of its own, and ends as any other. What it costs is a fork.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Self

from tests import nursery

MOST = nursery.MOST
"""Bytes of a text that fits into a pipe."""
Kill = Callable[[int, int], object]


class Child:
    """One that was forked, with what a test asks of a Popen. `pid` is its number where its helper is."""

    def __init__(self, words: Sequence[str], told: int, kill: Kill) -> None:
        self.args = words
        self._told = os.fdopen(told, "rb", buffering=0)
        self._kill = kill
        self.pid = int.from_bytes(self._told.read(4), "big")
        self.returncode: int | None = None
        self.stdout: IO[str] | None = None
        self.stderr: IO[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in (self.stdout, self.stderr):
            if pipe:
                pipe.close()
        self.wait()

    def communicate(self, timeout: float | None = None) -> tuple[str | None, str | None]:
        """What it wrote and writes into pipes, none of it long, when it has ended. Raises TimeoutExpired."""
        said, complained = (pipe.read() if pipe else None for pipe in (self.stdout, self.stderr))
        self.wait(timeout)
        return said, complained

    def poll(self) -> int | None:
        """Its exit status, minus the signal that killed it; None while it runs."""
        if self.returncode is None and select.select([self._told], [], [], 0)[0]:
            self.wait()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status as soon as there is one. Raises TimeoutExpired."""
        if self.returncode is None:
            if not select.select([self._told], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(list(self.args), timeout or 0)
            with self._told:
                said = self._told.read(4)
            assert said, "its helper is gone"
            self.returncode = int.from_bytes(said, "big", signed=True)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            self._kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Nursery:
    """The helper; it ends when nobody can ask it any more."""

    def __init__(self, way: socket.socket, kill: Kill = os.kill) -> None:
        self._way, self._kill = way, kill

    @classmethod
    def here(cls) -> Nursery:
        """One with what is loaded by now."""
        return cls(nursery.begin())

    def begin(
        self,
        words: Sequence[str],
        cwd: Path,
        environ: Mapping[str, str],
        files: Sequence[int],
        is_terminal: bool = False,
    ) -> Child:
        """A Python with these words (`-m bcp …`, `-c CODE …` or a file) and these three files."""
        told = {"words": list(words), "cwd": str(cwd), "environ": dict(environ), "is_terminal": is_terminal}
        ignored = [int(each) for each in nursery.INHERITED if signal.getsignal(each) is signal.SIG_IGN]
        return self._asked({**told, "ignored": ignored}, files)

    def within(self, spaces: Sequence[str], net: str, kill: Kill) -> Nursery:
        """Another one, in the name spaces of these files and this network; `kill` is how one kills there."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            entered = self._asked({"within": [list(spaces), net]}, [theirs.fileno(), 2, 2])
        assert entered.wait(30) == 0, "the name spaces could not be entered"
        return Nursery(ours, kill)

    def close(self) -> None:
        self._way.close()

    def _asked(self, request: Mapping[str, object], files: Sequence[int]) -> Child:
        text = json.dumps(request).encode()
        assert len(text) <= MOST, "no request for a nursery"
        told, tell = os.pipe()
        socket.send_fds(self._way, [text], [*files, tell])
        os.close(tell)
        return Child(list(map(str, request.get("words", ()))), told, self._kill)  # type: ignore[call-overload]
