"""The main job on Windows: demonstration, drill and incident to their ends, and a process that is ended amid them."""

from __future__ import annotations

import json
import os
import random
import re
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bcp.clock import SystemClock
from bcp.fact import Place, example
from bcp.incident.script import steps_by_address
from bcp.office import starter
from bcp.runbook.plan import compile_plan
from bcp.validate import load
from tests.children import IS_WINDOWS
from tests.offices import bcp, office_in, runbook
from tests.programs import appends
from tests.test_demo import play

pytestmark = [
    pytest.mark.core,
    pytest.mark.skipif(not IS_WINDOWS, reason="this is not Windows; make test-windows runs it"),
]
ROOT = "internet-outage"
NEXT = re.compile(r"bcp (?:incident|drill) step done (\S+)")


@pytest.fixture
def kropka(tmp_path: Path) -> Iterator[Path]:
    """The invented office, as `bcp init --sample` writes it; its checks look at this computer."""
    folder = tmp_path / "kropka"
    starter.write(starter.sample_office(), folder)
    with socket.create_server(("127.0.0.1", 0)) as server:
        probe = f"tcp: {{host: 127.0.0.1, port: {server.getsockname()[1]}}}"
        for name in ("internet", "website"):
            check = f"check: {name}\ntitle: A look\nprobes: [{{{probe}}}]\n"
            (folder / "checks" / f"{name}.yaml").write_text(check, encoding="utf-8")
        yield folder


def test_the_demonstration_plays_an_outage_to_its_end_and_proves_it(tmp_path: Path) -> None:
    done = play(tmp_path / "office")
    assert done.returncode == 0 and "consistent in itself" in done.stdout, done.stderr
    assert "FAILED" not in done.stdout and "did not succeed" not in done.stderr


def test_a_drill_goes_to_its_end_by_its_answers(kropka: Path) -> None:
    (kropka / "answers.yaml").write_text("default: done\nverdict: isp-down\n", encoding="utf-8")
    for verb in (["start", ROOT], ["close"]):
        done = bcp(kropka, "drill", *verb, "--answers", "answers.yaml")
        assert done.returncode == 0 and "bug of ours" not in done.stderr, done.stderr
    (record,) = (kropka / "incidents").glob("drill-*/journal.txt")
    assert "DRILL closed" in record.read_text(encoding="utf-8")
    assert "consistent in itself" in bcp(kropka, "drill", "verify").stdout


def test_an_incident_goes_to_its_end_as_its_own_hints_say(kropka: Path) -> None:
    answers = answers_to(kropka)
    began = bcp(kropka, "incident", "start", ROOT)
    assert began.returncode == 9 and "verdict: " in began.stderr, began.stderr
    settled = follow(kropka, answers, "resume") + follow(kropka, answers, "close")
    assert len(settled) > 25 and any(step.endswith(".undo") for step in settled)
    told = json.loads(bcp(kropka, "incident", "list", "--json").stdout)
    assert [each["state"] for each in told] == ["closed"]
    events = json.loads(bcp(kropka, "incident", "log", "--json").stdout)
    assert {event["data"]["step"] for event in events if event["kind"] == "step.settled"} >= set(settled)
    assert f"events: {len(events)}" in bcp(kropka, "incident", "verify").stdout


def answers_to(office: Path) -> dict[str, list[str]]:
    """For each step that asks, an example of each answer, as it is typed."""
    whole = load(office)
    plan = compile_plan(ROOT, whole.runbooks, whole.office)
    place = Place(whole.office.country, whole.office.zone, SystemClock().now())
    return {
        address: [word for fact in step.facts for word in ("--fact", f"{fact.name}={example(fact, place)}")]
        for address, step in steps_by_address(plan, ROOT).items()
    }


def follow(office: Path, answers: dict[str, list[str]], verb: str) -> list[str]:
    """Give the command and type what it says to type next, until it is through; the steps that were settled."""
    settled: list[str] = []
    while (done := bcp(office, "incident", verb)).returncode:
        assert done.returncode in (8, 9), done.stderr
        (step,) = NEXT.findall(done.stderr)[:1] or [""]
        assert step and step not in settled, done.stderr
        answered = bcp(office, "incident", "step", "done", step, *answers.get(step, []))
        assert answered.returncode == 0, answered.stderr
        settled.append(step)
    return settled


STEPS, KILLS = 6, 5
CALLS = 100_000  # fewer than the beginning makes: the first process is always ended
# `bcp`, which ends itself with TerminateProcess at one call of all that it makes, from Python or into C; they are
# counted from the first one in the module that is named.
ENDS = """
import os, sys
begin, left = sys.argv.pop(1), int(sys.argv.pop(1))
def called(frame, event, argument):
    global begin, left
    if begin and not frame.f_code.co_filename.endswith(begin):
        return
    begin, left = "", left - 1
    if left < 0:
        os.kill(os.getpid(), 77)  # Windows takes any number for the exit status
from bcp.__main__ import run
import bcp.cli.main, bcp.app.incident.run
sys.setprofile(called)
run()
"""


def test_a_process_that_windows_ends_anywhere_has_lost_nothing_that_it_showed(tmp_path: Path) -> None:
    """TerminateProcess at a place drawn by lot, again and again; each time it goes on from what is written."""
    deeds = "\n".join(
        f"      - {{step: s{number}, title: Deed {number}, by_hand: Do it., auto: yes,"
        f" command: {{run: {appends(f's{number}', 'outside')}, repeatable: yes}}}}"
        for number in range(STEPS)
    )
    office = office_in(tmp_path / "office", outage=runbook(f"  - phase: A\n    steps:\n{deeds}"))
    chance = random.Random(seed := os.urandom(8).hex())
    record: list[str] = []
    kills = 0
    while ended_somewhere(office, "resume" if record else "start", chance.randrange(CALLS), kills < KILLS):
        kills += 1
        assert recorded(office)[: len(record)] == record, seed
        if record := recorded(office):
            whole = re.search(r"events: (\d+)", bcp(office, "incident", "verify").stdout)
            assert whole and int(whole[1]) >= len(record), seed
    assert kills, f"{seed}: it was never ended before its end"
    assert recorded(office)[: len(record)] == record, seed
    events = json.loads(bcp(office, "incident", "log", "--json").stdout)
    settled = [event["data"]["step"] for event in events if event["kind"] == "step.settled"]
    assert settled == [f"s{number}" for number in range(STEPS)], seed
    done = Counter((office / "outside").read_text(encoding="utf-8").split())
    assert done.keys() == set(settled) and done.total() <= STEPS + kills, seed
    assert bcp(office, "incident", "close").returncode == 0
    assert "consistent in itself" in bcp(office, "incident", "verify").stdout


def recorded(office: Path) -> list[str]:
    """What everybody can read of it, in plain words."""
    return [
        line
        for file in office.glob("incidents/2*/journal.txt")
        for line in file.read_text(encoding="utf-8").splitlines()
    ]


def ended_somewhere(office: Path, verb: str, at: int, is_ended: bool) -> bool:
    """Give the command in a process that ends at its call number `at`; False: it went through."""
    from_where = "" if verb == "start" else "engine.py"
    ends = [sys.executable, "-c", ENDS, from_where, str(at)] if is_ended else [sys.executable, "-m", "bcp"]
    done = subprocess.run(
        [*ends, "incident", verb, *(["outage"] if verb == "start" else [])],
        cwd=office,
        env={**os.environ, "BCP_PERSON": "anna"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 77) and "bug of ours" not in done.stderr, done.stderr
    return done.returncode != 0
