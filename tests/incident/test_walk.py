"""The walk: which step comes when, who is asked, and what is written."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from bcp.incident.engine import Stop
from bcp.incident.operator import KeyPressed
from bcp.outside import Program, Ran
from bcp.world.real import Real
from bcp.world.secret import Secrets
from tests.frozen import FrozenClock
from tests.offices import Script, Stage, stage
from tests.programs import NAME, SUCCEEDS, appends

TWO_PHASES = """
  - phase: First 15 minutes
    within: 15m
    steps:
      - {step: look, title: Look, by_hand: Look., manual: {}}
      - {step: call, title: Call, by_hand: Call., manual: {}}
  - phase: First hour
    within: 1h
    steps:
      - {step: tell, title: Tell, by_hand: Tell., manual: {}}
"""


def seq(stop: Stop) -> tuple[str, str]:
    return stop.why, stop.step.id if stop.step else ""


def command(name: str, office: Path, more: str = "", auto: bool = True) -> str:
    """A step that appends its name to a file: what is in that file was really done."""
    run = appends(name, office / "outside", unless=office / f"broken-{name}")
    parts = f"step: {name}, title: Do {name}, by_hand: Do it., auto: {str(auto).lower()}"
    return f"      - {{{parts}, command: {{run: {run}}}{more}}}"


def done_outside(office: Path) -> list[str]:
    file = office / "outside"
    return file.read_text(encoding="utf-8").split() if file.exists() else []


def test_steps_come_in_their_order_and_the_end_is_told(tmp_path: Path) -> None:
    person = Script()
    walked = stage(tmp_path, TWO_PHASES)
    assert walked.run(person) == Stop("carried-out")
    assert person.seen() == [("look", "do"), ("call", "do"), ("tell", "do")]
    assert walked.outcomes() == {"look": "done", "call": "done", "tell": "done"}


def test_what_is_shown_says_where_in_the_runbook_it_stands(tmp_path: Path) -> None:
    person = Script()
    walked = stage(tmp_path, TWO_PHASES)
    walked.clock.go_on(timedelta(minutes=20))
    walked.run(person)
    first, _, last = person.views
    assert (first.number, first.total, first.phase, first.left, first.late) == (
        1, 3, "First 15 minutes", "5 min late", True,
    )  # fmt: skip
    assert (last.number, last.phase, last.left, last.late) == (3, "First hour", "40 min left", False)


def test_a_pause_is_a_place_to_go_on_from_in_another_process(tmp_path: Path) -> None:
    walked = stage(tmp_path, TWO_PHASES)
    assert seq(walked.run(Script({"call": "pause"}))) == ("paused", "call")
    second = Script()
    assert walked.run(second, by="piotr").why == "carried-out"
    assert [view.id for view in second.views] == ["call", "tell"]
    assert walked.incident()["call"].by == "piotr"


@pytest.mark.parametrize("outcome", ["failed", "skipped", "not-applicable"])
def test_every_other_outcome_keeps_its_reason_and_the_walk_goes_on(tmp_path: Path, outcome: str) -> None:
    walked = stage(tmp_path, TWO_PHASES)
    assert walked.run(Script({"call": outcome})).why == "carried-out"  # type: ignore[dict-item]
    assert (walked.incident()["call"].outcome, walked.incident()["call"].note) == (outcome, "reason of call")


def test_a_note_is_written_down_and_the_step_is_asked_again(tmp_path: Path) -> None:
    walked = stage(tmp_path, TWO_PHASES)
    person = Script({"call": [KeyPressed("note", "Netia rang back"), "do"]})
    walked.run(person)
    (note,) = walked.incident().notes
    assert (note.text, note.step, note.by) == ("Netia rang back", "call", "anna")
    assert person.seen().count(("call", "do")) == 2


def test_a_deferred_step_is_offered_again_at_the_end_and_then_left(tmp_path: Path) -> None:
    walked = stage(tmp_path, TWO_PHASES)
    person = Script({"look": "deferred"})
    assert walked.run(person).why == "carried-out"
    assert [view.id for view in person.views] == ["look", "call", "tell", "look"]
    assert walked.outcomes()["look"] == "deferred"


def test_a_note_at_a_deferred_step_does_not_use_up_its_second_offer(tmp_path: Path) -> None:
    walked = stage(tmp_path, TWO_PHASES)
    person = Script({"look": ["deferred", "note", "do"]})
    assert walked.run(person).why == "carried-out"
    assert walked.outcomes()["look"] == "done"


def test_a_deferred_deed_that_fails_at_last_is_shown_as_failed_and_not_forgotten(tmp_path: Path) -> None:
    office = tmp_path / "office"
    walked = stage(tmp_path, f"  - phase: A\n    steps:\n{command('a', office)}\n{command('b', office)}")
    (office / "broken-a").touch()
    person = Script({"a": ["deferred", "do", "skipped"]})
    assert walked.run(person).why == "carried-out"
    assert person.seen() == [("a", "do"), ("b", "do"), ("a", "do"), ("a", "failed")]
    assert walked.outcomes() == {"a": "skipped", "b": "done"}


def test_with_nobody_there_automatic_steps_run_up_to_the_first_gate(tmp_path: Path) -> None:
    office = tmp_path / "office"
    phases = f"""
  - phase: A
    steps:
{command("a", office)}
{command("b", office)}
      - {{step: gate, title: Gate, by_hand: Do., manual: {{}}}}
{command("c", office)}
"""
    walked = stage(tmp_path, phases)
    assert seq(walked.alone()) == ("person", "gate")
    assert done_outside(office) == ["a", "b"]
    assert walked.outcomes() == {"a": "done", "b": "done", "gate": "waiting", "c": "open"}
    before = walked.kinds()
    assert seq(walked.alone()) == ("person", "gate")
    assert walked.kinds() == before, "looking twice writes nothing twice"


def test_in_any_order_all_automatic_steps_run_before_the_first_gate(tmp_path: Path) -> None:
    office = tmp_path / "office"
    phases = f"""
  - phase: A
    any_order: true
    steps:
      - {{step: gate, title: Gate, by_hand: Do., manual: {{}}}}
{command("a", office)}
{command("b", office)}
{command("by-person", office, auto=False)}
{command("c", office)}
"""
    walked = stage(tmp_path, phases)
    (office / "broken-a").touch()
    assert seq(walked.alone()) == ("failed", "a")
    assert done_outside(office) == ["a", "b", "c"]


def test_a_failed_automatic_step_waits_with_its_evidence_and_is_never_tried_again_by_itself(
    tmp_path: Path,
) -> None:
    office = tmp_path / "office"
    walked = stage(tmp_path, f"  - phase: A\n    steps:\n{command('a', office)}")
    (office / "broken-a").touch()
    for _ in range(3):
        assert seq(walked.alone()) == ("failed", "a")
    step = walked.incident()["a"]
    assert (step.shown, step.waits, step.evidence["code"]) == ("waiting", f"{NAME} ended with status 1", 1)
    assert done_outside(office) == ["a"]


def test_a_person_may_try_a_failed_deed_again_do_it_by_hand_or_leave_it(tmp_path: Path) -> None:
    office = tmp_path / "office"
    steps = "\n".join(command(name, office) for name in "abc")
    walked = stage(tmp_path, f"  - phase: A\n    steps:\n{steps}")
    for name in "abc":
        (office / f"broken-{name}").touch()
    mended = Script.after((office / "broken-a").unlink)
    person = Script({"a": ["do", mended], "b": ["do", "by-hand"], "c": ["do", "skipped"]})
    assert walked.run(person).why == "carried-out"
    incident = walked.incident()
    assert [incident[name].outcome for name in "abc"] == ["done", "done", "skipped"]
    assert [incident[name].by_hand for name in "abc"] == [False, True, False]
    assert incident["b"].note == "reason of b"
    assert done_outside(office) == ["a", "a", "b", "c"]


def test_an_expected_check_that_is_down_keeps_a_step_from_being_done(tmp_path: Path) -> None:
    office = tmp_path / "office"
    walked = stage(tmp_path, f"  - phase: A\n    steps:\n{command('a', office, ', expect: internet')}")
    walked.sight.states["internet"] = "down"
    assert seq(walked.alone()) == ("failed", "a")
    step = walked.incident()["a"]
    assert step.waits == "done, but the check internet is down: a test says down"
    assert step.unsure, "it may have taken effect all the same"
    walked.run(Script({"a": "by-hand"}))
    assert walked.incident()["a"].evidence == {"expect": "internet", "seen": "not up"}
    assert done_outside(office) == ["a"]


def test_an_expected_check_counts_for_what_a_person_does_too(tmp_path: Path) -> None:
    walked = stage(
        tmp_path,
        "  - phase: A\n    steps:\n      - {step: a, title: A, by_hand: Do., manual: {}, expect: internet}",
    )
    walked.sight.states["internet"] = "down"
    person = Script({"a": ["do", "pause"]})
    assert walked.run(person).why == "paused"
    assert person.seen() == [("a", "do"), ("a", "failed")]
    walked.sight.states["internet"] = "up"
    assert walked.run().why == "carried-out"
    assert walked.incident()["a"].note == "the check internet is up"


WAITS = """
  - phase: A
    steps:
      - {step: rest, title: Rest, by_hand: Wait., auto: true, wait: {for: 10m}}
      - {step: after, title: After, by_hand: Do., auto: true, command: {run: SUCCEEDS}}
