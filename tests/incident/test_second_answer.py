"""Nobody's words vanish: who answers second is told what the first one said, and what was typed is a note."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from bcp.clock import SystemClock
from bcp.incident.answer import StepOutcome, settle
from bcp.incident.beaten import Beaten
from tests.offices import Script, Stage, bcp, office_in, runbook, stage

PHASES = """
  - phase: A
    steps:
      - step: report
        title: Report it
        by_hand: Do.
        ask:
          questions:
            - {fact: noticed_by, ask: Who noticed it first?}
            - {fact: since, ask: Since when?, type: datetime}
      - {step: end, title: The end, by_hand: Do., manual: {}}
"""


@pytest.fixture
def walked(tmp_path: Path) -> Stage:
    return stage(tmp_path, PHASES)


def notes(walked: Stage) -> list[tuple[str, str]]:
    return [(note.by, note.text) for note in walked.incident().notes]


def test_the_answers_of_the_second_person_are_a_note_and_the_differences_are_shown(walked: Stage) -> None:
    theirs = {"noticed_by": "Jan", "since": "2026-11-26T07:50+01:00"}
    piotr = Script({"end": "pause"}, {"noticed_by": "Maria, the cleaner", "since": theirs["since"]})

    def anna_is_first() -> None:
        settle(walked.book(), "report", StepOutcome("done", "anna", facts=theirs), walked.clock.now())

    class Slow(Script):
        def ask(self, fact):  # type: ignore[no-untyped-def]
            if fact.name == "since":
                anna_is_first()
            return super().ask(fact)

    walked.run(Slow(piotr.keys, piotr.answers), by="piotr")
    assert walked.incident().facts == theirs
    ((by, text),) = notes(walked)
    assert by == "piotr" and "Who noticed it first? Maria, the cleaner" in text and "Since when?" in text


def test_what_is_told_says_both_and_the_command_that_it_names_corrects(tmp_path: Path) -> None:
    place = office_in(tmp_path / "office", outage=runbook(PHASES))
    bcp(place, "incident", "start", "outage")
    later = ["--fact", "since=?", "--fact", "noticed_by=Maria, the cleaner"]
    bcp(place, "incident", "step", "done", "report", "--fact", "noticed_by=Jan", "--fact", "since=?")
    lost = bcp(place, "incident", "step", "done", "report", *later, "--by", "piotr")
    assert (
        lost.returncode == 2
        and "Who noticed it first? Anna Nowak: Jan. You: Maria, the cleaner." in lost.stderr
    )
    assert "kept as a note" in lost.stderr
    assert "Maria, the cleaner" in bcp(place, "incident", "log").stdout
    (command,) = [line.partition("bcp ")[2] for line in lost.stderr.splitlines() if "--correct" in line]
    assert bcp(place, *shlex.split(command)).returncode == 0
    assert '"noticed_by": "Maria, the cleaner"' in bcp(place, "incident", "status", "--json").stdout


def test_a_time_that_came_second_can_be_pasted_back(walked: Stage) -> None:
    first = {"noticed_by": "Jan", "since": "2026-11-26T07:50+01:00"}
    settle(walked.book(), "report", StepOutcome("done", "anna", facts=first), walked.clock.now())
    second = StepOutcome("done", "piotr", facts={**first, "since": "2026-11-26T07:40+01:00"})
    with pytest.raises(Beaten, match="already answered") as lost:
        settle(walked.book(), "report", second, walked.clock.now())
    (difference,) = lost.value.more
    assert difference.endswith("07:50 CET. You: Thu 26 Nov 2026 07:40 CET.")
    command = lost.value.hint.rpartition("bcp incident step ")[2]
    place = walked.office
    done = bcp(place, "incident", "step", *shlex.split(command))
    assert done.returncode == 0, done.stderr
    assert walked.incident().facts["since"] == "2026-11-26T07:40+01:00"


def test_the_same_words_are_kept_once_and_no_words_make_no_note(walked: Stage) -> None:
    settle(walked.book(), "end", StepOutcome("done", "anna"), walked.clock.now())
    for _again in range(2):
        with pytest.raises(Beaten):
            settle(walked.book(), "end", StepOutcome("failed", "piotr", "it is dark"), SystemClock().now())
    with pytest.raises(Beaten) as lost:
        settle(walked.book(), "end", StepOutcome("failed", "piotr"), walked.clock.now())
    assert (
        notes(walked) == [("piotr", 'also said of "The end": it is dark')]
        and "note" not in lost.value.hint[:20]
    )


def test_who_presses_enter_on_questions_that_are_answered_by_then_is_not_asked_them(walked: Stage) -> None:
    def answered() -> None:
        settle(
            walked.book(),
            "report",
            StepOutcome("done", "anna", facts={"noticed_by": "Jan"}),
            walked.clock.now(),
        )

    piotr = Script({"report": Script.after(answered), "end": "pause"})
    walked.run(piotr, by="piotr")
    assert piotr.asked == [] and any("already answered" in line for line in piotr.told)


def test_a_note_to_what_was_said_before_is_kept_and_its_step_stays(walked: Stage) -> None:
    settle(walked.book(), "end", StepOutcome("done", "anna"), walked.clock.now())
    for _again in range(2):
        second = StepOutcome("done", "piotr", "the light is red")
        assert settle(walked.book(), "end", second, walked.clock.now()) == []
    assert notes(walked) == [("piotr", 'also said of "The end": the light is red')]
    assert walked.incident()["end"].by == "anna"
