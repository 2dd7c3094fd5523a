"""A wrong answer costs nothing: what follows from facts follows from their corrections, and the record says both."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bcp.action.base import Diagnosed
from bcp.event import unseal
from bcp.incident.journal_text import JournalWords
from bcp.incident.operator import KeyPressed
from bcp.incident.text import attested_facts, listed_facts, title_of
from bcp.runbook.plan import compile_plan
from bcp.validate import load
from tests.offices import Script, Sight, Stage, bcp, office_in, runbook, stage

PHASES = """
  - phase: A
    steps:
      - {step: look, title: Look at everything, by_hand: Do., diagnose: {}}
      - step: decide
        title: "Decide (this computer found: {fact:verdict})"
        by_hand: "It says {fact:verdict_found}."
        ask:
          questions:
            - {fact: verdict, ask: What is down?, type: choice, choices: [isp-down, gateway-down, ok]}
            - {fact: seen_by, ask: Who saw it?}
            - {fact: hint, ask: Any hint?, required: no}
      - {step: router, title: Restart the router, by_hand: Do., only_if: {fact: verdict, is: gateway-down}, manual: {}}
      - {step: line, title: Switch the line, by_hand: Do., only_if: {fact: verdict, is: isp-down}, manual: {}}
      - {step: tell, title: "Tell {fact:seen_by}", by_hand: Do., manual: {}}
"""
ANSWERS = {"verdict": "gateway-down", "seen_by": "Jan", "hint": None}


class Diagnosing(Sight):
    """Looks whose diagnosis is always that the provider's line is down."""

    def diagnose(self) -> Diagnosed:
        return Diagnosed("isp-down", ("UP the router",))


@pytest.fixture
def walked(tmp_path: Path) -> Stage:
    staged = stage(tmp_path, PHASES)
    staged.sight = Diagnosing()
    return staged


def outcomes(walked: Stage) -> dict[str, str | None]:
    return {name: step.outcome for name, step in walked.incident().steps.items()}


def log(walked: Stage) -> str:
    events = [unseal(row) for row in walked.log.rows(walked.stream)]
    words = JournalWords(events[0])
    return "\n".join(words.said(event) for event in events)


def again(**facts: str) -> KeyPressed:
    return KeyPressed("by-hand", facts={**{k: v for k, v in ANSWERS.items() if v}, **facts})


def test_what_the_computer_found_is_never_shown_as_what_a_person_said_nor_the_other_way(
    walked: Stage,
) -> None:
    person = Script({"tell": "pause"}, ANSWERS)
    walked.run(person)
    incident = walked.incident()
    assert incident.facts["verdict"] == "gateway-down" and incident.seen == {"verdict": "isp-down"}
    assert title_of(incident, incident["decide"]) == "Decide (this computer found: isp-down)"
    assert next(view for view in person.views if view.id == "decide").by_hand == "It says isp-down."
    assert listed_facts(incident)["verdict"] == "gateway-down  (this computer found: isp-down)"
    assert "verdict" in attested_facts(incident)


def test_going_back_corrects_an_answer_and_what_follows_by_it_is_to_be_done(walked: Stage) -> None:
    person = Script(
        {"tell": ["back", "pause"], "router": ["do", "back"], "decide": ["do", again(verdict="isp-down")]},
        ANSWERS,
    )
    stop = walked.run(person)
    assert stop.why == "paused"
    assert [view.id for view in person.views if view.mood == "back"] == ["router", "decide"]
    assert ("line", "do") in person.seen(), "it applies by now"
    assert outcomes(walked) == {
        "look": "done",
        "decide": "done",
        "router": "done",
        "line": "done",
        "tell": None,
    }
    assert "verdict = isp-down (before: gateway-down)" in log(walked)
    assert any("Switch the line" in line for line in person.told)


def test_what_was_left_out_by_a_wrong_answer_is_to_be_done_after_all(walked: Stage) -> None:
    walked.run(Script({"tell": "pause"}, {**ANSWERS, "verdict": "isp-down"}))
    assert outcomes(walked)["router"] == "not-applicable"
    person = Script({"tell": ["back", "pause"], "line": "back", "decide": again()}, {})
    walked.run(person)
    assert outcomes(walked)["router"] == "done" and ("router", "do") in person.seen()


def test_the_time_and_the_person_of_a_step_stay_when_only_an_answer_is_corrected(walked: Stage) -> None:
    walked.run(Script({"tell": "pause"}, ANSWERS))
    before = walked.incident()["decide"].at
    walked.clock.go_on(timedelta(hours=1))
    walked.run(
        Script({"tell": ["back", "pause"], "router": "back", "decide": again(seen_by="Ewa")}, {}), by="piotr"
    )
    step = walked.incident()["decide"]
    assert (step.at, step.by) == (before, "anna") and walked.incident().facts["seen_by"] == "Ewa"
    assert title_of(walked.incident(), walked.incident()["tell"]) == "Tell Ewa"


