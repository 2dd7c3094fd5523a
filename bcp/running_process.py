"""Whether a process that somebody wrote down is still running: the same one, not another with its number.

A number is given out again; the moment at which the system started a process is not. What stands for that moment is
compared as text and means nothing else.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_DEAD = ("Z", "X", "x")
"""States of a process that has ended and that only its parent still has to hear of (proc(5))."""


class RunningProcess(NamedTuple):
    """A process of this computer: its number, and when it was started, as the system says it; nothing if unknown."""

    pid: int
    started: str

    @property
    def runs(self) -> bool:
        """Whether it is still running here, or something that it started in its own group.

        One of another computer, or from before its start, is not.
        """
        if not self.started or self.pid <= 0:
            return False
        now = started_at(self.pid)
        return now == self.started or (not now and _left_behind(self))


def process(pid: int) -> RunningProcess:
    """The process that has this number now."""
    return RunningProcess(pid, started_at(pid))


def read_process(told: object) -> RunningProcess:
    """The process that was written down as `{pid, started}`; for anything else one that does not run."""
    pid, started = (told.get("pid"), told.get("started")) if isinstance(told, Mapping) else (0, "")
    return RunningProcess(pid if isinstance(pid, int) else 0, started if isinstance(started, str) else "")


if sys.platform == "linux":

    def started_at(pid: int) -> str:
        """The start of this computer and the ticks since; nothing where no such process runs."""
        with suppress(OSError, ValueError, IndexError):
            fields = _fields(pid)
            if fields[0] not in _DEAD:
                return f"{_boot()}+{int(fields[19])}"
        return ""

    def _left_behind(first: RunningProcess) -> bool:
        """Whether a process of the group that it began goes on without it.

        No other process gets its number, and so no other group, as long as one of its own is there.
        """
        with suppress(OSError, ValueError, IndexError):
            boot, _plus, ticks = first.started.partition("+")
            if boot != _boot():
                return False
            os.killpg(first.pid, 0)  # mostly there is none, and then nobody else has to be looked at
            return any(_is_in_group(int(each), first.pid, int(ticks)) for each in _numbers())
        return False

    def _is_in_group(pid: int, group: int, ticks: int) -> bool:
        with suppress(OSError, ValueError, IndexError):
            fields = _fields(pid)
            return fields[0] not in _DEAD and int(fields[2]) == group and int(fields[19]) >= ticks
        return False

    def _numbers() -> list[str]:
        return [each.name for each in Path("/proc").iterdir() if each.name.isascii() and each.name.isdigit()]

    def _fields(pid: int) -> list[str]:
        """Fields 3 and on of proc(5): the name in brackets before them may hold anything, also brackets."""
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].decode("ascii").split()

    def _boot() -> str:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()

elif sys.platform == "win32":
    _QUERY, _STILL_ACTIVE = 0x1000, 259

    def started_at(pid: int) -> str:
        """The moment of its creation in 100 ns since 1601; nothing where no such process runs."""
        import ctypes
        from ctypes import wintypes

        kernel = ctypes.WinDLL("kernel32")
        kernel.OpenProcess.restype = wintypes.HANDLE
        kernel.OpenProcess.argtypes = (wintypes.DWORD, wintypes.BOOL, wintypes.DWORD)
        kernel.GetExitCodeProcess.argtypes = (wintypes.HANDLE, ctypes.POINTER(wintypes.DWORD))
        kernel.GetProcessTimes.argtypes = (wintypes.HANDLE, *(ctypes.POINTER(wintypes.FILETIME),) * 4)
        kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
        handle = kernel.OpenProcess(_QUERY, False, pid)
        if not handle:
            return ""
        try:
            code, times = wintypes.DWORD(), [wintypes.FILETIME() for _each in range(4)]
            if not kernel.GetExitCodeProcess(handle, ctypes.byref(code)) or code.value != _STILL_ACTIVE:
                return ""
            if not kernel.GetProcessTimes(handle, *map(ctypes.byref, times)):
                return ""
            return f"{times[0].dwHighDateTime << 32 | times[0].dwLowDateTime}"
        finally:
            kernel.CloseHandle(handle)

elif sys.platform == "darwin":
    _BSD_INFO, _SIZE, _STATUS, _SECONDS, _MICROSECONDS, _ZOMBIE = 3, 136, 4, 120, 128, 5

    def started_at(pid: int) -> str:
        """The moment of its start in microseconds (`proc_bsdinfo` of libproc); nothing where no such process runs."""
        import ctypes

        told = ctypes.create_string_buffer(_SIZE)
        if ctypes.CDLL("/usr/lib/libproc.dylib").proc_pidinfo(pid, _BSD_INFO, 0, told, _SIZE) != _SIZE:
            return ""
        if int.from_bytes(told.raw[_STATUS : _STATUS + 4], sys.byteorder) == _ZOMBIE:
            return ""
        parts = (told.raw[at : at + 8] for at in (_SECONDS, _MICROSECONDS))
        return ".".join(str(int.from_bytes(part, sys.byteorder)) for part in parts)

else:

    def started_at(pid: int) -> str:
        """Nobody knows here."""
        return ""


if sys.platform != "linux":

    def _left_behind(first: RunningProcess) -> bool:
        """Nobody can say here to whom a group belongs whose first process has ended."""
        return False
