"""A runbook inside a runbook: its steps have addresses of their own, below the step that entered it."""

from __future__ import annotations

from pathlib import Path

from tests.offices import Script, Stage, runbook, stage
from tests.programs import SUCCEEDS

TWICE = """
  - phase: A
    any_order: {any_order}
    steps:
      - {{step: one, title: One, by_hand: Do., auto: true, runbook: {{runbook: divert}}{more}}}
      - {{step: two, title: Two, by_hand: Do., auto: true, runbook: {{runbook: divert}}}}
  - phase: B
    steps:
      - {{step: last, title: Last, by_hand: Do., manual: {{}}}}
"""
DIVERT = runbook(
    """
  - phase: Divert
    within: 5m
    steps:
      - step: call
        title: Divert the calls
        by_hand: Dial.
        manual: {}
        undo: {title: Take the calls back, by_hand: Dial., manual: {}}
      - {step: deeper, title: Deeper, by_hand: Do., auto: true, runbook: {runbook: deep}}
""",
    "divert",
    "stand_down:\n  - {step: thank, title: Thank them, by_hand: Say it., manual: {}}",
)
DEEP = runbook(
    """
  - phase: Deep
    steps:
      - {step: run, title: Run, by_hand: Do., auto: true, command: {run: SUCCEEDS}}
""".replace("SUCCEEDS", SUCCEEDS),
    "deep",
)


def entered(tmp_path: Path, any_order: str = "false", more: str = "") -> Stage:
    phases = TWICE.format(any_order=any_order, more=more)
    return stage(tmp_path, phases, divert=DIVERT, deep=DEEP)


def test_a_runbook_entered_twice_has_its_steps_twice(tmp_path: Path) -> None:
    walked = entered(tmp_path)
    person = Script()
    assert walked.run(person).why == "carried-out"
    assert [view.id for view in person.views] == [
        *["one", "one/call", "one/deeper", "one/deeper/run"],
        *["two", "two/call", "two/deeper", "two/deeper/run", "last"],
    ]
    assert {step.outcome for phase in walked.incident().phases for step in phase.steps} == {"done"}


def test_each_entry_has_its_measure_and_its_stand_down(tmp_path: Path) -> None:
    walked = entered(tmp_path)
    walked.run()
    incident = walked.incident()
    assert [measure.step.id for measure in incident.in_force()] == ["one/call", "two/call"]
    assert [step.id for step in incident.stand_down] == ["two/thank", "one/thank"]


def test_the_time_box_of_a_runbook_begins_when_it_is_entered(tmp_path: Path) -> None:
    walked = entered(tmp_path)
    walked.clock.sleep(600)
    person = Script({"one/call": "pause"})
    walked.run(person)
    assert person.views[-1].left == "5 min left"


def test_what_runs_by_itself_does_so_below_an_entered_step_too(tmp_path: Path) -> None:
    walked = entered(tmp_path)
    stop = walked.alone()
    assert (stop.why, stop.step and stop.step.id) == ("person", "one/call")
    walked.run(Script({"two": "pause"}))
    assert walked.outcomes()["one"] == "done"
    assert walked.outcomes()["one/deeper/run"] == "done"


def test_in_any_order_both_are_entered_before_the_first_gate(tmp_path: Path) -> None:
    walked = entered(tmp_path, any_order="true")
    stop = walked.alone()
    assert (stop.why, stop.step and stop.step.id) == ("person", "one/call")
    assert {"one/call", "two/call"} == {step.id for step in walked.incident().next_steps()}


def test_an_entry_that_is_skipped_as_a_whole_takes_its_steps_with_it(tmp_path: Path) -> None:
    walked = entered(tmp_path)
    walked.run(Script({"one/call": "pause"}))
    walked.write("step.settled", {"step": "one", "title": "One", "outcome": "skipped", "note": "no need"})
    assert [step.id for step in walked.incident().next_steps()] == ["two"]
    assert [step.id for step in walked.incident().open_steps()] == ["two", "last"]


def test_an_entry_that_is_put_off_as_a_whole_is_gone_through_at_the_end(tmp_path: Path) -> None:
    walked = entered(tmp_path)
    walked.run(Script({"one/call": "pause"}))
    walked.write("step.settled", {"step": "one", "title": "One", "outcome": "deferred", "note": "later"})
    person = Script()
    assert walked.run(person).why == "carried-out"
    assert [view.id for view in person.views][-3:] == ["one/call", "one/deeper", "one/deeper/run"]
    assert walked.outcomes()["one"] == "done"
    assert len(walked.incident().phases) == 6, "nothing is laid out twice"


def test_entering_again_after_a_crash_finds_the_steps_as_they_are(tmp_path: Path) -> None:
    walked = entered(tmp_path)
    walked.run(Script({"one/call": "pause"}))
    walked.write("step.begun", {"step": "one", "title": "One"})
    walked.write("step.entered", {"step": "one", "title": "One", "runbook": "divert"})
    assert len(walked.incident().phases) == 3
    assert walked.run().why == "carried-out"


def test_an_expected_check_counts_when_all_steps_below_are_settled(tmp_path: Path) -> None:
    walked = entered(tmp_path, more=", expect: internet")
    walked.sight.states["internet"] = "down"
    walked.run(Script({"one": ["do", "pause"]}))
    assert walked.incident()["one"].waits.startswith("done, but the check internet is down")
    assert walked.alone().why == "failed", "and it is not looked at for ever"
    walked.sight.states["internet"] = "up"
    assert walked.run().why == "carried-out"


def test_a_runbook_may_be_carried_out_in_the_stand_down(tmp_path: Path) -> None:
    more = """
stand_down:
  - {step: back, title: Back, by_hand: Do., auto: true, runbook: {runbook: deep}}
  - {step: end, title: End, by_hand: Do., manual: {}}
"""
    walked = stage(
        tmp_path,
        "  - phase: A\n    steps:\n      - {step: a, title: A, by_hand: Do., manual: {}}",
        more,
        deep=DEEP,
    )
    walked.run()
    walked.write("closing.begun", {"open": []})
    person = Script()
    assert walked.run(person).why == "carried-out"
    assert [view.id for view in person.views] == ["back", "back/run", "end"]


def test_a_runbook_may_be_the_undo_of_a_measure(tmp_path: Path) -> None:
    phases = """
  - phase: A
    steps:
      - step: a
        title: A
        by_hand: Do.
        manual: {}
        undo: {title: Back, by_hand: Do., auto: true, runbook: {runbook: deep}}
"""
    walked = stage(tmp_path, phases, deep=DEEP)
    walked.run()
    walked.write("closing.begun", {"open": []})
    assert walked.alone().why == "carried-out"
    assert walked.outcomes() == {"a": "done", "a.undo": "done", "a.undo/run": "done"}
    assert walked.incident().in_force() == []
