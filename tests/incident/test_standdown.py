"""What was switched on is switched off: measures, their undos newest first, and closing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bcp.errors import InputError, SomethingDue
from bcp.incident import standdown
from bcp.incident.aim import UndoOf
from bcp.incident.answer import StepOutcome, settle
from tests.offices import Script, Stage, stage
from tests.programs import SUCCEEDS

PHASES = """
  - phase: A
    steps:
      - step: mobile
        title: Mobile internet on
        by_hand: Do.
        manual: {}
        undo: {title: Mobile internet off, by_hand: Do., manual: {}}
      - step: divert
        title: Divert the calls
        by_hand: Do.
        manual: {}
        undo: {title: Take the calls back, by_hand: Do., auto: true, command: {run: SUCCEEDS}}
      - {step: tell, title: Tell, by_hand: Do., manual: {}}
""".replace("SUCCEEDS", SUCCEEDS)
STAND_DOWN = "stand_down:\n  - {step: thank, title: Thank them, by_hand: Do., manual: {}}"


@pytest.fixture
def walked(tmp_path: Path) -> Stage:
    """Both measures are in force, and closing has not begun."""
    staged = stage(tmp_path, PHASES, STAND_DOWN)
    staged.run()
    return staged


def measures(walked: Stage) -> list[str]:
    return [measure.step.id for measure in walked.incident().in_force()]


def close(walked: Stage, guide: Script | None = None) -> Script:
    guide = guide or Script()
    book = walked.book()
    standdown.begin(book, "anna", "terminal")
    walked.walk(guide, book=book).run()
    return guide


def test_a_done_step_with_an_undo_is_a_measure_in_force(walked: Stage) -> None:
    assert measures(walked) == ["mobile", "divert"]


@pytest.mark.parametrize("outcome", ["failed", "skipped", "not-applicable", "deferred"])
def test_any_other_outcome_puts_nothing_in_force(tmp_path: Path, outcome: str) -> None:
    staged = stage(tmp_path, PHASES, STAND_DOWN)
    staged.run(Script({"mobile": outcome}))  # type: ignore[dict-item]
    assert measures(staged) == ["divert"]


def test_closing_leads_through_the_undos_newest_first_and_then_the_stand_down(walked: Stage) -> None:
    person = close(walked)
    assert [view.id for view in person.views] == ["divert.undo", "mobile.undo", "thank"]
    standdown.finish(walked.book(), "anna", "terminal")
    assert walked.incident().closed_at is not None
    assert measures(walked) == []


def test_the_list_of_what_is_left_to_do_is_in_the_order_of_closing(walked: Stage) -> None:
    person = close(walked, Script({"divert.undo": "pause"}))
    assert [step.id for step in walked.incident().closing_steps()] == ["divert.undo", "mobile.undo", "thank"]
    assert [(view.id, view.number) for view in person.views] == [("divert.undo", 1)]


def test_closing_over_a_measure_is_refused_with_the_two_ways_out(walked: Stage) -> None:
    close(walked, Script({"mobile.undo": "failed"}))
    with pytest.raises(SomethingDue, match=r'still in force: mobile \("Mobile internet on"\)') as caught:
        standdown.finish(walked.book(), "anna", "terminal")
    assert "bcp incident undo mobile" in caught.value.hint
    assert "--leave mobile --reason" in caught.value.hint


def test_a_measure_that_another_process_ended_meanwhile_is_not_called_in_force(walked: Stage) -> None:
    grown_old = walked.book()
    close(walked)
    standdown.finish(grown_old, "piotr", "terminal")
    assert walked.incident().closed_at is not None


def test_a_closing_that_another_process_ended_meanwhile_is_not_begun_in_silence(walked: Stage) -> None:
    standdown.begin(walked.book(), "anna", "terminal")
    grown_old = walked.book()
    close(walked)
    standdown.finish(walked.book(), "anna", "terminal")
    with pytest.raises(InputError, match="closed"):
        standdown.begin(grown_old, "piotr", "terminal")


def test_closing_names_the_newest_measure_in_force_first(walked: Stage) -> None:
    settle(walked.book(), "tell", StepOutcome("done", "anna"), walked.clock.now())
    with pytest.raises(SomethingDue, match=r"still in force: divert") as caught:
        standdown.finish(walked.book(), "anna", "terminal")
    assert "bcp incident undo divert" in caught.value.hint


@pytest.mark.parametrize(("outcome", "on"), [("done", []), ("not-applicable", []), ("skipped", ["mobile"])])
def test_only_done_and_not_applicable_end_a_measure(walked: Stage, outcome: str, on: list[str]) -> None:
    close(walked, Script({"mobile.undo": "do" if outcome == "done" else outcome}))  # type: ignore[dict-item]
    assert measures(walked) == on


def test_closing_again_offers_the_undo_that_did_not_end_its_measure(walked: Stage) -> None:
    close(walked, Script({"mobile.undo": "failed"}))
    assert [view.id for view in close(walked).views] == ["mobile.undo"]
    standdown.finish(walked.book(), "anna", "terminal")


def test_a_measure_that_is_left_has_its_reason_and_stays_listed(walked: Stage) -> None:
    book = walked.book()
    standdown.leave(book, {"mobile": "the line is not trusted yet"}, "anna", "terminal")
    assert [view.id for view in close(walked).views] == ["divert.undo", "thank"]
    standdown.finish(walked.book(), "anna", "terminal")
    (left,) = walked.incident().in_force()
    assert (left.step.id, left.left) == ("mobile", "the line is not trusted yet")
    assert walked.incident().closed_at is not None


def test_only_what_is_in_force_can_be_left(walked: Stage) -> None:
    with pytest.raises(InputError, match='no measure "tell" in force') as caught:
        standdown.leave(walked.book(), {"tell": "why"}, "anna", "terminal")
    assert caught.value.hint == "in force: mobile, divert"


def test_leaving_twice_for_the_same_reason_is_written_once(walked: Stage) -> None:
    for _ in range(2):
        standdown.leave(walked.book(), {"mobile": "r"}, "anna", "terminal")
    assert walked.kinds().count("measure.left") == 1


def test_with_nobody_there_the_automatic_undos_run_up_to_the_first_gate(walked: Stage) -> None:
    close(walked, Script(attended=False))
    assert measures(walked) == ["mobile"]


def test_closing_twice_at_once_closes_once(walked: Stage) -> None:
    close(walked)
    first, second = walked.book(), walked.book()
    standdown.finish(first, "anna", "terminal")
    with pytest.raises(InputError, match="closed already"):
        standdown.finish(second, "piotr", "terminal")
    assert walked.kinds().count("incident.closed") == 1


def test_a_correction_of_the_note_does_not_put_an_ended_measure_in_force_again(walked: Stage) -> None:
    close(walked)
    again = StepOutcome("done", "anna", "with the box from cabinet B", correct=True)
    settle(walked.book(), "mobile", again, walked.clock.now())
    assert measures(walked) == []


def test_a_step_corrected_from_done_to_failed_takes_its_measure_with_it(walked: Stage) -> None:
    answer = StepOutcome("failed", "anna", "it never worked", correct=True)
    settle(walked.book(), "mobile", answer, walked.clock.now())
    assert measures(walked) == ["divert"]
    settle(walked.book(), "mobile", StepOutcome("done", "anna", correct=True), walked.clock.now())
    assert measures(walked) == ["divert", "mobile"], "the newest is the one that was done last"


def test_what_was_not_carried_out_is_named_in_the_last_event(tmp_path: Path) -> None:
    staged = stage(tmp_path, PHASES, STAND_DOWN)
    staged.run(Script({"mobile": "deferred", "divert": "pause"}))
    book = staged.book()
    standdown.begin(book, "anna", "terminal")
    standdown.finish(book, "anna", "terminal", "a false alarm")
    last = list(staged.log.rows(staged.stream))[-1].body
    assert '"open":["divert","tell","mobile"]' in last
    assert '"reason":"a false alarm"' in last


def undo(walked: Stage, measure: str, guide: Script) -> Script:
    book = walked.book()
    walk = walked.walk(guide, book=book)
    walk.aim = UndoOf(next(each for each in book.incident.in_force() if each.step.id == measure))
    assert walk.run().why == "carried-out"
    return guide


def test_the_undo_of_one_measure_is_led_through_alone_and_what_a_program_does_is_asked_nothing(
    walked: Stage,
) -> None:
    assert undo(walked, "divert", Script()).views == []
    assert [view.id for view in undo(walked, "mobile", Script()).views] == ["mobile.undo"]
    assert measures(walked) == [] and not walked.incident().closing


@pytest.mark.parametrize("outcome", ["failed", "skipped", "deferred"])
def test_an_undo_that_is_not_done_is_left_at_that_and_carried_out_when_it_is_wanted_again(
    walked: Stage, outcome: str
) -> None:
    close(walked, Script({"divert.undo": "pause"}))
    for name in ("mobile", "divert"):
        settle(walked.book(), f"{name}.undo", StepOutcome(outcome, "anna", "not now"), walked.clock.now())
    book = walked.book()
    standdown.leave(book, {"mobile": "until Friday", "divert": "until Friday"}, "anna", "terminal")
    standdown.finish(book, "anna", "terminal")
    person = undo(walked, "mobile", Script({"mobile.undo": outcome}))  # type: ignore[dict-item]
    assert [view.id for view in person.views] == ["mobile.undo"]
    assert measures(walked) == ["mobile", "divert"]
    undo(walked, "divert", Script())
    undo(walked, "mobile", Script())
    assert measures(walked) == [] and walked.incident().closed_at is not None


def test_an_undo_that_may_have_been_done_is_not_repeated_before_a_person_said_what_happened(
    walked: Stage,
) -> None:
    walked.write("step.begun", {"step": "divert.undo", "title": "Take the calls back"})
    assert undo(walked, "divert", Script({"divert.undo": "by-hand"})).seen() == [("divert.undo", "doubt")]
    assert measures(walked) == ["mobile"]
