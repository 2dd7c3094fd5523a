"""only_if: a step that does not apply is told so; where nobody knows, a person decides and nothing runs alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.offices import Script, Stage, stage
from tests.programs import SUCCEEDS

ASK = """
      - step: ask
        title: What is down?
        by_hand: Look.
        ask: {questions: [{fact: verdict, ask: What?, type: choice, choices: [isp-down, ok], required: no}]}
"""


DEED = f"command: {{run: {SUCCEEDS}}}, auto: true"


def conditional(condition: str, action: str = DEED) -> str:
    return f"      - {{step: maybe, title: Maybe, by_hand: Do., only_if: {condition}, {action}}}\n"


def by_fact(tmp_path: Path) -> Stage:
    return stage(tmp_path, f"  - phase: A\n    steps:{ASK}{conditional('{fact: verdict, is: isp-down}')}")


def by_check(tmp_path: Path, more: str = DEED) -> Stage:
    return stage(tmp_path, f"  - phase: A\n    steps:\n{conditional('{check: internet, is: down}', more)}")


def test_a_fact_with_the_wanted_value_lets_the_step_run(tmp_path: Path) -> None:
    walked = by_fact(tmp_path)
    walked.run(Script(answers={"verdict": "isp-down"}))
    assert walked.outcomes() == {"ask": "done", "maybe": "done"}


def test_a_fact_with_another_value_settles_the_step_with_its_reason(tmp_path: Path) -> None:
    walked = by_fact(tmp_path)
    person = Script(answers={"verdict": "ok"})
    walked.run(person)
    step = walked.incident()["maybe"]
    assert (step.outcome, step.note) == ("not-applicable", "only if verdict is isp-down; it is ok")
    assert ("maybe", "do") not in person.seen()


def test_an_unknown_fact_is_a_question_to_a_person(tmp_path: Path) -> None:
    walked = by_fact(tmp_path)
    person = Script(answers={"verdict": None})
    walked.run(person)
    assert person.views[1].why == (
        "It is not known whether this step applies: only if verdict is isp-down; it is not known"
    )


def test_a_step_never_runs_alone_while_nobody_knows_whether_it_applies(tmp_path: Path) -> None:
    walked = by_fact(tmp_path)
    walked.run(Script({"ask": "skipped", "maybe": "pause"}))
    stop = walked.alone()
    assert (stop.why, stop.step and stop.step.id) == ("person", "maybe")
    assert "step.begun" not in walked.kinds()


def test_a_check_is_looked_at_once_a_walk(tmp_path: Path) -> None:
    walked = by_check(tmp_path, "manual: {}")
    walked.sight.states["internet"] = "down"
    walked.run(Script({"maybe": ["note", "note", "do"]}))
    assert walked.sight.looked == ["internet"]
    assert walked.outcomes() == {"maybe": "done"}


def test_a_check_in_another_state_settles_the_step_with_nobody_there(tmp_path: Path) -> None:
    walked = by_check(tmp_path)
    assert walked.alone().why == "carried-out"
    step = walked.incident()["maybe"]
    assert (step.outcome, step.note) == ("not-applicable", "only if the check internet is down")


def test_a_check_that_cannot_tell_is_a_gate(tmp_path: Path) -> None:
    walked = by_check(tmp_path)
    walked.sight.states["internet"] = "inconclusive"
    assert walked.alone().why == "person"
    assert "step.begun" not in walked.kinds()
    person = Script()
    walked.run(person)
    assert person.views[0].why == (
        "It is not known whether this step applies: only if the check internet is down"
    )


@pytest.mark.parametrize("state", ["up", "inconclusive"])
def test_a_deed_that_began_is_in_doubt_even_when_its_condition_no_longer_holds(
    tmp_path: Path, state: str
) -> None:
    """The internet may be up again just because the step that puts the office on mobile internet succeeded."""
    walked = by_check(tmp_path)
    walked.write("step.begun", {"step": "maybe", "title": "Maybe"})
    walked.sight.states["internet"] = state  # type: ignore[assignment]
    assert walked.alone().why == "person"
    person = Script({"maybe": "by-hand"})
    walked.run(person)
    assert person.seen() == [("maybe", "doubt")]
    assert walked.outcomes() == {"maybe": "done"}
