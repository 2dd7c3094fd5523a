"""A print shop of our own: CUPS with an IPP printer behind it, which keeps what it gets, or jams.

The printer thinks for a second before it says that it is jammed, as real ones do: CUPS takes a job for printed that a
printer throws away at once.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.ports import free_port
from tests.waiting import PATIENCE

_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path={folder}/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/></policy></busconfig>"""
_AVAHI = "[server]\nuse-ipv6=no\nallow-interfaces=lo\n[publish]\npublish-workstation=no\n"
_RUN = "/run/avahi-daemon"
_ENGINE = """#!/bin/sh
if [ -e {folder}/jam ]; then echo "STATE: +media-jam-error" >&2; sleep 1; exit 1; fi
cp "$1" {folder}/kept/$(date +%s%N).pdf
"""
_FILES = "".join(
    f"{name} {{folder}}/cups/{place}\n"
    for name, place in [
        ("ServerRoot", "root"),
        ("RequestRoot", "spool"),
        ("TempDir", "tmp"),
        ("CacheDir", "cache"),
        ("StateDir", "state"),
        ("ErrorLog", "error.log"),
        ("AccessLog", "access.log"),
        ("PageLog", "page.log"),
    ]
)
_CUPS = """Listen {folder}/cups/sock
Browsing No
WebInterface No
DefaultAuthType None
JobRetryInterval 1
JobRetryLimit 60
<Location />
Order allow,deny
Allow all
</Location>
<Policy default>
<Limit All>
Order allow,deny
Allow all
</Limit>
</Policy>
"""


@dataclass(frozen=True)
class Shop:
    """The queue "paper" on a CUPS server of its own."""

    folder: Path

    @property
    def environ(self) -> dict[str, str]:
        """What makes `lp` speak with this server."""
        return {"CUPS_SERVER": str(self.folder / "cups" / "sock")}

    def printed(self) -> list[bytes]:
        """What came out of the printer, oldest first."""
        return [path.read_bytes() for path in sorted((self.folder / "kept").iterdir())]

    def jam(self) -> None:
        """From now on the paper is stuck."""
        (self.folder / "jam").touch()


@contextmanager
def print_shop() -> Iterator[Shop]:
    """The shop, open for as long as the block lasts."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shop-")))
        folder.chmod(0o755)
        port = _furnish(folder)
        bus = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={folder}/bus"}
        _start(stack, ["dbus-daemon", f"--config-file={folder}/bus.conf", "--nofork", "--nopidfile"], bus)
        _wait(lambda: (folder / "bus").exists())
        # Its number lies in a folder that no other one sees, so that two of them can run beside each other.
        hidden = f"mkdir -p {_RUN} && mount -t tmpfs tmpfs {_RUN} && exec avahi-daemon -f {folder}/avahi.conf"
        options = "--no-drop-root --no-rlimits --no-chroot"
        _start(stack, ["unshare", "--mount", "sh", "-c", f"{hidden} {options}"], bus)
        printer = ["ippeveprinter", "-p", str(port), "-n", "localhost", "-c", f"{folder}/engine.sh"]
        _start_printer(
            stack, [*printer, "-f", "application/pdf", "-d", f"{folder}/spool", "Paper"], bus, port
        )
        _start(
            stack,
            ["cupsd", "-f", "-c", f"{folder}/cupsd.conf", "-s", f"{folder}/files.conf"],
            dict(os.environ),
        )
        shop = Shop(folder)
        queue = [
            "lpadmin",
            "-p",
            "paper",
            "-E",
            "-v",
            f"ipp://localhost:{port}/ipp/print",
            "-m",
            "everywhere",
        ]
        _wait(
            lambda: (
                subprocess.run(queue, env={**os.environ, **shop.environ}, capture_output=True).returncode == 0
            )
        )
        yield shop


def _furnish(folder: Path) -> int:
    for part in ("kept", "spool", "cups"):
        (folder / part).mkdir()
    for part in ("root", "spool", "tmp", "cache", "state"):
        (folder / "cups" / part).mkdir()
    for name, text in {
        "bus.conf": _BUS,
        "avahi.conf": _AVAHI,
        "engine.sh": _ENGINE,
        "files.conf": _FILES + "SystemGroup root\nUser lp\nGroup lp\n",
        "cupsd.conf": _CUPS,
    }.items():
        (folder / name).write_text(text.replace("{folder}", str(folder)), encoding="utf-8")
    (folder / "engine.sh").chmod(0o755)
    import pwd

    user = pwd.getpwnam("lp")
    for path in [folder / "cups", *(folder / "cups").iterdir()]:
        shutil.chown(path, user.pw_uid, user.pw_gid)
    return free_port()


def _start(stack: ExitStack, arguments: list[str], environ: dict[str, str]) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(arguments, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    stack.callback(process.wait)
    stack.callback(process.terminate)
    return process


def _start_printer(stack: ExitStack, arguments: list[str], environ: dict[str, str], port: int) -> None:
    """Start the printer until it listens: it ends at once where nobody announces it yet."""
    started = [_start(stack, arguments, environ)]

    def listens() -> bool:
        if started[-1].poll() is not None:
            started.append(_start(stack, arguments, environ))
        with socket.socket() as asked:
            return asked.connect_ex(("127.0.0.1", port)) == 0

    _wait(listens)


def _wait(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < end, "the print shop does not open"
        time.sleep(0.1)
