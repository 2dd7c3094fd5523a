"""The line that `bcp watch --print cron` prints, run by a real cron: it looks, and it mails only news."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.offices import bcp
from tests.ports import free_port
from tests.test_check_command import office, set_check, website

NEEDED = ("cron", "faketime", "unshare")
CRON = """
set -eu
mount -t tmpfs none /var/spool/cron && mkdir -m 1730 /var/spool/cron/crontabs
mount -t tmpfs none /etc/cron.d
mount -t tmpfs none /run
mount -t tmpfs none /dev/shm
mount --bind {folder}/crontab /etc/crontab
[ -e /usr/sbin/sendmail ] || touch /usr/sbin/sendmail
mount --bind {folder}/sendmail /usr/sbin/sendmail
exec faketime -f '@2026-11-30 08:29:58' cron -f
"""


@pytest.mark.skipif(sys.platform != "linux", reason="cron is tried where it is at home, on Linux")
def test_cron_runs_the_printed_line_and_mails_what_went_down(tmp_path: Path) -> None:
    missing = [program for program in NEEDED if not shutil.which(program)]
    if missing or os.geteuid() != 0:
        pytest.skip(f"NOT RUN: cron needs root and {', '.join(missing or NEEDED)}")
    with website() as port, office(tmp_path, port) as place:
        bcp(place, "check", "run")
    with office(tmp_path, free_port()) as place:
        set_check(place, free_port())
        (line,) = bcp(place, "watch", "--print", "cron").stdout.splitlines()
        assert line.startswith("*/5 * * * * ")
        mail = run_cron(tmp_path, line)
    assert "Our site: DOWN (was up)" in mail
    assert "To begin: bcp incident start outage" in mail


def run_cron(folder: Path, line: str) -> str:
    """The first mail that cron sends when it runs `line` for root at half past eight."""
    # A system crontab names the user between the time and the command.
    times, command = line.split(" ", 5)[:5], line.split(" ", 5)[5]
    crontab = f"MAILTO=root\nPATH=/usr/bin:/bin\n{' '.join(times)} root {command}\n"
    (folder / "crontab").write_text(crontab, encoding="utf-8")
    (folder / "sendmail").write_text(
        f"#!/bin/sh\ncat > {folder}/mail.new && mv {folder}/mail.new {folder}/mail\n"
    )
    (folder / "sendmail").chmod(0o755)
    (folder / "crontab").chmod(0o644)
    script = CRON.format(folder=folder)
    unshare = [
        "unshare",
        "--mount",
        "--pid",
        "--fork",
        "--kill-child",
        "--mount-proc",
        "--propagation",
        "private",
    ]
    cron = subprocess.Popen([*unshare, "sh", "-c", script], stdin=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while not (folder / "mail").exists():
            assert cron.poll() is None, "cron ended"
            assert time.monotonic() < deadline, "cron mailed nothing"
            time.sleep(0.2)
        return (folder / "mail").read_text(encoding="utf-8")
    finally:
        cron.kill()
        cron.wait()
