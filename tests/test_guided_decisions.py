"""A decision that is due is answered on the guided screen, and nobody closes over it without being asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.offices import bcp, office_in, runbook
from tests.test_guided import Terminal

MAIN = runbook(
    """
  - phase: A
    steps:
      - {step: look, title: Look at it, by_hand: Do., manual: {}}
      - {step: end, title: The end, by_hand: Do., manual: {}}
""",
    more="""
decisions:
  - decision: big
    question: Do we go big?
    at: 4h
    or_cost: 10.00 PLN
    answers: [{answer: plan-b, runbook: plan-b}, {answer: stay}]
    default: stay
""",
)
PLAN_B = runbook(
    "  - {phase: B, steps: [{step: move, title: Move out, by_hand: Do., manual: {}}]}", name="plan-b"
)
Sit = Callable[..., Terminal]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An incident with a decision that is due."""
    office = office_in(tmp_path / "office", outage=MAIN, plan_b=PLAN_B)
    bcp(office, "incident", "start", "outage")
    bcp(office, "cost", "add", "12.00 PLN", "a SIM card")
    assert bcp(office, "incident", "status").returncode == 8
    return office


@pytest.fixture
def sit(place: Path) -> Iterator[Sit]:
    terminals: list[Terminal] = []

    def begin(*arguments: str) -> Terminal:
        terminals.append(Terminal(place, *arguments, height=24))
        return terminals[-1]

    yield begin
    for each in terminals:
        each.child.close(force=True)


def decision(place: Path) -> dict[str, str]:
    (only,) = json.loads(bcp(place, "decision", "list", "--json").stdout)
    return dict(only)


def test_a_due_decision_has_its_key_on_the_screen_and_its_steps_come_first(place: Path, sit: Sit) -> None:
    person = sit("incident", "resume")
    person.sees("DUE", "Do we go big?", "[c]", "Look at it", "[c] decide").types("c")
    person.sees("Do we go big?", "1  plan-b (goes on with: The line is dead)", "2  stay").types("7")
    person.sees("none of the answers").types("").sees("[c] decide").types("c").types("1 they gave up")
    person.sees("Decided: plan-b", "Move out").types("").sees("Look at it").types("c").sees(
        "none of the keys"
    )
    person.types("p")
    assert person.ends() == 0
    assert decision(place)["answer"] == "plan-b"
    assert "they gave up" in bcp(place, "incident", "log").stdout


def test_closing_over_a_due_decision_asks_first(place: Path, sit: Sit) -> None:
    person = sit("incident", "close", "--reason", "false alarm")
    person.sees("A decision is due", "Do we go big?", "2  stay", "x: close without deciding").types("")
    person.sees("decide:", "bcp decision answer big plan-b")
    assert person.ends() == 9
    person = sit("incident", "close", "--reason", "false alarm")
    person.sees("Do we go big?").types("2").sees("Closed: ", "look back").types("n")
    assert person.ends() == 0
    assert decision(place)["answer"] == "stay"


def test_a_person_may_close_without_deciding(place: Path, sit: Sit) -> None:
    person = sit("incident", "close", "--reason", "false alarm")
    person.sees("Do we go big?").types("x").sees("Closed: ", "look back").types("n")
    assert person.ends() == 0
    assert "nobody decided" in bcp(place, "incident", "report").stdout


def test_with_nobody_there_a_due_decision_keeps_an_incident_open_unless_a_reason_is_given(
    place: Path,
) -> None:
    bcp(place, "incident", "step", "done", "look")
    bcp(place, "incident", "step", "done", "end")
    refused = bcp(place, "incident", "close")
    assert (
        refused.returncode == 9 and "Do we go big?" in refused.stderr and '--reason "why"' in refused.stderr
    )
    assert json.loads(bcp(place, "incident", "status", "--json").stdout)["state"] == "open"
    assert bcp(place, "incident", "close", "--reason", "it works again").returncode == 0


def test_when_all_steps_are_carried_out_what_is_due_is_still_told(place: Path) -> None:
    bcp(place, "incident", "step", "done", "look")
    bcp(place, "incident", "step", "done", "end")
    told = bcp(place, "incident", "resume")
    assert "All steps are carried out." in told.stderr and "Do we go big?" in told.stderr
