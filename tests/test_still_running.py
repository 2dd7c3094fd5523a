"""A program that outlives what started it is known by its number and its start, and never begun a second time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bcp.outside import Program, Ran
from bcp.running_process import RunningProcess, process, read_process, started_at
from bcp.world.hangup import ended_in_order
from bcp.world.real import Real
from bcp.world.secret import Secrets
from tests import quick
from tests.children import IS_WINDOWS, ends_another_process, needs_modes, needs_scripts
from tests.forks import Child
from tests.offices import bcp, office_in, runbook
from tests.programs import program
from tests.terminal import spawn
from tests.waiting import until

FIRE = """
import os, sys, time
note, go = sys.argv[1:]
open(note, 'a').write('B')
while not os.path.exists(go): time.sleep(0.02)
open(note, 'a').write('E')
"""


class Launch:
    """An office whose one deed goes on until it is let end."""

    def __init__(self, folder: Path, more: str = "") -> None:
        self.note, self.go = folder / "note", folder / "go"
        run = program(FIRE, str(self.note), str(self.go))
        fire = f"{{step: fire, title: Fire it, by_hand: Do., command: {{run: {run}, timeout: 5m{more}}}, auto: yes}}"
        self.office = office_in(
            folder / "office", outage=runbook(f"  - phase: One\n    steps:\n      - {fire}")
        )
        self.bcp: subprocess.Popen[str] | Child | None = None

    def begin(self) -> None:
        """Begin it, and wait until the deed is being done."""
        nothing, environ = subprocess.DEVNULL, {**os.environ, "BCP_PERSON": "anna"}
        words = ["-m", "bcp", "incident", "start", "outage"]
        self.bcp = quick.begun(words, self.office, environ, stdout=nothing, stderr=nothing)
        until(lambda: self.marks() == "B")

    def kill(self) -> None:
        assert self.bcp is not None
        self.bcp.kill()
        self.bcp.wait()

    def marks(self) -> str:
        return self.note.read_text(encoding="utf-8") if self.note.exists() else ""

    def child(self) -> RunningProcess:
        events = json.loads(bcp(self.office, "incident", "log", "--json").stdout)
        (begun,) = (each["data"] for each in events if each["kind"] == "step.begun")
        return read_process(begun.get("process"))

    def end(self) -> None:
        self.go.touch()
        child = self.child()
        until(lambda: not child.runs)

    def state(self) -> str:
        told = json.loads(bcp(self.office, "incident", "status", "--json").stdout)
        return str(told["phases"][0]["steps"][0]["outcome"])


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Callable[..., Launch]]:
    made: list[Launch] = []

    def make(more: str = "") -> Launch:
        made.append(Launch(tmp_path, more))
        return made[-1]

    yield make
    for each in made:
        each.go.touch()
        if each.bcp is not None:
            with suppress(OSError):
                each.bcp.kill()
            each.bcp.wait()


@ends_another_process
@pytest.mark.parametrize("more", ["", ", repeatable: yes"])
def test_a_deed_that_outlives_bcp_is_known_and_not_begun_twice(
    launch: Callable[..., Launch], more: str
) -> None:
    launched = launch(more)
    launched.begin()
    launched.kill()
    assert launched.child().runs
    assert launched.state() == "running"
    for _each in range(2):
        said = bcp(launched.office, "incident", "resume")
        assert (said.returncode, "It is still running since" in said.stderr) == (9, True)
    assert launched.marks() == "B"
    launched.end()
    said = bcp(launched.office, "incident", "resume")
    if more:
        assert (said.returncode, launched.marks()) == (0, "BEBE")
    else:
        assert (said.returncode, "IN DOUBT" in said.stderr, launched.marks()) == (9, True, "BE")


def test_at_the_terminal_enter_waits_for_its_end(launch: Callable[..., Launch]) -> None:
    launched = launch()
    launched.begin()
    launched.kill()
    told = {**os.environ, "BCP_PERSON": "anna", "NO_COLOR": "1", "TERM": "xterm"}
    child = spawn(
        sys.executable, ["-m", "bcp", "incident", "resume"], cwd=str(launched.office), env=told,
        encoding="utf-8", timeout=60, dimensions=(50, 110),
    )  # fmt: skip
    child.expect_exact("It is still running since")
    child.expect(r"\n> ")
    child.sendline("a")
    child.expect_exact("none of the keys")
    child.expect(r"\n> ")
    child.sendline("")
    launched.end()
    child.expect_exact("IN DOUBT")
    child.close(force=True)
    assert launched.marks() == "BE"


@pytest.mark.skipif(IS_WINDOWS, reason="Windows has no such signals")
@pytest.mark.parametrize("number", ["SIGHUP", "SIGTERM", "SIGINT"])
def test_closing_the_window_ends_the_deed_which_is_in_doubt_then(
    launch: Callable[..., Launch], number: str
) -> None:
    launched = launch()
    launched.begin()
    assert launched.bcp is not None
    launched.bcp.send_signal(getattr(signal, number))
    assert launched.bcp.wait() == 130
    assert not launched.child().runs
    assert launched.state() == "in-doubt"
    launched.go.touch()
    assert "IN DOUBT" in bcp(launched.office, "incident", "resume").stderr
    assert launched.marks() == "B"
    assert not list(launched.office.glob("incidents/crash/*"))


def test_a_terminal_that_is_gone_ends_the_deed(launch: Callable[..., Launch]) -> None:
    launched = launch()
    told = {**os.environ, "BCP_PERSON": "anna", "NO_COLOR": "1", "TERM": "xterm"}
    child = spawn(
        sys.executable, ["-m", "bcp", "incident", "start", "outage"], cwd=str(launched.office), env=told,
        encoding="utf-8", timeout=60, dimensions=(50, 110),
    )  # fmt: skip
    child.expect(r"\n> ")
    child.sendline("")
    until(lambda: launched.marks() == "B")
    running = launched.child()
    child.close(force=False)
    until(lambda: not running.runs)
    assert launched.marks() == "B"
    assert not list(launched.office.glob("incidents/crash/*"))


@pytest.mark.skipif(IS_WINDOWS, reason="Windows has no such signals")
def test_who_said_that_a_closed_window_does_not_matter_is_believed(launch: Callable[..., Launch]) -> None:
    launched = launch()
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        launched.begin()
    finally:
        signal.signal(signal.SIGHUP, before)
    assert launched.bcp is not None
    launched.bcp.send_signal(signal.SIGHUP)
    launched.go.touch()
    assert launched.bcp.wait() == 0
    assert launched.marks() == "BE"


def test_another_process_with_the_same_number_is_not_the_deed() -> None:
    own = process(os.getpid())
    assert own.runs
    assert not own._replace(started=own.started + "1").runs
    assert not RunningProcess(own.pid, "").runs
    assert not RunningProcess(0, own.started).runs


LEAVES = """
import os, subprocess, sys
note, go = sys.argv[1:]
open(note, 'a').write('B')
code = "import os, sys, time\\nwhile not os.path.exists(sys.argv[2]): time.sleep(0.02)\\n"
code += "open(sys.argv[1], 'a').write('E')"
subprocess.Popen([sys.executable, "-c", code, note, go], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
os.kill(os.getppid(), 9)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says to which group a process belongs")
@pytest.mark.parametrize("more", ["", ", repeatable: yes"])
def test_a_deed_that_is_done_by_what_its_program_started_is_not_begun_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str
) -> None:
    monkeypatch.setattr("tests.test_still_running.FIRE", LEAVES)
    launched = Launch(tmp_path, more)
    launched.begin()
    assert launched.bcp is not None
    launched.bcp.wait()
    first = launched.child()
    until(lambda: not started_at(first.pid))
    try:
        assert launched.state() == "running"
        said = bcp(launched.office, "incident", "resume")
        assert (said.returncode, "It is still running since" in said.stderr) == (9, True)
        assert launched.marks() == "B"
    finally:
        launched.go.touch()
    until(lambda: not first.runs)
    assert (launched.state(), launched.marks()) == ("in-doubt", "BE")


