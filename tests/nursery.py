"""A fork of this process, as it was before its first test, that forks a child for each Python it is asked for.

All libraries are loaded then, so a process costs a fork and no start. The child has its own arguments, folder,
environment and files, and does what an interpreter does with its words (`-m bcp …`, `-c CODE …` or a file) to the end
of a process. `tests/forks.py` asks it.
"""

from __future__ import annotations

import atexit
import faulthandler
import json
import logging
import os
import selectors
import signal
import socket
import sys
import tempfile
import threading
import time
import traceback
import weakref
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import bcp
from bcp import i18n

_PROGRAM = str(Path(bcp.__file__).parent / "__main__.py")  # as `python -m bcp` says it
MOST = 60_000  # bytes of a request
INHERITED = [getattr(signal, name) for name in ("SIGHUP", "SIGINT", "SIGTERM") if hasattr(signal, name)]
"""Signals that a process goes on to ignore where the one that starts it does."""
_NEWNS, _NEWNET, _SLAVE, _REC, _DETACH = 0x00020000, 0x40000000, 1 << 19, 1 << 14, 2


def begin() -> socket.socket:
    """Fork the helper; the way to it. It ends when that is closed, also by the end of this process."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork():
        theirs.close()
        return ours
    try:
        ours.detach()
        _forget(theirs.fileno())
        serve(theirs)
    finally:
        os._exit(1)  # whatever happens, there are no two of who called


def _forget(way: int) -> None:
    """Nothing of what this process was is left: its files, its log, what it leaves for its end, how it takes signals.

    Who has a file of it still writes and closes, so each is a file of nothing, and its number is not given again.
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    for file in map(int, os.listdir("/dev/fd")):  # noqa: PTH208
        if file != way:
            os.dup2(nothing, file)
    root = logging.getLogger()
    root.handlers.clear()  # that of pytest's log file would go on writing to a number that is another file by then
    root.setLevel(logging.WARNING)
    atexit._clear()
    weakref.finalize._registry.clear()  # type: ignore[attr-defined]
    weakref.finalize._registered_with_atexit = False  # type: ignore[attr-defined]
    faulthandler.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.excepthook, sys.unraisablehook = sys.__excepthook__, sys.__unraisablehook__
    threading.excepthook = threading.__excepthook__
    i18n.speak("en")


def serve(way: socket.socket) -> NoReturn:
    """Fork a child for each request until nobody can ask any more, and tell how each ended. Does not return."""
    woken, wake = os.pipe()
    os.set_blocking(woken, False)
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    signal.set_wakeup_fd(wake)
    running: dict[int, int] = {}
    with selectors.DefaultSelector() as events:
        events.register(way, selectors.EVENT_READ)
        events.register(woken, selectors.EVENT_READ)
        while True:
            for key, _ in events.select():
                if key.fileobj == woken:
                    _read(woken)
                    _tell(running)
                    continue
                request, files, _flags, _address = socket.recv_fds(way, MOST, 4)
                if not request:
                    os._exit(0)
                child = os.fork()
                if child == 0:
                    signal.set_wakeup_fd(-1)
                    for file in (way.detach(), woken, wake, *running.values()):
                        os.close(file)
                    events.close()
                    _live(json.loads(request), files)
                for file in files[:3]:
                    os.close(file)
                running[child] = files[3]
                os.write(files[3], child.to_bytes(4, "big"))


def _read(pipe: int) -> None:
    try:
        os.read(pipe, 4096)
    except BlockingIOError:
        return


def _tell(running: dict[int, int]) -> None:
    """Who ended, and how: down the pipe of each."""
    while running:
        child, status = os.waitpid(-1, os.WNOHANG)
        if not child:
            return
        with os.fdopen(running.pop(child), "wb", buffering=0) as tell:
            try:
                tell.write(os.waitstatus_to_exitcode(status).to_bytes(4, "big", signed=True))
            except BrokenPipeError:
                continue  # nobody waits for it


def _live(request: Mapping[str, Any], files: Sequence[int]) -> NoReturn:
    """The life of a child, from what differs between processes to its end. Does not return."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    status = 1
    try:
        os.close(files[3])
        if "within" in request:
            status = _serve_within(socket.socket(fileno=files[0]), *request["within"])
        else:
            _become(request, files[:3])
            status = _ended(lambda: _carry_out(list(request["words"])))
    except BaseException:  # noqa: BLE001 - where it goes is what else its files are for
        os.write(files[2], traceback.format_exc().encode())
    finally:
        os._exit(status)


def _serve_within(way: socket.socket, spaces: Sequence[str], net: str) -> int:
    """Enter the name spaces in these files, as nsenter(1) does, and the network `net`, as `ip netns exec` does."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)

    def done(status: int) -> None:
        if status:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

    for file in [os.open(path, os.O_RDONLY) for path in spaces]:
        done(libc.setns(file, 0))
        os.close(file)
    done(libc.setns(file := os.open(net, os.O_RDONLY), _NEWNET))
    os.close(file)
    done(libc.unshare(_NEWNS))
    done(libc.mount(b"", b"/", b"none", _SLAVE | _REC, None))
    done(libc.umount2(b"/sys", _DETACH))
    done(libc.mount(b"sysfs", b"/sys", b"sysfs", 0, None))
    if os.fork() == 0:  # only a child is in another name space of processes
        serve(way)
    return 0


def _become(request: Mapping[str, Any], files: Sequence[int]) -> None:
    """Take on everything by which one process differs from another."""
    if request["is_terminal"]:
        import fcntl
        import termios

        os.setsid()
        fcntl.ioctl(files[0], termios.TIOCSCTTY, 0)
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["environ"])
    os.umask(0o022)
    time.tzset()
    sys.stdin = os.fdopen(0, encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stdout = os.fdopen(1, "w", -1, encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stderr = os.fdopen(2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr  # type: ignore[misc]
    for number in INHERITED:
        signal.signal(number, signal.SIG_IGN if number in request["ignored"] else signal.SIG_DFL)
    if signal.SIGINT not in request["ignored"]:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    tempfile.tempdir = None
    if request["is_terminal"]:  # `bcp.cli` looks at its terminal when it is loaded
        for name in [each for each in sys.modules if f"{each}.".startswith("bcp.cli.")]:
            del sys.modules[name]


def _ended(work: Callable[[], None]) -> int:
    """The exit status, after what an interpreter does at its end; only its memory is not taken apart first."""
    try:
        work()
        status: Any = 0
    except SystemExit as end:
        status = end.code
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    except BaseException:  # noqa: BLE001 - as an interpreter ends
        traceback.print_exc()
        status = 1
    if not isinstance(status, int | None):
        print(status, file=sys.stderr)
        status = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    return int(status or 0)


def _carry_out(words: list[str]) -> None:
    """What an interpreter with these words does."""
    if words[:2] == ["-m", "bcp"]:
        from bcp.__main__ import run as run_bcp

        sys.argv = [_PROGRAM, *words[2:]]
        run_bcp()
    elif words[0] == "-c":
        sys.argv = ["-c", *words[2:]]
        exec(compile(words[1], "<string>", "exec"), {"__name__": "__main__"})
    else:
        import runpy

        sys.argv = words
        runpy.run_path(words[0], run_name="__main__")
