"""Every command that is printed works when it is pasted: one whole line is one command, in a real shell."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bcp.command_words import as_typed, placeholder_in
from bcp.errors import Exit
from tests.children import needs_shell
from tests.offices import bcp
from tests.test_duties import begun
from tools import docs

pytestmark = needs_shell

SCREENS = """
init --sample office
validate
runbook list
runbook show internet-outage
incident list
incident start nowhere
incident start internet-outage
incident start
incident status
incident resume
incident note ""
incident note "Orange rang"
incident log
incident step done nowhere
incident step done lights --fact colour=blue
incident amend --fact colour=blue
incident review
incident close
incident print -o copy.pdf
incident report -o report.md
incident verify
incident export -o export.zip
incident hand-over given.zip
incident take-over given.zip
decision list
decision answer where-to-work nothing
decision answer where-to-work all-stay
decision answer where-to-work all-stay
promise add "A modem" --from Netia --by tomorrow
promise list
promise kept p9
promise broken p1
cost add 20 Taxi
cost list
followup add "Buy a second SIM" --owner anna --due "in 2 weeks"
followup list
claim show
claim calculate
contact list
contact check
contact verify nobody
contact forget nobody
contact forget Halina
notice list
notice lint
notice preview line-down
notice preview line-down "key clients"
notice plan line-down clients
notice plan line-down "key clients"
notice send line-down clients
notice status
notice unknown
notice calls
notice called Halina told
notice called Halina nonsense
notice test line-down
inbox list
inbox fetch
line list
line status
line use nowhere
number list
number check
number published
place list
place status
place mirror list
place mirror refresh
print
print wallet -o "my wallet.pdf"
print verify 000000000000
print outdated
print copies list
check list
check status
drill list
drill start phone-outage
drill status
drill note ""
drill step done nowhere
support
note
nothing-of-the-kind
""".strip().splitlines()
"""Typed one after the other in one office whose folder and group have names that a shell would split."""

BEGINS = re.compile(r"(?<![\w./`'\"-])bcp (?=[a-z-])(?P<rest>.*)$|`(?P<marked>bcp [a-z-][^`]*)`")
NOT_GIVEN = ("watch", "demo", "init", "check run", "place mirror open", "place mirror refresh", "inbox fetch")
"""What does not end, asks the network for minutes, or makes a new office."""
RECORDER = """#!/bin/sh
for word in "$@"; do printf '%s\\0' "$word"; done > "$RECORDED.$$"
"""


def printed(said: subprocess.CompletedProcess[str]) -> Iterator[str]:
    """What a person would copy: from `bcp` to the end of the line, or what is marked as code in a sentence."""
    for line in (said.stdout + "\n" + said.stderr).splitlines():
        if line.lstrip().startswith("Usage: "):  # how a command is built, in the manner of all manuals
            continue
        for found in BEGINS.finditer(line):
            yield found["marked"] or "bcp " + found["rest"]


def pasted(line: str, folder: Path) -> list[list[str]]:
    """The words of each `bcp` that a real `sh` starts for this line; fails where it does anything else."""
    folder.mkdir()
    (folder / "here").mkdir()
    (folder / "bcp").write_text(RECORDER)
    (folder / "bcp").chmod(0o755)
    environ = {"PATH": f"{folder}:/usr/bin:/bin", "RECORDED": str(folder / "given")}
    ran = subprocess.run(
        ["sh", "-c", line], cwd=folder / "here", env=environ, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", ""), line
    assert not list((folder / "here").iterdir()), f"a shell wrote a file for: {line}"
    return [path.read_text().split("\0")[:-1] for path in sorted(folder.glob("given.*"))]


def wrong(words: list[str], said: subprocess.CompletedProcess[str]) -> str | None:
    """What is wrong with a command that was given as it was printed."""
    if said.returncode in (Exit.BUG, Exit.STORE) or "Traceback" in said.stderr:
        return said.stderr
    if placeholder_in(words):
        return None if said.returncode == Exit.INPUT and "only you know" in said.stderr else said.stderr
    if said.returncode == Exit.INPUT:
        refused = (
            "no such option",
            "unexpected extra argument",
            "got unexpected",
            "missing argument",
            "missing option",
        )
        return said.stderr if any(each in said.stderr.lower() for each in refused) else None
    return None


@pytest.fixture(scope="module")
def screens(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The office, and each line that was printed with the command that printed it."""
    folder = tmp_path_factory.mktemp("Ola's offices & bürö")
    office = folder / "office"
    found: dict[str, str] = {}

    def look(arguments: list[str], where: Path) -> None:
        for line in printed(bcp(where, *arguments, BCP_PERSON="anna")):
            found.setdefault(line, "bcp " + shlex.join(arguments))

    look(["init", "--sample", "office"], folder)
    clients = office / "contacts" / "clients.csv"
    clients.write_text(
        clients.read_text(encoding="utf-8").replace(",shops,", ",key clients,"), encoding="utf-8"
    )
    for screen in SCREENS[1:]:
        look(shlex.split(screen), office)
    for line, context in docs.walk():
        if not any(line.startswith(f"bcp {each}") for each in NOT_GIVEN) and not hasattr(
            context.command, "commands"
        ):
            look([*line.split()[1:], "--no-such-option"], office)
    look(["incident", "status"], folder)
    return office, found


