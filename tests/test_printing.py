"""What is printed arrives, whatever it is printed on: an old code page, a pipe that nobody reads, plain ASCII."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bcp.errors import Exit
from tests.offices import bcp, office_in, runbook

PHASES = """
  - phase: A
    steps:
      - {step: look, title: Żółta łódź → mostek, by_hand: Look., manual: {}}
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    office = office_in(tmp_path / "office", outage=runbook(PHASES))
    assert bcp(office, "incident", "start", "outage").returncode == Exit.PERSON_NEEDED
    return office


def printed(place: Path, encoding: str, *arguments: str) -> tuple[int, str]:
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    command = [sys.executable, "-m", "bcp", *arguments]
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, stdin=subprocess.DEVNULL)
    return done.returncode, (done.stdout + done.stderr).decode(encoding)


@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        ("ascii", "Zolta lodz -> mostek"),
        ("cp1250", "Żółta łódź -> mostek"),
        ("cp852", "Żółta łódź -> mostek"),
        ("utf-8", "Żółta łódź → mostek"),
    ],
)
def test_a_character_that_cannot_be_printed_becomes_the_nearest_that_can(
    place: Path, encoding: str, title: str
) -> None:
    status, said = printed(place, encoding, "incident", "status")
    assert (status, title in said) == (0, True), said
    status, said = printed(place, encoding, "incident", "step", "done", "look")
    assert (status, "Written down." in said) == (0, True), said


def test_data_for_programs_lose_no_character_on_an_old_code_page(place: Path) -> None:
    status, said = printed(place, "ascii", "incident", "status", "--json")
    assert status == 0
    assert json.loads(said)["phases"][0]["steps"][0]["title"] == "Żółta łódź → mostek"


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_pipe_whose_reader_has_gone_is_no_failure(place: Path, more: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "bcp", "incident", "log", *more]
    with os.fdopen(writing, "w") as pipe:
        done = subprocess.run(command, cwd=place, stdout=pipe, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (0, "")
