"""Answers: one of two wins, the same one twice is fine, a correction says what it corrects, times keep their order."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bcp.command_words import as_typed
from bcp.errors import InputError
from bcp.fact import Place
from bcp.incident import ownership
from bcp.incident.answer import StepOutcome, check_outcome, find, missing_facts, read_facts, settle
from bcp.incident.beaten import Beaten
from bcp.times import parse_moment
from tests.offices import Script, Stage, stage

PHASES = """
  - phase: A
    steps:
      - {step: look, title: Look, by_hand: Do., manual: {}}
      - step: ask
        title: Ask
        by_hand: Ask.
        ask: {questions: [{fact: phone, ask: Phone?, type: phone}, {fact: name, ask: Name?, required: no}]}
      - {step: call, title: Call, by_hand: Do., manual: {}}
  - phase: B
    steps:
      - step: mobile
        title: Mobile
        by_hand: Do.
        manual: {}
        undo: {title: Back, by_hand: Do., manual: {}}
"""


@pytest.fixture
def walked(tmp_path: Path) -> Stage:
    staged = stage(tmp_path, PHASES)
    staged.clock.go_on(timedelta(hours=2, seconds=30))  # 09:50:30 in Warsaw; it began at 07:50:00
    return staged


def say(
    walked: Stage, step: str, outcome: str = "done", by: str = "anna", at: str = "", **more: object
) -> int:
    """Answer through a book read anew; how many events that wrote."""
    now = walked.clock.now()
    moment = parse_moment(at, now, walked.incident().zone, past=True) if at else None
    answer = StepOutcome(outcome, by, at=moment, **more)  # type: ignore[arg-type]
    return len(settle(walked.book(), step, answer, now))


def test_of_two_answers_one_wins_and_the_other_is_told_who_was_first(walked: Stage) -> None:
    say(walked, "look", "done", "anna")
    with pytest.raises(Beaten, match=r'^"Look" was already answered: done by Anna Nowak at 09:50$') as lost:
        say(walked, "look", "skipped", "piotr", note="no need")
    command = f"bcp incident step skipped look --correct --note {as_typed(['no need'])}"
    assert lost.value.hint == f"what you said is kept as a note; to correct it: {command}"
    assert walked.incident()["look"].by == "anna"


def test_what_came_back_from_another_computer_can_be_written_by_who_read_it_before(walked: Stage) -> None:
    ownership.end(walked.book(), "anna", "bag.zip")
    old = walked.book()
    with pytest.raises(InputError, match="handed over to another computer"):
        settle(old, "look", StepOutcome("done", "piotr", ""), walked.clock.now())
    ownership.take(walked.book(), "anna")
    assert settle(old, "look", StepOutcome("done", "piotr", ""), walked.clock.now())


def test_the_loser_is_told_so_even_when_his_book_is_old(walked: Stage) -> None:
    old = walked.book()
    say(walked, "look", "done", "anna")
    with pytest.raises(Beaten):
        settle(old, "look", StepOutcome("failed", "piotr", "it broke"), walked.clock.now())


def test_the_same_answer_twice_is_fine_and_written_once(walked: Stage) -> None:
    assert (say(walked, "look"), say(walked, "look", by="piotr")) == (1, 0)
    assert walked.kinds().count("step.settled") == 1


def test_the_same_outcome_with_another_fact_is_another_answer(walked: Stage) -> None:
    say(walked, "ask", facts={"phone": "+48600000001"})
    assert say(walked, "ask", facts={"phone": "+48600000001"}) == 0
    with pytest.raises(Beaten):
        say(walked, "ask", facts={"phone": "+48600000002"})


def test_a_correction_is_a_new_event_that_names_the_one_it_corrects(walked: Stage) -> None:
    say(walked, "ask", facts={"phone": "+48600000001"})
    say(walked, "ask", facts={"phone": "+48600000002"}, correct=True, note="misread")
    first, second = [row.body for row in walked.log.rows(walked.stream)][-2:]
    assert '"corrects"' not in first
    assert '"corrects":2' in second
    assert walked.incident().facts == {"phone": "+48600000002"}


def test_a_step_that_was_put_off_takes_any_answer_without_a_correction(walked: Stage) -> None:
    say(walked, "look", "deferred", note="later")
    assert say(walked, "look") == 1


def test_a_closed_incident_takes_no_answer(walked: Stage) -> None:
    walked.write("incident.closed", {"open": [], "left": {}})
    with pytest.raises(InputError, match="is closed"):
        say(walked, "look")


def test_an_answer_about_a_deed_that_began_meanwhile_is_refused(walked: Stage) -> None:
    old = walked.book()
    walked.write("step.begun", {"step": "look", "title": "Look"}, "piotr")
    with pytest.raises(Beaten, match=r'^"Look" was begun by Piotr Lis at 09:50 meanwhile$'):
        settle(old, "look", StepOutcome("done", "anna"), walked.clock.now(), old.incident["look"].tries)


def test_an_undo_is_not_done_before_its_measure_is_in_force(walked: Stage) -> None:
    with pytest.raises(InputError, match='"Back" ends nothing'):
        say(walked, "mobile.undo")
    say(walked, "mobile", at="9:00")
    with pytest.raises(InputError, match='is before "Mobile"'):
        say(walked, "mobile.undo", at="8:59")
    assert say(walked, "mobile.undo", at="9:30") == 1


@pytest.mark.parametrize(
    ("step", "at", "sentence"),
    [
        ("look", "7:49", "before the incident began"),
        ("look", "2026-11-26 9:51", "still to come"),
        ("look", "9:01", r'is after "Call" \(done by Anna Nowak at 09:00\), which comes later'),
        ("ask", "8:29", r'is before "Look" \(done by Anna Nowak at 08:30\), which comes first'),
        ("mobile", "8:59", 'is before "Call"'),
    ],
)
def test_an_earlier_time_must_fit_the_start_and_the_order(
    walked: Stage, step: str, at: str, sentence: str
) -> None:
    if step != "look":
        say(walked, "look", at="8:30")
    say(walked, "call", at="9:00")
    with pytest.raises(InputError, match=sentence):
        say(walked, step, at=at)


def test_an_earlier_time_that_fits_is_kept_beside_the_time_of_writing(walked: Stage) -> None:
    say(walked, "look", at="8:30")
    say(walked, "call", at="9:00")
    say(walked, "ask", at="8:45", how="paper", facts={"phone": "+48600000001"}, recorded_by="piotr")
    step = walked.incident()["ask"]
    assert step.at is not None
    assert (f"{step.at:%H:%M}", step.by, step.recorded_by, step.how) == ("07:45", "anna", "piotr", "paper")


def test_times_are_told_to_the_minute_so_the_same_minute_is_no_disorder(walked: Stage) -> None:
    say(walked, "look")
    assert say(walked, "call", at="9:50") == 1


def test_a_minute_in_which_the_incident_began_is_not_before_it(tmp_path: Path) -> None:
    staged = Stage(stage(tmp_path, PHASES).office, stream="2026-11-26-outage-2")
    staged.clock.go_on(timedelta(seconds=40))
    late = Stage(staged.office, staged.clock, stream="2026-11-26-outage-3")
    assert late.incident().opened_at == datetime.fromisoformat("2026-11-26T06:50:40+00:00")
    assert say(late, "look", at="7:50") == 1


def test_an_unknown_step_is_told_with_the_nearest_names(walked: Stage) -> None:
    with pytest.raises(InputError, match='no step "mobil"') as caught:
        find(walked.incident(), "mobil")
    assert caught.value.hint == "did you mean mobile or mobile.undo?"
    with pytest.raises(InputError) as caught:
        find(walked.incident(), "zzzzz")
    assert caught.value.hint == "the steps: look, ask, call, mobile"


def test_facts_are_read_by_the_type_of_their_question(walked: Stage) -> None:
    place = Place("PL", walked.incident().zone, walked.clock.now())
    step = walked.incident()["ask"]
    assert read_facts(step, {"phone": "22 600 00 01"}, place) == {"phone": "+48226000001"}
    with pytest.raises(InputError, match=r'phone: "12": .*expected a phone number'):
        read_facts(step, {"phone": "12"}, place)
    with pytest.raises(InputError, match='does not ask for "ticket"') as caught:
        read_facts(step, {"ticket": "1"}, place)
    assert caught.value.hint == "it asks for: phone, name"
    assert missing_facts(step, {"name": "Ewa"}) == ["phone"]


@pytest.mark.parametrize(
    ("outcome", "note", "sentence"),
    [
        ("finished", "", '"finished" is no outcome'),
        ("skipped", " ", "the outcome skipped needs its reason"),
        ("deferred", "", "needs its reason"),
    ],
)
def test_an_outcome_is_one_of_five_and_needs_its_reason(outcome: str, note: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        check_outcome(outcome, note)
    check_outcome("done", "")


def test_a_step_answered_away_from_the_screen_is_not_asked_again(walked: Stage) -> None:
    say(walked, "look")
    say(walked, "mobile")
    person = Script(answers={"phone": "+48600000001"})
    walked.run(person)
    assert [view.id for view in person.views] == ["ask", "call"]
