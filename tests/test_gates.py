"""Gates fail closed: without a person nothing is answered, and no secret is told to anybody."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bcp.registry import kinds
from tests.children import needs_shell
from tests.offices import bcp, office_in, runbook
from tests.programs import NAME, appends, program

COMMAND = f"command: {{run: {appends('ran', 'outside')}}}"
GATES = {
    "manual": "manual: {}",
    "ask": "ask: {questions: [{fact: sure, ask: Sure?, type: yes-no}]}",
    "command": COMMAND,
    "http": "http: {method: POST, url: 'http://127.0.0.1:9/x'}",
    "wait": "wait: {for: 1s}",
    "check": "check: {check: internet, is: down, within: 1s}",
    "runbook": "runbook: {runbook: other}",
    "diagnose": "diagnose: {}",
    "notify": "notify: {notice: hello, audience: staff}",
    "network": "network: {use: internet}",
    "number": "number: {activate: office, forward_to: 'role:lead'}",
    "publish": "publish: {place: website, notice: hello}",
    "published": "published: {restore: office}",
    "report-fault": "report-fault: {line: internet, read_back: hello}",
}
# So that they would succeed at once if nobody had to be asked.
REACHED = """
numbers:
  - {number: office, phone: "+48226000001", method: portal}
places:
  - {place: website, url: "http://127.0.0.1:9/page.html", page: page.html, way: {folder: {path: site}}}
published:
  - {published: contact, url: "http://127.0.0.1:9/contact", shows: [office], who: lead}
"""


def office(folder: Path, *steps: str, **more: str) -> Path:
    lines = "\n".join(f"      - {{{step}}}" for step in steps)
    place = office_in(folder / "office", outage=runbook(f"  - phase: A\n    steps:\n{lines}"), **more)
    with (place / "bcp.yaml").open("a", encoding="utf-8") as file:
        file.write(REACHED)
    (place / "site").mkdir(exist_ok=True)
    (place / "site" / "page.html").write_text(
        "<p><!-- bcp:notice --><!-- /bcp:notice --></p>", encoding="utf-8"
    )
    (place / "notices").mkdir(exist_ok=True)
    (place / "notices" / "hello.en.md").write_text("---\nsubject: Hello\nkind: update\n---\n{{ greeting }}\n")
    return place


def step(name: str, rest: str, auto: bool = False) -> str:
    return f"step: {name}, title: Do {name}, by_hand: Do it by hand., {rest}{', auto: yes' if auto else ''}"


OTHER = runbook(f"  - phase: O\n    steps:\n      - {{{step('call', 'manual: {}')}}}", "other")


def status(place: Path, noun: str = "incident") -> dict[str, object]:
    told: dict[str, object] = json.loads(bcp(place, noun, "status", "--json").stdout)
    return told


def outcomes(place: Path) -> dict[str, str]:
    return {
        each["id"]: each["outcome"]
        for phase in status(place)["phases"]  # type: ignore[attr-defined]
        for each in phase["steps"]
    }


def answer_nothing(way: str, place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command with nobody there, in one of the ways in which that happens."""
    if way == "a pipe full of keys":
        return bcp(place, *arguments, stdin="\n\n\ny\nyes\nh\n1\n" * 20)
    if way == "like cron":
        line = f"cd {place} && exec {sys.executable} -m bcp {' '.join(arguments)} < /dev/null"
        environment = {"HOME": "/", "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh"}
        return subprocess.run(
            ["/bin/sh", "-c", line], capture_output=True, text=True, env=environment, timeout=60, check=False
        )
    if way == "stdin closed":
        line = f"cd {place} && exec {sys.executable} -m bcp {' '.join(arguments)} <&-"
        return subprocess.run(
            ["/bin/sh", "-c", line], capture_output=True, text=True, timeout=60, check=False
        )
    return bcp(place, *arguments, stdin=subprocess.DEVNULL)