@pytest.mark.parametrize("told", [None, {}, [], "x", {"pid": "1", "started": 1}, {"pid": -1, "started": "x"}])
def test_what_is_no_process_does_not_run(told: Any) -> None:
    assert not read_process(told).runs


@pytest.mark.skipif(IS_WINDOWS, reason="Windows has no processes that have ended and are still there")
def test_a_process_that_has_ended_does_not_run_though_nobody_asked_for_its_end() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    known = process(ended.pid)
    until(lambda: not known.runs)
    ended.wait()


def ran(*words: str, born: Callable[[RunningProcess], None] | None, **settings: Any) -> Ran:
    return Real(Secrets(Path(), os.environ)).run(Program(words, 60.0, born=born, **settings))


def unheard(_child: RunningProcess) -> None:
    """It may go on."""


SHOWS = (
    "import os, sys\n"
    "print(sys.argv[1:], sys.stdin.read(), os.environ.get('EXTRA'), os.getsid(0) == os.getpid())\n"
    "print(sorted(set(os.environ)))"
)


@pytest.mark.skipif(IS_WINDOWS, reason="Windows has no sessions")
@pytest.mark.parametrize("stdin", [None, "", "one\ntwo\n", "go\nzażółć"])
def test_a_program_that_was_held_back_finds_what_another_one_finds(stdin: str | None) -> None:
    words = (sys.executable, "-X", "utf8", "-c", SHOWS, "-x", "a b", "$HOME", "'\"", "*", "", "ł")
    env = {"EXTRA": "1 2", "PWD": "/", "OLDPWD": "/", "SHLVL": "1", "_": "x"}
    apart = ran(*words, born=unheard, stdin=stdin, env=env)
    assert apart == ran(*words, born=None, stdin=stdin, env=env)
    assert apart.code == 0


