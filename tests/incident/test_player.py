"""Drills: a script plays the person, and what it cannot mean is a mistake with its place."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bcp.errors import SourceError
from bcp.fact import Place
from bcp.incident.engine import Walk
from bcp.incident.script import Answers, AssumedLooks, DrillScript, load_answers, steps_by_address
from bcp.world.rehearsal import Rehearsal
from tests.offices import Script, Stage, bcp, runbook, stage

PHASES = """
  - phase: A
    steps:
      - step: ask
        title: Ask
        by_hand: Ask.
        ask:
          questions:
            - {fact: phone, ask: Phone?, type: phone}
            - {fact: since, ask: Since?, type: datetime}
            - {fact: kind, ask: What?, type: choice, choices: [line, box]}
      - {step: if-line, title: If, by_hand: Do., only_if: {fact: kind, is: line}, manual: {}}
      - {step: run, title: Run, by_hand: Do., command: {run: ["no-such-program-here"]}}
      - {step: seen, title: See, by_hand: Do., check: {check: internet, is: down}}
      - {step: rest, title: Rest, by_hand: Do., wait: {for: 2h}}
      - {step: sub, title: Sub, by_hand: Do., runbook: {runbook: divert}}
"""
DIVERT = runbook(
    "  - phase: D\n    steps:\n"
    "      - {step: call, title: Call, by_hand: Do., manual: {}, undo: {title: Back, by_hand: Do., manual: {}}}",
    "divert",
    "stand_down:\n  - {step: thank, title: Thank, by_hand: Do., manual: {}}",
)


@pytest.fixture
def drill(tmp_path: Path) -> Stage:
    office = stage(tmp_path, PHASES, divert=DIVERT).office
    return Stage(office, stream="drill-2026-11-26-outage", kind="drill")


def place(drill: Stage) -> Place:
    return Place("PL", drill.incident().zone, drill.clock.now())


def read(drill: Stage, text: str) -> Answers:
    file = drill.office / "answers.yaml"
    file.write_text(text, encoding="utf-8")
    answers = load_answers(file)
    answers.refuse_strange(drill.incident().plan, place(drill))
    return answers


def rehearse(drill: Stage, text: str = "") -> DrillScript:
    """Play the whole drill as `drill start --answers` does."""
    answers = read(drill, text or "default: done")
    player = DrillScript(answers, place(drill), Script())
    drill.world = Rehearsal(drill.office, {"PATH": "/usr/bin:/bin"})
    drill.sight = AssumedLooks(answers.checks, answers.verdict)  # type: ignore[assignment]
    walk: Walk = drill.walk(player)  # type: ignore[arg-type]
    assert walk.run().why == "carried-out"
    return player


def test_an_open_question_gets_an_example_of_its_type(drill: Stage) -> None:
    rehearse(drill)
    facts = drill.incident().facts
    assert facts == {"phone": "+48990000001", "since": "2026-11-26T07:50+01:00", "kind": "line"}


def test_the_script_answers_and_says_outcomes(drill: Stage) -> None:
    rehearse(
        drill, "ask: {phone: 22 600 00 02, kind: box}\nsub/call: {outcome: skipped, note: nobody calls}\n"
    )
    incident = drill.incident()
    assert incident.facts["phone"] == "+48226000002"
    assert incident["if-line"].outcome == "not-applicable"
    assert (incident["sub/call"].outcome, incident["sub/call"].note) == ("skipped", "nobody calls")


def test_what_could_not_be_done_here_is_a_trouble_that_is_named(drill: Stage) -> None:
    player = rehearse(drill)
    assert player.troubles == {"run": "there is no program no-such-program-here on this computer"}
    assert drill.outcomes()["run"] == "failed"


def test_a_look_is_assumed_and_says_so(drill: Stage) -> None:
    rehearse(drill)
    assert (
        drill.incident()["seen"].note == "ASSUMED: the check internet is down: assumed, nothing was looked at"
    )


def test_a_check_that_the_script_says_is_up_fails_a_step_that_wants_it_down(drill: Stage) -> None:
    player = rehearse(drill, "checks: {internet: up}\n")
    assert drill.outcomes()["seen"] == "failed"
    assert "seen" in player.troubles


def test_a_wait_is_not_waited_for(drill: Stage) -> None:
    before = drill.clock.now()
    rehearse(drill)
    assert drill.clock.now() - before < timedelta(minutes=1)
    assert drill.outcomes()["rest"] == "done"


@pytest.mark.parametrize("default", ["skipped", "failed", "deferred", "not-applicable", "by-hand"])
def test_any_default_comes_to_an_end(drill: Stage, default: str) -> None:
    rehearse(drill, f"default: {default}\nrun: skipped\n")
    wanted = "done" if default == "by-hand" else default
    assert drill.outcomes()["if-line"] in (wanted, "not-applicable")


def test_every_address_that_a_script_may_name_is_known(drill: Stage) -> None:
    plan = drill.incident().plan
    assert list(steps_by_address(plan, "outage")) == [
        *["ask", "if-line", "run", "seen", "rest", "sub"],
        *["sub/call", "sub/call.undo", "sub/thank"],
    ]


@pytest.mark.parametrize(
    ("text", "mistake", "hint"),
    [
        ("default: done\nseem: done\n", '2:1: this runbook has no step "seem"', 'did you mean "seen"?'),
        ("ask:\n  phone: 12\n", "2:10: 12 is too short or too long for a phone number", None),
        ("ask:\n  phon: 12\n", '2:9: the step does not ask for "phon"', 'did you mean "phone"?'),
        ("ask: {kind: line}\nrun: skiped\n", "2:6: expected one of: done, failed", 'did you mean "skipped"?'),
        ("checks: {internet: dead}\n", "1:20: expected one of: up, down, inconclusive", None),
        ("default: perhaps\n", "1:10: expected one of: done, failed", None),
        ("verdict: isp\n", "1:10: expected one of: ok", None),
        ("ask:\n  outcome: done\n  note: [1]\n", "3:9: expected text", None),
    ],
)
def test_what_a_script_cannot_mean_is_a_mistake_with_its_place(
    drill: Stage, text: str, mistake: str, hint: str | None
) -> None:
    with pytest.raises(SourceError) as caught:
        read(drill, text)
    (told,) = caught.value.mistakes
    assert f"{told.line}:{told.column}: {told.message}".startswith(mistake)
    assert hint is None or told.hint == hint


def test_a_scripted_drill_that_met_a_failure_ends_with_4_unless_the_script_meant_it(tmp_path: Path) -> None:
    place = stage(tmp_path, PHASES, divert=DIVERT).office
    for script, status in (("default: done", 4), ("run: skipped", 0)):
        (place / "answers.yaml").write_text(script + "\n", encoding="utf-8")
        done = bcp(place, "drill", "start", "outage", "--answers", "answers.yaml")
        assert done.returncode == status, done.stderr
        assert ("did not succeed: run" in done.stderr) == (status == 4)
        assert bcp(place, "drill", "close", "--answers", "answers.yaml").returncode == 0
