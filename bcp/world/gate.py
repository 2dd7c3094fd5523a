"""A program that is there and does nothing yet: who it is can be written down before it acts.

On POSIX a shell waits for a word and becomes the program then, under the same number; where the word never comes,
because we ended first, nothing is done. Windows starts it suspended.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

_SHELL = "/bin/sh"
_WAIT = 'IFS= read -r go && [ "$go" = go ] && exec "$@"'
_SUSPENDED = 0x4
_RESUME = 0x0800
_BINARY = (
    *(b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe"),
    *(b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf"),
)
"""How a file begins that the system runs as it is: on Linux, and on macOS for one processor or for several."""


def start(
    arguments: Sequence[str], env: Mapping[str, str], reads: bool, settings: Mapping[str, Any]
) -> tuple[subprocess.Popen[bytes], Callable[[], None]] | None:
    """The program, and what lets it go; None where this system cannot hold it back, or will refuse to run it.

    With `reads` its standard input is open behind that; else there is nothing to read. Raises OSError.
    """
    if sys.platform == "win32":
        process = subprocess.Popen(
            arguments,
            stdin=subprocess.PIPE if reads else subprocess.DEVNULL,
            env=env,
            creationflags=_SUSPENDED,
            **settings,
        )
        return process, lambda: _resume(process.pid)
    program = _runnable(arguments[0], env)
    if program is None:
        return None
    script = _WAIT if reads else f"{_WAIT} </dev/null"
    process = subprocess.Popen(
        [_SHELL, "-c", script, _SHELL, program, *arguments[1:]], stdin=subprocess.PIPE, env=env, **settings
    )
    return process, lambda: _let_go(process, reads)


def _let_go(process: subprocess.Popen[bytes], reads: bool) -> None:
    assert process.stdin is not None
    with suppress(OSError):
        process.stdin.write(b"go\n")
        process.stdin.flush()
        if not reads:
            process.stdin.close()


def _runnable(name: str, env: Mapping[str, str]) -> str | None:
    """The file that will be run, where the system will surely run it and no shell would do so in another manner."""
    found = shutil.which(name, path=os.pathsep.join(os.get_exec_path(env)))
    if found is None or found.startswith("-") or not os.access(_SHELL, os.X_OK):
        return None
    try:
        with Path(found).open("rb") as file:
            begin = file.readline(256)
    except OSError:
        return None
    if begin.startswith(b"#!"):
        words = begin[2:].split()
        return found if words and os.access(words[0], os.X_OK) else None
    return found if begin.startswith(_BINARY) else None


def _resume(pid: int) -> None:
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.WinDLL("kernel32")
        kernel.OpenProcess.restype = ctypes.c_void_p
        kernel.CloseHandle.argtypes = (ctypes.c_void_p,)
        handle = kernel.OpenProcess(_RESUME, False, pid)
        resume = ctypes.WinDLL("ntdll").NtResumeProcess
        resume.argtypes = (ctypes.c_void_p,)
        resume(handle)
        kernel.CloseHandle(handle)
