"""What a dry run shows: each condition and way back, decisions, the end, and how much each role has to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.offices import bcp, office_in, runbook
from tests.test_guided import Terminal

PHASES = """
  - phase: First 15 minutes
    within: 15m
    pause: Read aloud who leads.
    steps:
      - {step: look, title: Look at the router, by_hand: Look., manual: {}}
      - step: ask
        title: Ask what it is
        by_hand: Ask.
        ask:
          questions:
            - {fact: source, ask: Where does it come from?, type: choice, choices: [pipe, rain, unknown]}
            - {fact: sure, ask: Is that sure?, type: yes-no}
      - step: pump
        title: Start the pump
        by_hand: Start it.
        manual: {}
        sets: {pumping: yes}
        expect: internet
        undo: {title: Stop the pump, by_hand: Stop it., manual: {}}
      - {step: plumber, title: Call the plumber, who: deputy, by_hand: Call., manual: {},
         only_if: {fact: source, is: [rain, unknown]}}
      - {step: dry, title: Dry it, by_hand: Dry., manual: {}, only_if: {fact: pumping, is: yes}}
      - {step: again, title: Look again, by_hand: Look., manual: {}, only_if: {check: internet, is: down}}
      - {step: sure, title: Trust it, by_hand: Trust., manual: {}, only_if: {fact: sure, is: yes}}
  - phase: First hour
    within: 1h
    steps:
      - {step: wait, title: Wait, by_hand: Wait., wait: {for: 10m}, auto: yes}
      - {step: find, title: Find out, by_hand: Find., diagnose: {}}
      - {step: isp, title: Call the provider, by_hand: Call., manual: {}, only_if: {fact: verdict, is: isp-down}}
"""
MORE = """
decisions:
  - decision: move
    question: It is still wet. Do we move?
    who: lead
    at: 4h
    or_broken_promises: 2
    or_cost: 500.00 EUR
    answers: [{answer: move-out, runbook: other}, {answer: stay}]
    default: move-out
stand_down:
  - {step: insurer, title: Report the damage, who: deputy, by_hand: Write., manual: {}}
"""
OTHER = runbook("""
  - phase: Only
    steps:
      - {step: carry, title: Carry, by_hand: Carry., manual: {}}
""", name="other")  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = office_in(
        tmp_path_factory.mktemp("dry") / "office", outage=runbook(PHASES, more=MORE), other=OTHER
    )
    text = (folder / "bcp.yaml").read_text(encoding="utf-8")
    deputy = "  - {role: deputy, owner: piotr}\nlines:"
    (folder / "bcp.yaml").write_text(text.replace("lines:", deputy), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def shown(office: Path) -> str:
    said = bcp(office, "incident", "start", "outage", "--dry-run")
    assert said.returncode == 0, said.stderr
    return said.stdout


def of_step(shown: str, head: str) -> list[str]:
    """The lines below a step."""
    lines = shown.splitlines()
    at = lines.index(f"  {head}") + 1
    end = next(number for number in range(at, len(lines) + 1) if not lines[number].startswith("      "))
    return [line.strip() for line in lines[at:end]]


def test_a_condition_is_said_by_the_question_the_deed_the_cause_or_the_check(shown: str) -> None:
    assert "only if the answer to “Where does it come from?” is rain or unknown" in of_step(
        shown, "plumber: Call the plumber"
    )
    assert "only if this was done: Start the pump" in of_step(shown, "dry: Dry it")
    assert 'only if the check "internet" is down' in of_step(shown, "again: Look again")
    assert "only if the answer to “Is that sure?” is yes" in of_step(shown, "sure: Trust it")
    assert "only if the cause is isp-down (the provider's line)" in of_step(shown, "isp: Call the provider")


def test_a_step_whose_condition_does_not_hold_in_this_run_says_so(shown: str) -> None:
    assert "does not apply in this run" in of_step(shown, "plumber: Call the plumber")
    assert "does not apply in this run" not in of_step(shown, "dry: Dry it")


def test_what_has_to_be_up_and_switched_back_stands_with_the_step(shown: str) -> None:
    lines = of_step(shown, "pump: Start the pump")
    assert "must be up afterwards: internet" in lines
    assert "switching back: Stop the pump (Do it by hand)" in lines
    assert "  first: Read aloud who leads." in shown.splitlines()


def test_decisions_stand_with_who_when_and_what_each_answer_does(shown: str) -> None:
    assert of_step(shown, "move: It is still wet. Do we move?") == [
        "lead: 4 h after the start; or after 2 broken promises; or once it has cost 500.00 EUR",
        "move-out: starts the plan other (prepared if nobody answers)",
        "stay: nothing is started",
    ]


def test_the_end_has_what_is_switched_back_and_the_last_steps(shown: str) -> None:
    end = shown.partition("When it is over")[2]
    assert end.index("pump.undo: Stop the pump") < end.index("insurer: Report the damage")


def test_each_role_has_its_steps_counted_by_deadline_and_no_time_is_made_up(shown: str) -> None:
    sums = shown.partition("People needed: deputy, lead\n")[2].splitlines()
    assert sums[:3] == [
        "  lead:   6 steps by hand within 15 min (2 min 30 s each at most)",
        "          1 step by hand within 1 h (45 min each at most)",
        "  deputy: 1 step by hand within 15 min (15 min each at most)",
    ]
    assert "Nobody has written down how long the steps take. A drill shows it." in sums[3]
    assert "The phases end after 1 h: within the target of 8 h." in shown


def test_at_a_terminal_no_line_is_longer_than_80_columns(office: Path) -> None:
    person = Terminal(office, "incident", "start", "outage", "--dry-run", width=120)
    assert person.ends() == 0
    lines = str(person.child.before).splitlines()
    assert len(lines) > 50
    assert [line for line in lines if len(line) > 80 and "bcp " not in line] == []
