"""A program with all that it starts, which are ended together: a group of processes, on Windows a job."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from types import TracebackType

_SET_QUOTA_AND_TERMINATE = 0x0101  # the rights of OpenProcess that AssignProcessToJobObject asks for


class ProcessTree:
    """A program that was started just now and what it starts from here on; on POSIX the first of its own session.

    Whoever leaves the block lets go of them: what is still running then goes on.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._job = 0
        if sys.platform == "win32":
            self._job = _job_of(pid)

    def __enter__(self) -> ProcessTree:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if sys.platform == "win32" and self._job:
            _kernel().CloseHandle(self._job)
            self._job = 0

    def kill(self) -> None:
        """End all of them at once. That one has ended already is no failure."""
        with suppress(OSError):
            if sys.platform != "win32":
                os.killpg(self._pid, signal.SIGKILL)
            elif not (self._job and _kernel().TerminateJobObject(self._job, 1)):
                os.kill(self._pid, signal.SIGTERM)  # Windows knows no signals: this ends it, and it alone


if sys.platform == "win32":
    import ctypes

    def _kernel() -> ctypes.WinDLL:
        kernel = ctypes.WinDLL("kernel32")
        kernel.CreateJobObjectW.restype = kernel.OpenProcess.restype = ctypes.c_void_p
        kernel.CreateJobObjectW.argtypes = (ctypes.c_void_p, ctypes.c_wchar_p)
        kernel.AssignProcessToJobObject.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
        kernel.TerminateJobObject.argtypes = (ctypes.c_void_p, ctypes.c_uint)
        kernel.CloseHandle.argtypes = (ctypes.c_void_p,)
        return kernel

    def _job_of(pid: int) -> int:
        """The handle of a new job that holds this process; 0 where there can be none, or it has ended."""
        kernel = _kernel()
        process = kernel.OpenProcess(_SET_QUOTA_AND_TERMINATE, False, pid)
        job = kernel.CreateJobObjectW(None, None) if process else 0
        if process:
            is_in = job and kernel.AssignProcessToJobObject(job, process)
            kernel.CloseHandle(process)
            if is_in:
                return int(job)
        if job:
            kernel.CloseHandle(job)
        return 0
