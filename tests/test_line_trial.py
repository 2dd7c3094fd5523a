"""A trial of a line that really switches: who agrees, what it may call up, and what becomes of one that failed."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bcp.app.line.trial import LineTrial, try_line
from bcp.app.session import Session
from bcp.errors import InputError, StepFailed
from tests.children import needs_scripts
from tests.frozen import FrozenClock
from tests.offices import OFFICE, bcp, office_in, runbook
from tests.programs import appends
from tests.test_line import PHASES

CHECK = """\
check: internet
title: The internet
confirm: 1 look in 1s
probes: [{{tcp: {{host: 127.0.0.1, port: {port}}}}}]
"""


@dataclass
class Person:
    """Somebody at the desk who gives these answers in turn."""

    answers: list[bool]
    heard: list[str] = field(default_factory=list)

    def hear(self, text: str) -> None:
        self.heard.append(text)

    def agrees(self, question: str) -> bool:
        return self.answers.pop(0)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """An office with a line that a program switches and one that a person does; its internet is well."""
    phases = PHASES.replace("use: mobile", "use: lte").replace("by_hand:", "auto: yes\n        by_hand:", 1)
    made = office_in(tmp_path / "office", outage=runbook(phases))
    way = {
        word: json.loads(appends(word, tmp_path / "noted", unless=tmp_path / f"{word}.broken"))
        for word in ("use", "back")
    }
    lines = [
        {"line": "lte", "way": {"command": way}},
        {"line": "box", "way": {"by-hand": {"do": "On.", "back": "Off."}}},
    ]
    more = "".join(
        f"  - {json.dumps(line)}\n" for line in [*lines, {"line": "phone", "number": "+48226000001"}]
    )
    (made / "bcp.yaml").write_text(OFFICE + more, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as internet:
        check = CHECK.format(port=internet.getsockname()[1])
        (made / "checks" / "internet.yaml").write_text(check, encoding="utf-8")
        yield made


def trial(place: Path, line: str, *answers: bool) -> tuple[LineTrial | None, Person]:
    person = Person(list(answers))
    session = Session(str(place), {}, FrozenClock())
    return try_line(session, line, None, "anna", lambda check: None, switch=person), person


def noted(place: Path) -> list[str]:
    file = place.parent / "noted"
    return file.read_text().split() if file.exists() else []


def test_what_nobody_agreed_to_is_not_switched(place: Path) -> None:
    assert trial(place, "lte", False)[0] is None and noted(place) == []
    done = bcp(place, "line", "test", "lte", "--switch")
    assert done.returncode == 9 and "A person must agree" in done.stderr
    assert "never tested" in bcp(place, "line", "status").stdout


def test_a_line_is_not_called_up_where_nobody_could_see_that_it_led_out(place: Path) -> None:
    seen, _person = trial(place, "lte", True)
    assert seen is not None and seen.state == "stands by" and seen.carries
    assert "nobody can see from here" in seen.reason
    assert (
        seen.untried[0] == "that the office leads out over it"
        and "register over it: phone" in seen.untried[-1]
    )
    assert noted(place) == ["use", "back"]
    lte = json.loads(bcp(place, "line", "status", "--json").stdout)[1]
    assert lte["tested"]["state"] == "stands by" and lte["untried"] == list(seen.untried)


def test_a_person_switches_there_and_back_and_says_when_it_is_done(place: Path) -> None:
    seen, person = trial(place, "box", True, True, True)
    assert seen is not None and seen.state == "stands by" and person.heard[1:] == ["On.", "Off."]
    refused, person = trial(place, "box", True, False)
    assert refused is not None and refused.state == "down" and "Off." not in person.heard
    with pytest.raises(StepFailed, match=r"a person must: Off\."):
        trial(place, "box", True, True, False)


def test_a_trial_that_could_not_be_put_back_is_shown_until_it_is(place: Path) -> None:
    broken = place.parent / "back.broken"
    broken.touch()
    with pytest.raises(StepFailed, match="that could not be put back"):
        trial(place, "lte", True)
    assert "SWITCHED to lte for a trial" in bcp(place, "line", "status").stdout
    broken.unlink()
    with pytest.raises(InputError, match="no interface of its own"):
        try_line(Session(str(place), {}, FrozenClock()), "lte", None, "anna", lambda check: None)
    assert noted(place) == ["use", "back", "back"]
    assert "SWITCHED" not in bcp(place, "line", "status").stdout


def test_a_line_that_could_not_be_switched_to_is_down_and_put_back(place: Path) -> None:
    (place.parent / "use.broken").touch()
    seen, _person = trial(place, "lte", True)
    assert seen is not None and seen.state == "down" and not seen.carries and seen.untried == ()
    assert noted(place) == ["use", "back"]


def test_while_an_incident_has_switched_the_office_no_trial_does(place: Path) -> None:
    assert bcp(place, "incident", "start", "outage").returncode == 0
    with pytest.raises(InputError, match="the office is switched to lte"):
        trial(place, "lte", True)
    assert noted(place) == ["use"]


@needs_scripts
@pytest.mark.skipif(sys.platform != "linux", reason="reads the routes of Linux")
def test_it_is_seen_that_the_line_led_out_and_that_the_old_one_does_again(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Routes are played by an `ip` that tells what the two programs of the line wrote into a file."""
    out, programs = place.parent / "out", place.parent / "programs"
    programs.mkdir()
    (programs / "ip").write_text(f'#!/bin/sh\necho "1.1.1.1 dev $(cat {out})"\n')
    (programs / "ip").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")

    def line(use: str, back: str) -> None:
        way = {"use": ["sh", "-c", f"echo {use} >{out}"], "back": ["sh", "-c", f"echo {back} >{out}"]}
        told = {"line": "cable", "way": {"command": {**way, "interface": "lte0"}}}
        (place / "bcp.yaml").write_text(f"{OFFICE}  - {json.dumps(told)}\n", encoding="utf-8")
        out.write_text("dsl0\n")

    line("lte0", "dsl0")
    seen, _person = trial(place, "cable", True)
    assert seen is not None and seen.state == "up" and seen.untried == ()
    line("dsl0", "dsl0")
    seen, _person = trial(place, "cable", True)
    assert seen is not None and seen.state == "down" and "the way out is dsl0, not lte0" in seen.reason
    line("lte0", "lte0")
    with pytest.raises(StepFailed, match=r"could not be put back.*the way out is lte0"):
        trial(place, "cable", True)