def test_a_step_that_was_skipped_by_mistake_is_done_after_all(walked: Stage) -> None:
    person = Script({"router": ["skipped", "do"], "tell": ["back", "pause"]}, ANSWERS)
    walked.run(person)
    assert outcomes(walked)["router"] == "done"
    assert "skipped: Restart the router" in log(walked) and "done: Restart the router" in log(walked)


def test_back_stays_at_the_first_step_and_leaving_it_as_it_is_writes_nothing(walked: Stage) -> None:
    walked.run(Script({"tell": "pause"}, ANSWERS))
    count = len(walked.kinds())
    person = Script(
        {"tell": ["back", "pause"], "router": "back", "decide": "back", "look": ["back", "go-on"]}, {}
    )
    walked.run(person)
    assert len(walked.kinds()) == count
    assert [view.has_before for view in person.views if view.id in ("look", "decide")] == [True, False, False]


def test_an_answer_that_nobody_knows_any_more_is_not_known(walked: Stage) -> None:
    walked.run(Script({"tell": "pause"}, ANSWERS))
    pressed = KeyPressed("by-hand", facts={"verdict": "gateway-down"}, unknown=("seen_by", "hint"))
    walked.run(Script({"tell": ["back", "pause"], "router": "back", "decide": pressed}, {}))
    assert "seen_by" not in walked.incident().facts
    assert "seen_by is not known (before: Jan)" in log(walked)


OFFICE = runbook(
    """
  - phase: A
    steps:
      - step: report
        title: Report it
        by_hand: Do.
        ask: {questions: [{fact: ticket, ask: Ticket?}, {fact: big, ask: Is it big?, type: yes-no}]}
      - {step: many, title: Call everybody, by_hand: Do., only_if: {fact: big, is: "yes"}, manual: {}}
      - {step: end, title: The end, by_hand: Do., manual: {}}
"""
)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    place = office_in(tmp_path / "office", outage=OFFICE)
    bcp(place, "incident", "start", "outage")
    return place


def facts(place: Path) -> dict[str, str]:
    return dict(json.loads(bcp(place, "incident", "status", "--json").stdout)["facts"])


def test_a_question_mark_means_not_known_in_a_correction_and_in_an_amendment(office: Path) -> None:
    bcp(office, "incident", "step", "done", "report", "--fact", "ticket=A1", "--fact", "big=no")
    assert (
        bcp(office, "incident", "step", "done", "report", "--correct", "--fact", "ticket=?").returncode == 0
    )
    assert facts(office) == {"big": "no"}
    assert bcp(office, "incident", "amend", "--fact", "ticket=A2").returncode == 0
    assert bcp(office, "incident", "amend", "--fact", "ticket= ? ", "--fact", "big=?").returncode == 0
    assert facts(office) == {}
    told = bcp(office, "incident", "log").stdout
    assert "ticket is not known (before: A1)" in told
    assert "left the runbook: ticket is not known (before: A2), big is not known (before: no)" in told


def test_a_correction_of_some_answers_leaves_the_others_and_the_record_says_both(office: Path) -> None:
    bcp(office, "incident", "step", "done", "report", "--fact", "ticket=A1", "--fact", "big=no")
    done = bcp(office, "incident", "step", "done", "report", "--correct", "--fact", "big=yes")
    assert facts(office) == {"ticket": "A1", "big": "yes"}
    assert (
        "big = yes (before: no)" in bcp(office, "incident", "log").stdout and "--correct" not in done.stderr
    )


def test_a_correction_says_what_is_to_be_done_now_and_what_not_any_more(office: Path) -> None:
    bcp(office, "incident", "step", "done", "report", "--fact", "ticket=A1", "--fact", "big=yes")
    done = bcp(office, "incident", "amend", "--fact", "big=no")
    assert "Not needed any more: Call everybody" in done.stderr
    assert "Call everybody" not in bcp(office, "incident", "amend", "--fact", "ticket=A2").stderr
    done = bcp(office, "incident", "step", "done", "report", "--correct", "--fact", "big=yes")
    assert "To be done now: Call everybody" in done.stderr


def test_what_a_step_answered_is_not_known_any_more_when_it_was_not_done_after_all(office: Path) -> None:
    bcp(office, "incident", "step", "done", "report", "--fact", "ticket=A1", "--fact", "big=no")
    done = bcp(office, "incident", "step", "failed", "report", "--correct", "--note", "it was the other line")
    assert done.returncode == 0 and facts(office) == {}


def test_a_plan_knows_which_of_its_steps_finds_out_by_itself(tmp_path: Path) -> None:
    place = office_in(tmp_path / "office", outage=runbook(PHASES))
    whole = load(place)
    plan = compile_plan("outage", whole.runbooks, whole.office)
    assert [step.id for step in plan.runbooks["outage"].steps() if step.finds] == ["look"]


def test_what_only_the_computer_says_is_said_so_and_attested_by_nobody(walked: Stage) -> None:
    walked.run(Script({"decide": "pause"}))
    incident = walked.incident()
    assert listed_facts(incident)["verdict"] == "isp-down  (this computer found it)"
    assert attested_facts(incident) == {}
