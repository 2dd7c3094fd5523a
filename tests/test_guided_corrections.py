"""A wrong answer is corrected at a terminal: by going back on the guided screen, and by a command that asks again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.offices import bcp, office_in, runbook
from tests.test_guided import Terminal

PHASES = """
  - phase: A
    steps:
      - step: report
        title: Report the fault
        by_hand: Dial and say it.
        ask:
          questions:
            - {fact: dialled, ask: Which number did you dial?, type: phone}
            - {fact: big, ask: Is it big?, type: yes-no}
            - {fact: ticket, ask: Ticket number?, required: no}
      - {step: many, title: Call everybody, by_hand: Do., only_if: {fact: big, is: "yes"}, manual: {}}
      - {step: few, title: Call the lead, by_hand: Do., only_if: {fact: big, is: "no"}, manual: {}}
      - {step: end, title: "Say {fact:ticket}", by_hand: Do., manual: {}}
"""
Sit = Callable[..., Terminal]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return office_in(tmp_path / "office", outage=runbook(PHASES))


@pytest.fixture
def sit(place: Path) -> Iterator[Sit]:
    terminals: list[Terminal] = []

    def begin(*arguments: str, **environ: str) -> Terminal:
        terminals.append(Terminal(place, *arguments, height=24, **environ))
        return terminals[-1]

    yield begin
    for each in terminals:
        each.child.close(force=True)


def status(place: Path) -> dict[str, object]:
    return dict(json.loads(bcp(place, "incident", "status", "--json").stdout))


def test_back_goes_to_the_step_before_and_asks_it_again_with_the_old_answers(place: Path, sit: Sit) -> None:
    person = sit("incident", "start", "outage")
    person.sees("Step 1 of 4").types("").sees("dial?").types("22 600 00 01").sees("big?").types("1")
    person.sees("Ticket").types("INC-1").sees("Step 2 of 4", "Call everybody", "[b] back").types("b")
    person.sees("Step 1 of 4", "You are back at this step: done by Anna Nowak", "[Enter] answer it again")
    person.sees("[g] go on, it is right").types("")
    person.sees("dial?", "[Enter] +48226000001").types("").sees("big?", "[Enter] yes").types("2")
    person.sees("Ticket number?", "[Enter] INC-1   [?] not known").types("?")
    person.sees(
        "Corrected: Report the fault", "To be done now: Call the lead", "Step 3 of 4", "Call the lead"
    )
    person.types("").sees("Say ______").types("b").sees("Call the lead", "it stays done").types("")
    person.sees("Nothing was changed.", "Say ______").types("")
    assert person.ends() == 0
    assert status(place)["facts"] == {"dialled": "+48226000001", "big": "no"}
    told = bcp(place, "incident", "log").stdout
    assert "big = no (before: yes)" in told and "ticket is not known (before: INC-1)" in told


def test_the_first_step_has_nothing_to_go_back_to(place: Path, sit: Sit) -> None:
    person = sit("incident", "start", "outage")
    person.sees("Step 1 of 4").types("b").sees("That is none of the keys").types("p")
    assert person.ends() == 0


def test_a_correction_by_command_asks_again_at_a_terminal(place: Path, sit: Sit) -> None:
    bcp(place, "incident", "start", "outage")
    bcp(place, "incident", "step", "done", "report", "--fact", "dialled=22 600 00 01", "--fact", "big=yes")
    person = sit("incident", "step", "done", "report", "--correct")
    person.sees("dial?", "[Enter] +48226000001").types("").sees("big?", "[Enter] yes").types("no")
    person.sees("Ticket number?", "[Enter] not known").types("INC-2")
    person.sees("Written down.", "To be done now: Call the lead")
    assert person.ends() == 0
    assert status(place)["facts"] == {"dialled": "+48226000001", "big": "no", "ticket": "INC-2"}
    same = sit("incident", "step", "done", "report", "--correct")
    same.types("").types("").types("").sees("nothing changed")
    assert same.ends() == 0


def test_a_key_pressed_at_a_question_chooses_nothing_and_a_beginning_is_said_in_full(
    tmp_path: Path, sit: Sit
) -> None:
    choices = "[isp-down, gateway-down, ok]"
    step = "{step: say, title: Say it, by_hand: Do., ask: {questions: ["
    asked = f"{{fact: what, ask: What is it?, type: choice, choices: {choices}}}, {{fact: who, ask: Who?}}"
    phases = f"\n  - phase: A\n    steps:\n      - {step}{asked}]}}}}\n"
    place = office_in(tmp_path / "other", outage=runbook(phases))
    person = sit("--office", str(place), "incident", "start", "outage")
    person.sees("Say it").types("").sees("What is it?").types("g").sees("Expected one of: isp-down").types(
        "i"
    )
    person.sees("Expected one of: isp-down").types("gat").sees("  gateway-down").sees("Who?").types("?")
    person.sees("  Kept as not known.")
    assert person.ends() == 0
    assert status(place)["facts"] == {"what": "gateway-down"}
