"""The real command in the process of the test: its own arguments, folder, environment and files, and then as before.

A process of its own costs the loading of libraries, or a fork of one that has them: forty times what most commands
take. What makes a command a process is given to it here instead: the numbers 0, 1 and 2 are its files (so what a
program prints that it starts is its own output too), `sys.argv`, the folder, the environment with its time zone, no
language chosen yet, and what it left for its end is carried out. Nothing of `bcp` is replaced.

What cannot be shared goes to a process (`tests/quick.py`): see `may_share`.
"""

from __future__ import annotations

import asyncio
import atexit
import gc
import locale
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import bcp
from bcp import i18n

_PROGRAM = str(Path(bcp.__file__).parent / "__main__.py")  # as `python -m bcp` says it
_ENDLESS = ("watch",)  # it ends with its process
# A terminal and its size are looked at when `bcp.cli.terminal.output` is loaded, and TMPDIR once.
_LOOKED_AT_ONCE = ("COLUMNS", "LINES", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "TMPDIR")
_SPEAKS_UTF_8 = locale.getpreferredencoding(False).lower() in ("utf-8", "utf8")
_AT_FIRST = {name: os.environ.get(name) for name in _LOOKED_AT_ONCE}


def may_share(arguments: Sequence[str], environ: Mapping[str, str]) -> bool:
    """Whether this command can be given in this process: nothing else happens in it, and it ends without it."""
    if threading.current_thread() is not threading.main_thread() or _is_in_a_loop():
        return False
    if any(word in _ENDLESS for word in arguments) or not _SPEAKS_UTF_8 or _wants_another_zone(environ):
        return False
    return all(environ.get(name) == value for name, value in _AT_FIRST.items()) and _is_for_files()


def _wants_another_zone(environ: Mapping[str, str]) -> bool:
    """Whether only a new process can be told its time zone: Windows reads it once."""
    return not hasattr(time, "tzset") and environ.get("TZ") != os.environ.get("TZ")


def _is_in_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _is_for_files() -> bool:
    """Whether the console that this process loaded is one for files and pipes, as the captured ones are."""
    if "bcp.cli.terminal.output" not in sys.modules and sys.stderr.isatty():
        return False
    from bcp.cli.terminal import output

    return output.err.soft_wrap


def run(
    arguments: Sequence[str], cwd: Path, environ: Mapping[str, str], given: IO[bytes]
) -> subprocess.CompletedProcess[str]:
    """`bcp` with these arguments, reading `given`; its exit status and its output as text."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        with as_a_process(arguments, cwd, environ, [given, out, err]):
            status = _carried_out()
        gc.collect(1)  # a process that ends leaves nothing open: no store, no lock
        return subprocess.CompletedProcess(["bcp", *arguments], status, text(out), text(err))


def text(file: IO[bytes]) -> str:
    """All that stands in a file, as one who reads text gets it."""
    file.seek(0)
    return file.read().decode().replace("\r\n", "\n")


def _carried_out() -> int:
    """The exit status that the interpreter would end with."""
    from bcp.__main__ import run as run_bcp

    try:
        run_bcp()
        status: Any = None
    except SystemExit as end:
        status = end.code
    except Exception:  # noqa: BLE001 - as an interpreter ends
        traceback.print_exc()
        status = 1
    if not isinstance(status, int | None):
        print(status, file=sys.stderr)
        status = 1
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return int(status or 0)


@contextmanager
def as_a_process(
    arguments: Sequence[str], cwd: Path, environ: Mapping[str, str], files: Sequence[IO[bytes]]
) -> Iterator[None]:
    """What stands in the block has the numbers 0, 1 and 2 and all else of a process; everything is put back."""
    with ExitStack() as stack:
        settings = _settings([_PROGRAM, *arguments])
        for keep in (_files(files), _surroundings(cwd, environ), settings, _limits(), _mask(), _ends()):
            stack.enter_context(keep)
        yield


@contextmanager
def _files(files: Sequence[IO[bytes]]) -> Iterator[None]:
    """The standard files, those of Python and those of the system."""
    kept = [os.dup(number) for number in range(3)]
    streams = sys.stdin, sys.stdout, sys.stderr
    for number, file in enumerate(files):
        os.dup2(file.fileno(), number)
    sys.stdin = os.fdopen(0, encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stderr = os.fdopen(2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = streams
        for number, file_number in enumerate(kept):
            os.dup2(file_number, number)
            os.close(file_number)


@contextmanager
def _surroundings(cwd: Path, environ: Mapping[str, str]) -> Iterator[None]:
    folder, before = Path.cwd(), dict(os.environ)
    os.chdir(cwd)
    _set_environ(environ)
    try:
        yield
    finally:
        os.chdir(folder)
        _set_environ(before)


def _set_environ(wanted: Mapping[str, str]) -> None:
    """Only what differs is touched: another thread may be asking the system for something."""
    zone = os.environ.get("TZ")
    for name in os.environ.keys() - wanted.keys():
        del os.environ[name]
    for name, value in wanted.items():
        if os.environ.get(name) != value:
            os.environ[name] = value
    if sys.platform != "win32" and os.environ.get("TZ") != zone:
        time.tzset()


@contextmanager
def _settings(arguments: list[str]) -> Iterator[None]:
    """What a process sets for itself: its arguments, language, signals, log, the collector of garbage."""
    kept = sys.argv, i18n._catalogue, gc.get_threshold(), sys.excepthook, threading.excepthook
    unraisable = sys.unraisablehook
    signals = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    loggers = [logging.getLogger(), logging.getLogger("bcp")]
    logs = [(each, each.level, each.propagate, each.handlers[:]) for each in loggers]
    sys.argv = arguments
    i18n.speak("en")
    try:
        yield
    finally:
        sys.argv, i18n._catalogue, threshold, sys.excepthook, threading.excepthook = kept
        sys.unraisablehook = unraisable
        gc.set_threshold(*threshold)
        for number, handler in signals.items():
            signal.signal(number, handler)
        for logger, level, propagates, handlers in logs:
            for handler_ in [each for each in logger.handlers if each not in handlers]:
                handler_.close()
            logger.setLevel(level)
            logger.propagate, logger.handlers[:] = propagates, handlers


@contextmanager
def _limits() -> Iterator[None]:
    """How many files it may have open; no such limit can be set on Windows."""
    if sys.platform == "win32":
        yield
        return
    import resource

    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limit)


@contextmanager
def _mask() -> Iterator[None]:
    """What others may do with the files that it makes; whether they are a group's."""
    from bcp import private

    mask, kept = os.umask(0o022), replace(private._masks)
    os.umask(mask)
    try:
        yield
    finally:
        os.umask(mask)
        private._masks.former, private._masks.now = kept.former, kept.now


@contextmanager
def _ends() -> Iterator[None]:
    """What `bcp` leaves for the end of its process is carried out when it ends; that of libraries is not ours."""
    left: list[tuple[Callable[..., object], tuple[Any, ...], dict[str, Any]]] = []
    register = atexit.register

    def keep(work: Callable[..., Any], *arguments: Any, **named: Any) -> Callable[..., Any]:
        if not str(getattr(work, "__module__", "")).startswith("bcp."):
            return register(work, *arguments, **named)
        left.append((work, arguments, named))
        return work

    atexit.register = keep
    try:
        yield
    finally:
        atexit.register = register
        for work, arguments, named in reversed(left):
            work(*arguments, **named)