""".replace("SUCCEEDS", SUCCEEDS)


def test_a_wait_is_stored_and_the_process_may_end_meanwhile(tmp_path: Path) -> None:
    walked = stage(tmp_path, WAITS)
    assert seq(walked.alone()) == ("person", "rest")
    began = walked.clock.now()
    walked.clock.go_on(timedelta(minutes=9))
    assert seq(walked.alone()) == ("person", "rest")
    assert walked.incident()["rest"].until == began + timedelta(minutes=10)
    walked.clock.go_on(timedelta(minutes=1))
    assert walked.alone().why == "carried-out"
    assert walked.kinds().count("step.begun") == 2


def test_a_person_may_wait_at_the_screen(tmp_path: Path) -> None:
    walked = stage(tmp_path, WAITS)
    person = Script()
    assert walked.run(person).why == "carried-out"
    assert person.seen() == [("rest", "do"), ("rest", "wait"), ("after", "do")]
    assert walked.incident()["rest"].at == walked.incident().opened_at + timedelta(minutes=10)


def test_a_wait_that_is_over_is_done_only_when_the_expected_check_is_up(tmp_path: Path) -> None:
    walked = stage(tmp_path, WAITS.replace("wait: {for: 10m}", "wait: {for: 10m}, expect: internet"))
    walked.sight.states["internet"] = "down"
    walked.alone()
    walked.clock.go_on(timedelta(minutes=11))
    assert seq(walked.alone()) == ("failed", "rest")


def test_waiting_until_a_clock_time_means_the_clock_of_the_office(tmp_path: Path) -> None:
    walked = stage(tmp_path, WAITS.replace("{for: 10m}", '{until: "14:00"}'))
    walked.alone()
    until = walked.incident()["rest"].until
    assert until is not None
    assert until.isoformat() == "2026-11-26T13:00:00+00:00"


def test_an_answer_becomes_a_fact_that_later_texts_show(tmp_path: Path) -> None:
    phases = """
  - phase: A
    steps:
      - step: ask
        title: Ask the provider
        by_hand: Ask.
        ask: {questions: [{fact: ticket, ask: Ticket number?}, {fact: name, ask: Who?, required: no}]}
      - step: use
        title: Write down {fact:ticket}
        by_hand: It was {fact:name} who said {fact:ticket}.
        manual: {}
