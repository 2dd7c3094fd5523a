"""A deed that began and did not finish is in doubt: never silently repeated, never silently failed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bcp.incident.view import shown, status
from bcp.store.hold import NoHolds
from tests.offices import Script, Stage, stage
from tests.programs import appends


def begun(tmp_path: Path, action: str, more: str = "", auto: str = "true") -> Stage:
    """An incident whose only step was begun by a process that died."""
    step = f"{{step: a, title: Switch, by_hand: Do., auto: {auto}, {action}{more}}}"
    walked = stage(tmp_path, f"  - phase: A\n    steps:\n      - {step}")
    walked.write("step.begun", {"step": "a", "title": "Switch"}, "piotr")
    walked.clock.go_on(timedelta(minutes=7))
    return walked


def touch(tmp_path: Path) -> str:
    return f"command: {{run: {appends('done', tmp_path / 'deed')}}}"


def test_it_is_shown_as_in_doubt_and_not_as_running(tmp_path: Path) -> None:
    walked = begun(tmp_path, touch(tmp_path))
    incident = walked.incident()
    assert shown(incident["a"], lambda step: walked.holds.is_held(incident.id, step.id)) == "in-doubt"
    with walked.holds.hold(incident.id, "a"):
        told = status(incident, walked.clock.now(), lambda step: walked.holds.is_held(incident.id, step.id))
    assert told["phases"][0]["steps"][0]["outcome"] == "running"


def test_a_deed_that_must_not_be_repeated_is_a_question_and_not_done_again(tmp_path: Path) -> None:
    walked = begun(tmp_path, touch(tmp_path))
    for _ in range(3):
        assert walked.alone().why == "person"
    assert not (tmp_path / "deed").exists()
    assert walked.kinds().count("step.begun") == 1
    person = Script({"a": "pause"})
    walked.run(person)
    assert person.views[0].mood == "doubt"
    assert person.views[0].why == (
        "It began at 07:50 (Piotr Lis) and nobody knows how it ended. "
        "Find out what happened before it is done again."
    )


def test_the_expected_check_is_shown_to_help(tmp_path: Path) -> None:
    walked = begun(tmp_path, touch(tmp_path), ", expect: internet")
    person = Script({"a": "pause"})
    walked.run(person)
    assert person.views[0].why.endswith("The check internet is up: a test says up")


@pytest.mark.parametrize(
    ("key", "outcome"), [("by-hand", "done"), ("failed", "failed"), ("skipped", "skipped")]
)
def test_the_person_says_what_became_of_it(tmp_path: Path, key: str, outcome: str) -> None:
    walked = begun(tmp_path, touch(tmp_path))
    walked.run(Script({"a": key}))  # type: ignore[dict-item]
    assert walked.outcomes() == {"a": outcome}
    assert not (tmp_path / "deed").exists()


def test_the_person_may_say_that_it_is_to_be_done_again(tmp_path: Path) -> None:
    walked = begun(tmp_path, touch(tmp_path))
    walked.run(Script({"a": "do"}))
    assert walked.outcomes() == {"a": "done"}
    assert (tmp_path / "deed").exists()
    assert walked.kinds().count("step.begun") == 2


def test_a_deed_that_may_be_repeated_runs_again_by_itself(tmp_path: Path) -> None:
    action = touch(tmp_path).replace("]}", "], repeatable: yes}")
    walked = begun(tmp_path, action)
    assert walked.alone().why == "carried-out"
    assert (tmp_path / "deed").exists()


def test_a_repeatable_deed_that_is_not_auto_waits_for_a_person_to_go_on(tmp_path: Path) -> None:
    walked = begun(tmp_path, touch(tmp_path).replace("]}", "], repeatable: yes}"), auto="false")
    assert walked.alone().why == "person"
    assert not (tmp_path / "deed").exists()
    person = Script()
    assert walked.run(person).why == "carried-out"
    assert "It was begun and not finished; repeating it does no harm: Switch" in person.told


def test_a_wait_that_died_before_it_was_stored_is_simply_begun_again(tmp_path: Path) -> None:
    walked = begun(tmp_path, "wait: {for: 10m}")
    assert walked.alone().why == "person"
    assert walked.incident()["a"].until == walked.clock.now() + timedelta(minutes=10)


def test_a_try_that_failed_is_no_longer_in_doubt(tmp_path: Path) -> None:
    walked = begun(tmp_path, touch(tmp_path))
    walked.write(
        "step.tried", {"step": "a", "title": "Switch", "why": "it broke", "unsure": True, "evidence": {}}
    )
    step = walked.incident()["a"]
    assert (step.shown, step.failed_try, step.unsure) == ("waiting", True, True)


@dataclass
class LettingGo(NoHolds):
    """The other process lets go of the step right behind its last event, just before it is asked who holds it."""

    end: Callable[[], None]
    ended: bool = False

    def is_held(self, incident: str, step: str) -> bool:
        if not self.ended:
            self.ended = True
            self.end()
        return False


@pytest.mark.parametrize("attended", [True, False])
def test_what_another_process_ended_just_now_is_not_in_doubt(tmp_path: Path, attended: bool) -> None:
    walked = begun(tmp_path, touch(tmp_path))
    end = {"step": "a", "title": "Switch", "outcome": "done"}
    walked.holds = LettingGo(lambda: walked.write("step.settled", end, "piotr"))
    person = Script(attended=attended)
    assert walked.run(person).why == "carried-out"
    assert (person.views, walked.outcomes()["a"]) == ([], "done")
