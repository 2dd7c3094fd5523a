"""A command that a test gives in its own process: it says what a process of its own says, and leaves nothing behind."""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from bcp import i18n
from tests import inside, quick
from tests.offices import bcp, office_in, runbook
from tests.programs import program

resource = pytest.importorskip("resource", reason="on this system each command is a process")

STEPS = """
  - phase: A
    within: 15m
    steps:
      - {step: look, title: Look – ąż, who: lead, by_hand: Do., manual: {}}
      - {step: ask, title: Ask, by_hand: Do., ask: {questions: [{fact: ticket, ask: Number?}]}}
"""
COMMANDS = [
    ["--help"],
    ["incident", "--help"],
    ["incident", "status"],
    ["incident", "status", "--json"],
    ["incident", "log"],
    ["incident", "list"],
    ["incident", "verify"],
    ["incident", "start", "nothing"],
    ["incident", "resume"],
    ["incident", "step", "done", "unknown"],
    ["runbook", "show", "outage"],
    ["check", "status"],
    ["validate"],
    ["contact", "list"],
    ["start"],
    ["incident", "status", "--nonsense"],
    ["print", "sheet"],
    ["--office", "nowhere", "incident", "status"],
]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Polish office with an open incident, and a file with a mistake."""
    place = office_in(tmp_path_factory.mktemp("quick"), outage=runbook(STEPS))
    assert bcp(place, "incident", "start", "outage").returncode == 9
    with (place / "bcp.yaml").open("a", encoding="utf-8") as file:
        file.write("language: pl\n")
    (place / "runbooks" / "wrong.yaml").write_text("runbook: wrong\ntitel: Wrong\n", encoding="utf-8")
    return place


def surroundings() -> dict[str, str]:
    return {**os.environ, "BCP_PERSON": "anna", "PYTHONUTF8": "1"}


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_command_says_the_same_as_in_a_process_of_its_own(office: Path, arguments: list[str]) -> None:
    assert inside.may_share(arguments, surroundings())
    here = quick.run(arguments, office, surroundings(), subprocess.DEVNULL, 60)
    alone = subprocess.run(
        [sys.executable, "-m", "bcp", *arguments],
        cwd=office,
        env=surroundings(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert here.returncode == alone.returncode
    assert timeless(here.stdout) == timeless(alone.stdout)
    assert timeless(here.stderr) == timeless(alone.stderr)
    assert here.stdout or here.stderr


def timeless(text: str) -> str:
    """Without numbers: some say how much time has passed, and the other one was later."""
    return re.sub(r"\d+", "#", text)


def state_of_this_process() -> dict[str, Any]:
    loggers = [logging.getLogger(), logging.getLogger("bcp")]
    return {
        "folder": Path.cwd(),
        "environment": dict(os.environ),
        "arguments": sys.argv,
        "files": [os.fstat(number).st_ino for number in range(3)],
        "streams": (sys.stdin, sys.stdout, sys.stderr),
        "open": sum(1 for _ in Path("/proc/self/fd").iterdir()) if sys.platform == "linux" else 0,
        "signals": [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)],
        "limit": resource.getrlimit(resource.RLIMIT_NOFILE),
        "logs": [(each.level, each.propagate, each.handlers[:]) for each in loggers],
        "hook": sys.excepthook,
        "threads": threading.active_count(),
        "language": i18n._("Written down."),
    }


@pytest.mark.parametrize("status", [0, 2])
def test_a_command_leaves_this_process_as_it_was(office: Path, status: int) -> None:
    before = state_of_this_process()
    done = bcp(
        office, "incident", "status" if status == 0 else "stat", TZ="Asia/Tokyo", BCP_OFFICE=str(office)
    )
    assert done.returncode == status
    assert state_of_this_process() == before


def test_what_a_program_prints_that_a_command_starts_is_not_lost_and_the_input_is_read(
    tmp_path: Path,
) -> None:
    def deed() -> None:
        print(sys.stdin.readline().strip(), os.environ["WHO"], Path.cwd())
        sys.stdout.flush()
        subprocess.run(json.loads(program("import sys; print('child'); sys.exit('trouble')")), check=False)

    with (tmp_path / "out").open("w+b") as out, (tmp_path / "err").open("w+b") as err:
        (tmp_path / "in").write_text("typed\n", encoding="utf-8")
        with (
            (tmp_path / "in").open("rb") as given,
            inside.as_a_process([], tmp_path, {**os.environ, "WHO": "anna"}, [given, out, err]),
        ):
            deed()
        assert inside.text(out) == f"typed anna {tmp_path}\nchild\n"
        assert inside.text(err) == "trouble\n"


def test_a_command_beside_another_thread_or_with_another_terminal_gets_a_process(tmp_path: Path) -> None:
    found: list[bool] = []
    thread = threading.Thread(target=lambda: found.append(inside.may_share(["validate"], surroundings())))
    thread.start()
    thread.join()
    assert found == [False]
    assert not inside.may_share(["watch"], surroundings())
    assert not inside.may_share(["validate"], {**surroundings(), "COLUMNS": "40"})
