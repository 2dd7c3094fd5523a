"""`bcp runbook lint`: how a plan reads to somebody in a hurry; words only where its language is beyond doubt."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bcp.errors import Exit
from bcp.office import starter
from bcp.runbook.style import MOST_STEPS
from bcp.runbook.style_words import language_of, no_verb
from tests.offices import bcp, office_in, runbook

GOOD = "Go to the box on the wall and look at the light that is called internet. It is green when the line works."
SAMPLES = {
    "en": "Take the phone from the box and call the number that is on the lid. If nobody answers, wait for a minute.",
    "pl": "Weź telefon z pudełka i zadzwoń pod numer, który jest na wieczku. Jeśli nikt nie odbiera, poczekaj się.",
    "cs": "Vezměte telefon, který je v krabici, a zavolejte. Když se nikdo neozve, počkejte, pokud není čas už jít.",
    "de": "Nehmen Sie das Telefon und rufen Sie die Nummer an, die auf der Schachtel ist. Wenn nicht, warten Sie.",
    "el": "Πάρτε το τηλέφωνο από το κουτί και καλέστε τον αριθμό που είναι στο καπάκι. Αν όχι, να περιμένετε.",
}


def steps(*lines: str) -> str:
    return "  - phase: A\n    steps:\n" + "".join(f"      - {line}\n" for line in lines)


def step(name: str = "a", title: str = "Look at the box", by_hand: str = GOOD, rest: str = "") -> str:
    more = rest or "manual: {}, result: It is green"
    return f"{{step: {name}, title: {json.dumps(title)}, by_hand: {json.dumps(by_hand)}, {more}}}"


def lint(folder: Path, phases: str, more: str = "") -> list[tuple[str, int]]:
    """The rules that a plan of these phases breaks, each with its line."""
    office = office_in(folder, outage=runbook(phases, more=more))
    done = bcp(office, "runbook", "lint", "outage", "--json")
    assert done.returncode == Exit.OK, done.stderr
    warnings = json.loads(done.stdout)["warnings"]
    assert {each["file"] for each in warnings} <= {"runbooks/outage.yaml"}
    assert all(each["hint"] for each in warnings)
    return [(each["rule"], each["line"]) for each in warnings]


def test_a_plan_that_reads_well_has_no_warning(tmp_path: Path) -> None:
    assert lint(tmp_path, steps(step(), step("b", "Call the provider"))) == []


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        (step(title="The router in the corridor"), "title-verb"),
        (step(title="Restarting the router"), "title-verb"),
        (step(title="Information for all clients"), "title-verb"),
        (step(title="If it is dark"), "title-verb"),
        (step(title="Look at the box."), "title-end"),
        (step(title="Look at the box; call the provider"), "title-two"),
        (step(title="LOOK AT THE BOX"), "title-capitals"),
        (step(by_hand="Do it."), "by-hand"),
        (step(by_hand="Look at the box."), "by-hand"),
        (step(by_hand="Restart the box as usual."), "by-hand"),
        (step(by_hand=f"{GOOD} For the password see above."), "by-hand"),
        (step(by_hand="Type bcp notice send line-down. Then type bcp status."), "by-hand"),
        (step(by_hand=f"{GOOD} {'and then on ' * 14} to the end."), "long-sentence"),
        (step(by_hand=f"{GOOD} Keep the RTO in mind."), "plain-words"),
        (step(rest="manual: {}"), "result"),
        (step(rest='command: {run: ["true"]}'), "result"),
    ],
)
def test_each_rule_of_style_is_told_at_its_line_and_is_no_mistake(
    tmp_path: Path, line: str, rule: str
) -> None:
    assert lint(tmp_path, steps(step("good"), line)) == [(rule, 11)]
    assert bcp(tmp_path, "runbook", "validate").stderr.strip() == "No mistakes."


@pytest.mark.parametrize(
    "line",
    [
        step(title="Bring the router back"),
        step(title="Question everybody who was there"),
        step(title="Never press the button called reset"),
        step(title="Phone the provider"),
        step(by_hand='Write to each: "You reach us as usual, on the number that you know."'),
        step(by_hand=f"{GOOD} Tell everybody that all is as usual."),
        step(rest="manual: {result: It is green}"),
        step(rest="manual: {}, expect: internet"),
        step(rest="ask: {questions: [{fact: colour, ask: Which colour is it?}]}"),
    ],
)
def test_what_may_be_right_is_left_in_peace(tmp_path: Path, line: str) -> None:
    assert lint(tmp_path, steps(step("good"), line)) == []


def test_more_than_nine_steps_in_a_phase_are_told_at_the_tenth(tmp_path: Path) -> None:
    many = [step(f"s{number}") for number in range(MOST_STEPS)]
    assert lint(tmp_path / "nine", steps(*many)) == []
    assert lint(tmp_path / "ten", steps(*many, step("last"))) == [("steps-a-phase", 10 + MOST_STEPS)]


def test_an_undo_is_read_like_a_step_and_a_decision_must_ask(tmp_path: Path) -> None:
    undo = f"undo: {{title: The old way, by_hand: {json.dumps(GOOD)}, manual: {{}}, result: It is green}}"
    answers = "answers: [{answer: a}, {answer: b}], default: a"
    decision = f"decisions:\n  - {{decision: d, question: We go home, at: 4h, {answers}}}\n"
    found = lint(tmp_path, steps(step(rest=f"manual: {{}}, result: Green, {undo}")), decision)
    assert sorted(rule for rule, _line in found) == ["question", "title-verb"]


@pytest.mark.parametrize(("language", "text"), SAMPLES.items())
def test_the_language_of_a_plan_is_known_by_its_words(language: str, text: str) -> None:
    assert language_of([text]) == language


def test_a_text_of_two_languages_or_of_few_words_is_in_no_language() -> None:
    assert language_of(SAMPLES.values()) is None
    assert language_of(["Router", "Telefon"]) is None


@pytest.mark.parametrize(
    ("language", "title", "word"),
    [
        ("pl", "Na komórce zadzwoń do operatora", "Na"),
        ("pl", "Zadzwoń do operatora", ""),
        ("pl", "Zadzwonić do operatora", ""),
        ("cs", "Ve skříni najděte telefon", "Ve"),
        ("cs", "Zavolejte poskytovateli", ""),
        ("de", "Der Router", "Der"),
        ("de", "Den Router neu starten", ""),
        ("de", "Rufen Sie den Anbieter an", ""),
        ("el", "Το ρούτερ", "Το"),
        ("el", "Καλέστε τον πάροχο", ""),
    ],
)
def test_a_title_begins_with_a_verb_in_each_language(language: str, title: str, word: str) -> None:
    assert no_verb(title, language) == word


def test_the_shipped_plans_read_well(tmp_path: Path) -> None:
    starter.write(starter.sample_office(), tmp_path)
    for plan in (Path(__file__).parents[1] / "demo" / "runbooks").glob("*.yaml"):
        (tmp_path / "runbooks" / plan.name).write_text(plan.read_text(encoding="utf-8"), encoding="utf-8")
    done = bcp(tmp_path, "runbook", "lint", "--json")
    assert (json.loads(done.stdout)["warnings"], done.returncode) == ([], Exit.OK)


def test_a_plan_that_cannot_be_read_or_is_not_there_ends_with_status_2(tmp_path: Path) -> None:
    office = office_in(tmp_path, outage=runbook(steps(step())), other="runbook: other\ntitle: [\n")
    assert bcp(office, "runbook", "lint", "outage").returncode == Exit.OK
    for words in (("other",), ()):
        done = bcp(office, "runbook", "lint", *words)
        assert done.returncode == Exit.INPUT
        assert "runbooks/other.yaml:" in done.stderr
    done = bcp(office, "runbook", "lint", "outtage")
    assert done.returncode == Exit.INPUT
    assert 'did you mean "outage"?' in done.stderr
