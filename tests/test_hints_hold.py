"""Hints fit what is there: each command that an answer names is given where it was named, and is not refused."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from bcp.command_words import placeholder_in
from tests import quick
from tests.hints import Text, hints, is_filled

READS = """
incident status
incident resume
incident note ""
runbook list
contact list
contact verify nobody
contact forget nobody
notice preview line-down
notice status
notice unknown
decision list
promise list
promise kept p9
cost list
followup list
claim calculate
line status
number list
place list
place mirror list
inbox fetch
print copies list
check list
""".strip().splitlines()
BEGUN = {
    "a new office": [],
    "an office without files": [],
    "one incident": ["incident start phone-outage"],
    "two incidents": ["incident start phone-outage", "incident start internet-outage"],
    "a drill": ["drill start internet-outage"],
    "a closed incident": ["incident start phone-outage", 'incident close --reason "false alarm"'],
}
AT_A_TERMINAL = (["incident", "start"], ["drill", "start"])
"""They ask which plan is meant."""


def bcp(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    # A new office has only the person who made it.
    is_sample = (folder / "status").is_dir()
    environ = {name: value for name, value in os.environ.items() if name != "BCP_PERSON"}
    environ |= {"BCP_PERSON": "anna"} if is_sample else {}
    return quick.run(words, folder, environ, subprocess.DEVNULL, timeout=60)


def made(folder: Path, kind: str) -> Path:
    sample = ["--sample"] if BEGUN[kind] else ["--yes"]
    assert bcp(folder, "init", *sample, "office").returncode == 0
    office = folder / "office"
    if kind == "an office without files":
        for name in ("runbooks", "checks", "contacts", "notices"):
            shutil.rmtree(office / name)
    for line in BEGUN[kind]:
        bcp(office, *shlex.split(line))
    return office


def commands(said: subprocess.CompletedProcess[str]) -> list[list[str]]:
    """What may be typed next; a value that a person fills in is not typed here."""
    lines = (said.stdout + said.stderr).splitlines()
    found = [hint.words for line in lines for hint in hints(Text("", line))]
    # `notice lint` finds mistakes in texts, and says so by its status.
    return [
        words
        for words in found
        if not any(map(is_filled, words))
        and not placeholder_in(words)
        and words not in AT_A_TERMINAL
        and words != ["notice", "lint"]
    ]


@pytest.mark.parametrize("kind", BEGUN)
def test_no_command_that_an_answer_names_is_refused_where_it_was_named(kind: str, tmp_path: Path) -> None:
    office = made(tmp_path, kind)
    refused, tried = [], set()
    of_it = [f"--incident={office_id(office)}"] if kind in ("two incidents", "a drill") else []
    for line in READS:
        words = shlex.split(line)
        named = of_it if words[0] in ("notice", "decision", "promise", "cost", "claim") else []
        for named_words in ([], named) if named else ([],):
            for command in commands(bcp(office, *words, *named_words)):
                if command[0] == "init" or command[:2] == ["check", "run"] or tuple(command) in tried:
                    continue
                tried.add(tuple(command))
                done = bcp(office, *command)
                if done.returncode in (1, 2, 3):
                    refused.append(f"{line}: bcp {shlex.join(command)}: {done.stderr.strip()}")
    assert not refused, "\n".join(refused)
    assert tried


def office_id(office: Path) -> str:
    return sorted(path.name for path in (office / "incidents").iterdir() if (path / "journal.txt").is_file())[
        0
    ]


def test_commands_that_lead_on_mean_the_incident_that_was_named(tmp_path: Path) -> None:
    office = made(tmp_path, "two incidents")
    incident = office_id(office)
    said = bcp(office, "cost", "list", "--incident", incident)
    assert f"Next: bcp cost add --incident {incident} " in said.stderr
    said = bcp(office, "promise", "kept", "p9", "--incident", incident)
    assert f"bcp promise add --incident {incident} " in said.stderr


def test_commands_that_lead_on_in_a_drill_are_those_of_drills(tmp_path: Path) -> None:
    office = made(tmp_path, "a drill")
    said = bcp(office, "drill", "step", "done", "nowhere", "--fact", "x=y")
    assert "bcp incident" not in said.stderr
    said = bcp(office, "drill", "note", "")
    assert 'bcp drill note "' in said.stderr


def test_an_office_without_channels_is_not_told_to_correct_them(tmp_path: Path) -> None:
    office = made(tmp_path, "one incident")
    assert not (office / "channels.yaml").exists()
    said = bcp(office, "notice", "test", "line-down", "--by", "anna")
    assert said.returncode == 0 and "channels.yaml" not in said.stderr
    assert "Nothing was sent: letters become files here" in said.stderr
    said = bcp(office, "inbox", "fetch")
    assert said.returncode == 2 and "this office has no channels.yaml" in said.stderr.lower()


def test_a_closed_incident_is_offered_only_where_there_is_one(tmp_path: Path) -> None:
    said = bcp(made(tmp_path, "a new office"), "cost", "list")
    assert said.returncode == 2 and "--incident ID" not in said.stderr


def test_where_nobody_wrote_and_there_are_no_contacts_none_are_asked_for(tmp_path: Path) -> None:
    office = made(tmp_path, "a new office")
    board = bcp(office, "inbox", "list")
    assert board.returncode == 0 and "REPLY" not in board.stderr
    checked = bcp(office, "contact", "check")
    assert "bcp contact import FILE" in checked.stderr and "verify" not in checked.stderr
