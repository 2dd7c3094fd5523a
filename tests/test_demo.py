"""`bcp demo`: a whole outage, really happening, and nothing that leaves this computer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.offices import bcp

LOOPBACK_ALONE = 'ip link set lo up && exec "$0" -m bcp demo --in "$1"'


def play(place: Path) -> subprocess.CompletedProcess[str]:
    """The demonstration, where it can be had in a network that has nothing but this computer itself."""
    apart = ["unshare", "--net", "sh", "-c", LOOPBACK_ALONE, sys.executable, str(place)]
    whole = [sys.executable, "-m", "bcp", "demo", "--in", str(place)]
    is_root = sys.platform == "linux" and os.geteuid() == 0 and shutil.which("unshare") and shutil.which("ip")
    return subprocess.run(
        apart if is_root else whole, capture_output=True, text=True, timeout=100, check=False
    )


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    place = tmp_path_factory.mktemp("demo") / "office"
    return place, play(place)


def test_the_demonstration_plays_an_outage_to_its_end_and_proves_it(
    played: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    _place, done = played
    assert done.returncode == 0, done.stderr
    assert "IN FORCE  Put the office on mobile internet" in done.stdout
    assert "done: Put the office back on the line" in done.stdout
    assert "whole up to event" in done.stdout
    assert "FAILED" not in done.stdout


def test_its_steps_really_happen(played: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    place, _done = played
    website = (place / ".demo" / "website.txt").read_text(encoding="utf-8")
    assert "ticket INC-4711" in website
    assert not list((place / ".demo").glob("*.pid"))
    assert bcp(place, "incident", "verify").returncode == 0
    assert "No incident is open." in bcp(place, "incident", "status").stdout