@pytest.mark.parametrize(
    "way",
    [
        "/dev/null",
        "a pipe full of keys",
        pytest.param("stdin closed", marks=needs_shell),
        pytest.param("like cron", marks=needs_shell),
    ],
)
def test_a_gate_stops_with_9_whatever_stands_in_for_a_terminal(tmp_path: Path, way: str) -> None:
    place = office(tmp_path, step("gate", "manual: {}"), step("after", COMMAND, auto=True))
    for arguments in (
        ("incident", "start", "outage"),
        ("incident", "resume"),
        ("incident", "start", "outage"),
    ):
        said = answer_nothing(way, place, *arguments)
        assert said.returncode == 9, said.stderr
        assert "Waiting: Do gate" in said.stderr
        assert "bcp incident resume" in said.stderr
        assert "bcp incident step done gate" in said.stderr
    assert outcomes(place) == {"gate": "waiting", "after": "open"}
    assert not (place / "outside").exists()


@pytest.mark.parametrize("kind", kinds("bcp.action.kinds"))
def test_every_action_is_a_gate_unless_it_says_auto(tmp_path: Path, kind: str) -> None:
    place = office(tmp_path, step("gate", GATES[kind]), other=OTHER)
    said = answer_nothing("a pipe full of keys", place, "incident", "start", "outage")
    assert said.returncode == 9
    assert outcomes(place) == {"gate": "waiting"}
    assert not (place / "outside").exists()


@pytest.mark.parametrize("option", ["--yes", "--force"])
def test_no_flag_answers_for_a_person(tmp_path: Path, option: str) -> None:
    place = office(tmp_path, step("gate", "manual: {}"))
    said = bcp(place, "incident", "start", "outage", option)
    assert said.returncode == 2
    assert "No such option" in said.stderr
    assert bcp(place, "incident", "start", "outage", "--answers", "x.yaml").returncode == 2


def test_an_answer_from_away_opens_the_gate_and_what_is_automatic_goes_on(tmp_path: Path) -> None:
    place = office(tmp_path, step("gate", "manual: {}"), step("after", COMMAND, auto=True))
    bcp(place, "incident", "start", "outage")
    assert bcp(place, "incident", "step", "done", "gate").returncode == 0
    said = bcp(place, "incident", "resume")
    assert (said.returncode, outcomes(place)) == (0, {"gate": "done", "after": "done"})
    assert "bcp incident close" in said.stderr


def test_a_failed_automatic_step_ends_with_4_and_waits_with_its_evidence(tmp_path: Path) -> None:
    broken = f"command: {{run: {program('import sys; print(42 * 99); sys.exit(3)')}}}"
    place = office(tmp_path, step("try", broken, auto=True))
    for _ in range(2):
        said = bcp(place, "incident", "start", "outage")
        assert said.returncode == 4
        assert f"Did not succeed: Do try: {NAME} ended with status 3: 4158" in said.stderr
        assert "By hand: Do it by hand." in said.stderr
    assert outcomes(place) == {"try": "waiting"}
    kinds = [event["kind"] for event in json.loads(bcp(place, "incident", "log", "--json").stdout)]
    assert kinds == ["incident.started", "step.begun", "step.tried"]


def test_closing_asks_too(tmp_path: Path) -> None:
    undo = "undo: {title: Back, by_hand: Do., manual: {}}"
    place = office(tmp_path, step("on", f"manual: {{}}, {undo}"), step("tell", "manual: {}"))
    bcp(place, "incident", "start", "outage")
    bcp(place, "incident", "step", "done", "on")
    said = answer_nothing("a pipe full of keys", place, "incident", "close")
    assert said.returncode == 9, "a step is open"
    bcp(place, "incident", "step", "done", "tell")
    said = answer_nothing("a pipe full of keys", place, "incident", "close")
    assert said.returncode == 8, "a measure is in force"
    assert 'Still in force: on ("Do on")' in said.stderr
    assert status(place)["state"] == "open"
    assert bcp(place, "incident", "close", "--leave", "on").returncode == 2, "no reason"
    said = bcp(place, "incident", "close", "--leave", "on", "--reason", "the line is not trusted yet")
    assert said.returncode == 0
    told = bcp(place, "incident", "list")
    assert "IN FORCE  Do on" in told.stdout
    assert "left: the line is not trusted yet" in told.stdout


def test_what_is_left_open_is_named_with_its_facts_filled_in(tmp_path: Path) -> None:
    place = office(
        tmp_path,
        step("who", "ask: {questions: [{fact: visitor, ask: Who comes?}]}"),
        "step: tell, title: 'Tell {fact:visitor}', by_hand: Say it., manual: {}",
    )
    bcp(place, "incident", "start", "outage")
    bcp(place, "incident", "step", "done", "who", "--fact", "visitor=Jan")
    closed = answer_nothing("/dev/null", place, "incident", "close")
    assert (closed.returncode, "  tell: Tell Jan\n" in closed.stderr) == (9, True)