def test_each_line_that_is_printed_is_one_command_of_a_real_shell(
    screens: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    office, found = screens
    offenders = []
    for number, (line, screen) in enumerate(found.items()):
        try:
            calls = pasted(line, tmp_path / str(number))
        except AssertionError as error:
            offenders.append(f"{screen}: {error}")
            continue
        if len(calls) != 1:
            offenders.append(f"{screen}: {line}: {calls}")
        elif not line.startswith(tuple(f"bcp {each}" for each in NOT_GIVEN)):
            said = bcp(office, *calls[0], BCP_PERSON="anna")
            if why := wrong(calls[0], said):
                offenders.append(f"{screen}: {line}: {why}")
    assert not offenders, "\n".join(offenders)
    assert len(found) > 80


def test_what_is_to_be_filled_in_is_a_word_in_capitals_or_in_quotes(
    screens: tuple[Path, dict[str, str]],
) -> None:
    _office, found = screens
    assert not [
        line for line in found if re.search(r"…|\.\.\.|[<>|;&]", re.sub(r"'[^']*'|\"[^\"]*\"", "", line))
    ]


def test_each_line_of_a_due_decision_decides_what_it_says(tmp_path: Path) -> None:
    for number, answer in enumerate(("plan-b", "stay")):
        staged = begun(tmp_path / f"the office {number}", timedelta(hours=5))
        for screen in (["incident", "status"], ["decision", "list"], ["check", "run"]):
            lines = [each for each in printed(bcp(staged.office, *screen)) if "decision answer" in each]
            assert [shlex.split(line)[4] for line in lines] == ["plan-b", "stay"], screen
        (words,) = pasted(lines[number], tmp_path / f"pasted {number}")
        bcp(staged.office, *words)
        (decision,) = json.loads(bcp(staged.office, "decision", "list", "--json").stdout)
        assert decision["answer"] == answer


def test_each_line_about_a_promise_settles_it_as_it_says(tmp_path: Path) -> None:
    for number, state in enumerate(("kept", "broken")):
        staged = begun(tmp_path / f"the office {number}", timedelta(hours=1))
        added = bcp(staged.office, "promise", "add", "A modem", "--from", "Netia", "--by", "tomorrow")
        lines = [each for each in printed(added) if "bcp promise" in each]
        assert len(lines) == 2
        (words,) = pasted(lines[number], tmp_path / f"pasted {number}")
        assert words == ["promise", state, "p1"]
        assert bcp(staged.office, *words).returncode in (0, 2), "before its time it is not broken"


@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_names_that_a_shell_would_split_are_quoted_for_each_shell(
    platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cmd.exe and PowerShell take apart is within double quotes; sh finds the very same words again."""
    names = ["key clients", "Ola's", "größe & co", "a;b|c", "(x)", "C:\\our office"]
    monkeypatch.setattr(sys, "platform", platform)
    line = as_typed(["bcp", "notice", "send", *names])
    if platform == "linux":
        assert shlex.split(line)[3:] == names
    else:
        assert re.findall(r'"([^"]*)"', line) == names