def test_a_program_does_nothing_before_it_is_written_down(tmp_path: Path) -> None:
    note = tmp_path / "note"
    words = json.loads(program(f"open({str(note)!r}, 'w')"))
    known: list[RunningProcess] = []

    def refuse(child: RunningProcess) -> None:
        known.append(child)
        assert child.runs
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError, match="the disk is full"):
        ran(*words, born=refuse)
    assert not known[0].runs
    assert not note.exists()
    assert ran(*words, born=known.append).code == 0
    assert note.exists()
    assert len(known) == 2


@needs_scripts
@needs_modes
def test_what_cannot_be_run_is_told_in_the_same_words(tmp_path: Path) -> None:
    for name, text, mode in (
        ("plain", "echo hello\n", 0o755),
        ("nobody", "#!/no/such/shell\n", 0o755),
        ("forbidden", "#!/bin/sh\n", 0o644),
        ("script", "#!/bin/sh\nexit 3\n", 0o755),
        ("empty", "", 0o755),
    ):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        assert ran(str(path), born=unheard) == ran(str(path), born=None), name
    assert ran("no-such-program-1", born=unheard) == ran("no-such-program-1", born=None)
    assert ran("sh", "-c", "exit 4", born=unheard).code == 4


@pytest.mark.skipif(IS_WINDOWS, reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGINT] if not IS_WINDOWS else [0])
def test_what_comes_while_a_program_is_being_started_is_heard_when_it_can_be_ended(number: int) -> None:
    before = signal.getsignal(number)
    steps = []
    with pytest.raises(KeyboardInterrupt), ended_in_order() as asked:
        os.kill(os.getpid(), number)
        steps.append("started")
        asked.hear()
        steps.append("never")
    assert steps == ["started"] and signal.getsignal(number) == before
    with pytest.raises(KeyboardInterrupt), ended_in_order():
        os.kill(os.getpid(), number)
        steps.append("nothing was started")
    assert steps[-1] == "nothing was started"