def test_a_menu_is_not_answered_either(tmp_path: Path) -> None:
    place = office(tmp_path, step("gate", "manual: {}"))
    said = bcp(place, "incident", "start", stdin="1\n\n\n")
    assert said.returncode == 2
    assert "bcp incident start outage" in said.stderr
    assert json.loads(bcp(place, "incident", "list", "--json").stdout) == []


@pytest.mark.parametrize("verb", ["start", "resume"])
def test_a_drill_without_a_script_is_a_gate_as_well(tmp_path: Path, verb: str) -> None:
    place = office(tmp_path, step("gate", "manual: {}"))
    bcp(place, "drill", "start", "outage")
    said = bcp(place, "drill", *(["start", "outage"] if verb == "start" else ["resume"]), stdin="\n\n")
    assert said.returncode == 9
    assert "DRILL" in said.stderr
    assert "bcp drill resume" in said.stderr


SECRET = "s3cr3t-Wörd"
TELLS = "import sys; print('token', sys.argv[1]); print('again', sys.argv[1], file=sys.stderr); sys.exit(1)"
TELLING = f"command: {{run: {program(TELLS, '{env:SMS_TOKEN}')}}}"


def test_a_secret_is_told_to_nobody(tmp_path: Path) -> None:
    place = office(tmp_path, step("send", TELLING, auto=True))
    said = [
        bcp(place, "incident", "start", "outage", "--dry-run", SMS_TOKEN=SECRET),
        bcp(place, "incident", "start", "outage", SMS_TOKEN=SECRET),
        bcp(place, "incident", "status", SMS_TOKEN=SECRET),
        bcp(place, "incident", "log", "--json", SMS_TOKEN=SECRET),
        bcp(place, "drill", "start", "outage", SMS_TOKEN=SECRET),
        bcp(place, "runbook", "show", "outage", "--json", SMS_TOKEN=SECRET),
    ]
    assert said[1].returncode == 4
    assert "token •••" in said[3].stdout, "the output was kept, and masked"
    for each in said:
        assert SECRET not in each.stdout + each.stderr
    kept = [path for path in (place / "incidents").rglob("*") if path.is_file()]
    assert {"journal.txt", "bcp.sqlite3"} <= {path.name for path in kept}
    for path in kept:
        assert SECRET.encode() not in path.read_bytes(), path


def test_a_dry_run_does_nothing_keeps_nothing_and_names_what_it_cannot_simulate(tmp_path: Path) -> None:
    place = office(
        tmp_path,
        step("here", COMMAND, auto=True),
        step("gone", 'command: {run: ["no-such-program"]}'),
        step("secret", 'command: {run: [echo, "{env:NOT_SET}"]}'),
    )
    said = bcp(place, "incident", "start", "outage", "--dry-run")
    assert said.returncode == 4
    assert "Could not be simulated: gone, secret" in said.stderr
    assert "there is no program no-such-program on this computer" in said.stdout
    assert "the secret env:NOT_SET is not set" in said.stdout
    assert not (place / "outside").exists()
    assert not (place / "incidents").exists()


def test_a_drill_leaves_no_trace_outside_and_says_drill_everywhere(tmp_path: Path) -> None:
    place = office(tmp_path, step("here", COMMAND, auto=True), step("gate", "manual: {}"))
    (place / "answers.yaml").write_text("default: done\n", encoding="utf-8")
    said = bcp(place, "drill", "start", "outage", "--answers", "answers.yaml")
    assert said.returncode == 0, said.stderr
    assert not (place / "outside").exists()
    assert all(
        "DRILL" in line for line in said.stderr.splitlines() if "Begun" in line or "carried out" in line
    )
    (journal,) = (place / "incidents").glob("drill-*/journal.txt")
    assert all(line.startswith("DRILL  ") for line in journal.read_text(encoding="utf-8").splitlines())
    assert bcp(place, "incident", "list", "--json").stdout.strip() == "[]", "drills never count"
    assert status(place, "drill")["kind"] == "drill"
