"""Work in a forked child, which may be killed, lose its rights or see a full disk, and tells how it went.

And what a test may ask of the system it runs on: each mark skips it elsewhere, and says why.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

_CLONE_NEWNS = 0x00020000
_CLONE_NEWNET = 0x40000000

_RESOLVER = "nameserver 127.0.0.1\noptions timeout:1 attempts:1"

IS_WINDOWS = sys.platform == "win32"
IS_WINE = IS_WINDOWS and hasattr(ctypes.CDLL("ntdll"), "wine_get_version")
KILLED = 1 if IS_WINDOWS else -9
"""The status of a process that was killed."""
TERMINATED = 1 if IS_WINDOWS else 0
"""The status of a command that ends well when it is asked to, and can be asked."""
IS_ROOT = not IS_WINDOWS and os.geteuid() == 0

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
needs_root = pytest.mark.skipif(
    not sys.platform.startswith("linux") or not IS_ROOT, reason="only root on Linux mounts file systems"
)
needs_shell = pytest.mark.skipif(IS_WINDOWS, reason="Windows has no shell that speaks sh")
ends_another_process = pytest.mark.skipif(
    IS_WINE, reason="wine's own services may hang for good when a process is ended from outside"
)
appends_at_once = pytest.mark.skipif(IS_WINE, reason="wine appends in two steps, Windows in one")
replaces_what_is_open = pytest.mark.skipif(
    IS_WINDOWS, reason="Windows lets nobody replace a file that is open"
)
needs_lo = pytest.mark.skipif(IS_WINDOWS, reason="Windows has no interface of the name lo")
NO_SCRIPTS = "Windows starts no script by its first line"
needs_scripts = pytest.mark.skipif(IS_WINDOWS, reason=NO_SCRIPTS)
needs_links = pytest.mark.skipif(IS_WINDOWS, reason="making a symbolic link is a right of its own on Windows")
needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows' folders hold no pipes")
needs_modes = pytest.mark.skipif(IS_WINDOWS, reason="Windows' files have no modes, but lists of rights")


def only_with(program: str) -> None:
    """Skip a test of Windows whose program is not there; elsewhere it must be there, and the test fails."""
    if IS_WINDOWS and shutil.which(program) is None:
        pytest.skip(f"{program} is not on this Windows")


def in_a_child(work: Callable[[], None]) -> None:
    """Do `work` in a forked child; what fails there fails here, with the traceback of there."""
    told, tell = os.pipe()
    child = os.fork()
    if not child:
        os.close(told)
        status = 1
        try:
            work()
            status = 0
        except BaseException:  # noqa: BLE001 - handed to the parent whole, an assertion or an exit alike
            os.write(tell, traceback.format_exc().encode()[-60_000:])
        finally:
            os._exit(status)
    os.close(tell)
    with os.fdopen(told) as pipe:
        report = pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status == 0, f"the child ended with {status}\n{report}"


def in_own_mounts(work: Callable[[], None]) -> None:
    """Do `work` in a child whose mounts nobody else sees and that are gone with it."""

    def apart() -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        assert libc.unshare(_CLONE_NEWNS) == 0, os.strerror(ctypes.get_errno())
        mount("--make-rprivate", "/")
        work()

    in_a_child(apart)


def in_own_network(
    work: Callable[[], None], *addresses: str, hosts: dict[str, Sequence[str]], etc: Path
) -> None:
    """Do `work` in a child in a network of its own, which has these addresses and the loopback's.

    `hosts` are the names that the system knows there, and its only name server is at 127.0.0.1. The files that say so
    are written into the folder `etc`.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    lines = [f"{address} {name}" for name, found in hosts.items() for address in found]
    for name, text in (("hosts", "\n".join(["127.0.0.1 localhost", *lines])), ("resolv.conf", _RESOLVER)):
        etc.mkdir(exist_ok=True)
        (etc / name).write_text(text + "\n")

    def apart() -> None:
        assert libc.unshare(_CLONE_NEWNET) == 0, os.strerror(ctypes.get_errno())
        for name in ("hosts", "resolv.conf"):
            mount("--bind", etc / name, Path("/etc", name).resolve())
        for address in addresses:
            subprocess.run(["ip", "addr", "add", address, "dev", "lo"], check=True)
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        work()

    in_own_mounts(apart)


def mount(*arguments: str | Path) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)


def small_disk(folder: Path, size: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    mount("-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", folder)


def make_read_only(folder: Path) -> None:
    mount("--bind", folder, folder)
    mount("-o", "remount,bind,ro", folder)
