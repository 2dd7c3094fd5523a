"""A terminal with a fork at it that has its libraries loaded (`tests/forks.py`), as pexpect drives any other."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pexpect
import ptyprocess  # type: ignore[import-untyped]

from tests.forks import Child, Nursery


def spawn_of(helper: Nursery, program: str, arguments: list[str], **settings: Any) -> pexpect.spawn[str]:
    """`pexpect.spawn`, for a Python that `helper` forks."""

    class Spawn(pexpect.spawn):  # type: ignore[type-arg]
        def _spawnpty(
            self,
            args: Sequence[str | bytes],
            *,
            env: Mapping[str, str] | None,
            cwd: str | None,
            dimensions: tuple[int, int] | None = None,
            **_settings: object,
        ) -> _Process:
            ours, theirs = os.openpty()
            ptyprocess.ptyprocess._setwinsize(ours, *(dimensions or (24, 80)))
            environ = os.environ if env is None else env
            words = [os.fsdecode(word) for word in args[1:]]
            child = helper.begin(words, Path(cwd or Path.cwd()), environ, [theirs] * 3, is_terminal=True)
            os.close(theirs)
            return _Process(child, ours)

    return Spawn(program, arguments, **settings)


class _Process(ptyprocess.PtyProcess):  # type: ignore[misc]
    """Who waits for it is its helper, not we."""

    def __init__(self, child: Child, terminal: int) -> None:
        super().__init__(child.pid, terminal)
        self._child = child

    def isalive(self) -> bool:
        """Whether it runs; else how it ended is noted where pexpect looks for that."""
        status = self._child.poll()
        if status is not None:
            self.terminated = True
            self.exitstatus = status if status >= 0 else None
            self.signalstatus = -status if status < 0 else None
            self.status = status << 8 if status >= 0 else -status
        return status is None

    def wait(self) -> int | None:
        """Its exit status; None where a signal ended it."""
        self._child.wait()
        self.isalive()
        return self._child.returncode if self.exitstatus is not None else None