"""
    walked = stage(tmp_path, phases)
    person = Script(answers={"ticket": "INC-4711", "name": None})
    walked.run(person)
    assert walked.incident().facts == {"ticket": "INC-4711"}
    assert (person.views[1].title, person.views[1].by_hand) == (
        "Write down INC-4711",
        "It was ______ who said INC-4711.",
    )


def test_a_step_that_sets_a_fact_sets_it_only_when_it_is_done(tmp_path: Path) -> None:
    phases = """
  - phase: A
    steps:
      - {step: a, title: A, by_hand: Do., manual: {}, sets: {mood: good}}
      - {step: b, title: B, by_hand: Do., manual: {}, sets: {weather: good}}
"""
    walked = stage(tmp_path, phases)
    walked.run(Script({"b": "skipped"}))
    assert walked.incident().facts == {"mood": "good"}


def test_two_people_in_any_order_are_offered_different_steps(tmp_path: Path) -> None:
    walked = stage(tmp_path, TWO_PHASES.replace("within: 15m", "any_order: true"))
    first, second = Script({"look": "pause"}), Script({"call": "pause"})
    walked.run(first, by="anna")
    walked.run(second, by="piotr")
    assert ([view.id for view in first.views], [view.id for view in second.views]) == (["look"], ["call"])
    assert first.views[0].others_open == 1


def test_the_other_open_step_can_be_looked_at_and_the_first_comes_again(tmp_path: Path) -> None:
    walked = stage(tmp_path, TWO_PHASES.replace("within: 15m", "any_order: true"))
    person = Script({"look": ["other", "do"]})
    walked.run(person)
    assert [view.id for view in person.views] == ["look", "call", "look", "tell"]


def test_what_another_person_settled_meanwhile_is_told_and_not_done_again(tmp_path: Path) -> None:
    office = tmp_path / "office"
    walked = stage(tmp_path, f"  - phase: A\n    steps:\n{command('a', office)}\n{command('b', office)}")
    other = Script({"a": "by-hand", "b": "pause"})
    person = Script({"a": Script.after(lambda: walked.run(other, by="piotr"))})
    assert walked.run(person).why == "carried-out"
    assert '"Do a" was already answered: done by Piotr Lis at 07:50' in person.told
    assert done_outside(office) == ["b"]


def test_who_says_the_same_as_another_is_told_that_it_was_done_already(tmp_path: Path) -> None:
    walked = stage(tmp_path, TWO_PHASES)
    other = Script({"call": "pause"})
    person = Script({"look": Script.after(lambda: walked.run(other, by="piotr")), "call": "pause"})
    assert walked.run(person).why == "paused"
    assert '"Look" was already answered: done by Piotr Lis at 07:50' in person.told


def test_a_deed_that_another_tried_meanwhile_is_not_done_by_a_key_that_was_pressed_before(
    tmp_path: Path,
) -> None:
    office = tmp_path / "office"
    walked = stage(tmp_path, f"  - phase: A\n    steps:\n{command('a', office)}")
    (office / "broken-a").touch()
    other = Script({"a": ["do", "pause"]})
    person = Script({"a": [Script.after(lambda: walked.run(other)), "pause"]})
    assert walked.run(person).why == "paused"
    assert done_outside(office) == ["a"]
    assert person.seen() == [("a", "do"), ("a", "failed")]
    assert '"Do a" was tried by somebody else meanwhile' in person.told


def test_an_answer_does_not_talk_over_a_deed_that_began_meanwhile(tmp_path: Path) -> None:
    office = tmp_path / "office"
    walked = stage(tmp_path, f"  - phase: A\n    steps:\n{command('a', office)}")
    begin = {"step": "a", "title": "Do a"}
    began = Script.after(lambda: walked.write("step.begun", begin, "piotr"), "skipped")
    person = Script({"a": [began, "pause"]})
    assert walked.run(person).why == "paused"
    assert person.seen() == [("a", "do"), ("a", "doubt")]
    assert '"Do a" was begun by Piotr Lis at 07:50 meanwhile' in person.told


class Eventful(FrozenClock):
    """A clock under which something happens while one sleeps."""

    def __init__(self, *deeds: Callable[[], object]) -> None:
        super().__init__()
        self.deeds = list(deeds)

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        self.deeds.pop(0)()


def test_a_step_that_another_process_carries_out_is_waited_for(tmp_path: Path) -> None:
    office = tmp_path / "office"
    walked = stage(tmp_path, f"  - phase: A\n    steps:\n{command('a', office)}")
    walked.write("step.begun", {"step": "a", "title": "Do a"}, "piotr")
    with ExitStack() as held:
        held.enter_context(walked.holds.hold(walked.stream, "a"))
        assert seq(walked.alone()) == ("elsewhere", "a")
        ended = {"step": "a", "title": "Do a", "outcome": "done"}
        walked.clock = Eventful(
            lambda: None, lambda: walked.write("step.settled", ended, "piotr"), held.close
        )
        person = Script()
        assert walked.run(person).why == "carried-out"
    assert "Piotr Lis is carrying out: Do a" in person.told
    assert done_outside(office) == []


def test_a_closed_incident_is_at_its_end(tmp_path: Path) -> None:
    walked: Stage = stage(tmp_path, TWO_PHASES)
    walked.write("incident.closed", {"open": [], "left": {}})
    assert walked.run().why == "carried-out"
    assert walked.incident().next_steps() == []


class FullDisk(Real):
    """A world on a computer on which not even a file of a moment can be written."""

    def run(self, program: Program) -> Ran:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/tmp/bcp-x/page")


def test_a_deed_that_meets_a_full_disk_fails_with_a_sentence_and_can_be_done_by_hand(tmp_path: Path) -> None:
    steps = f"\n  - phase: Now\n    steps:\n{command('it', tmp_path, auto=False)}\n"
    staged = stage(tmp_path, steps)
    staged.world = FullDisk(Secrets(tmp_path, {}))
    stop = staged.run(Script({"it": ["do", "by-hand"]}))
    assert stop.why == "carried-out" and staged.outcomes() == {"it": "done"}
    (tried,) = [event for event in staged.log.rows(staged.stream) if event.kind == "step.tried"]
    assert "/tmp/bcp-x/page cannot be written: the disk is full" in tried.body and "make room" in tried.body
