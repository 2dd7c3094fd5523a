"""What a sheet says of facts, decisions and other sheets, blank and in the course of an incident."""

from __future__ import annotations

from pathlib import Path

from bcp.incident import deciding
from bcp.page.blocks import DecisionBlock, Document, Steps, Tick
from bcp.page.catalog import Wanted
from bcp.page.incident import incident_copy
from bcp.page.labels import Labels
from bcp.page.text import write
from tests.offices import office_in, runbook, stage
from tests.page.paper import shelf_of

BODY = "by_hand: Dial the number and write the answers down., "
TICKET = "ask: {questions: [{fact: ticket, ask: Ticket?}]}"
RINGS = "ask: {questions: [{fact: rings, ask: Does it ring?, type: yes-no}]}"
PHASES = f"""
  - phase: First hour
    within: 1h
    steps:
      - {{step: call, title: Call them, {BODY}{TICKET}}}
      - {{step: again, title: "Call again about {{fact:ticket}}", {BODY}{TICKET}}}
      - {{step: ring, title: Let it ring, {BODY}{RINGS}}}
      - {{step: tell, title: "Tell all of {{fact:ticket}}", {BODY}only_if: {{fact: rings, is: [no]}}, manual: {{}}}}
"""
DECISION = """
decisions:
  - {decision: long, question: Do we go home?, who: lead, at: 30m, default: go, answers: [{answer: go}, {answer: stay}]}
"""


def rows(document: Document) -> list[Tick | DecisionBlock]:
    return [row for block in document.blocks if isinstance(block, Steps) for row in block.rows]


def sheet(folder: Path, language: str) -> Document:
    shelf = shelf_of(office_in(folder, outage=runbook(PHASES, more=DECISION)))
    return shelf.document(Wanted("runbook", "outage"), Labels(language))


def test_a_mention_names_the_last_step_before_it_that_asks(tmp_path: Path) -> None:
    titles = [row.title for row in rows(sheet(tmp_path, "en")) if isinstance(row, Tick)]
    assert titles[1].endswith("(step 1)"), "not itself, although it asks again"
    assert titles[3].endswith("(step 2)")


def test_what_was_switched_on_last_is_switched_off_first_and_numbered_so(tmp_path: Path) -> None:
    undo = "manual: {}, undo: {title: NAME off, by_hand: Do., manual: {}}"
    steps = "".join(
        f"      - {{step: {name}, title: {name} on, {BODY}{undo.replace('NAME', name)}}}\n"
        for name in ("a", "b")
    )
    thank = "stand_down:\n  - {step: thank, title: Thank, by_hand: Do., manual: {}}\n"
    phases = f"  - phase: First hour\n    steps:\n{steps}"
    shelf = shelf_of(office_in(tmp_path, outage=runbook(phases, more=thank)))
    told = rows(shelf.document(Wanted("runbook", "outage"), Labels("en")))
    named = [(row.number, row.title) for row in told if isinstance(row, Tick)]
    assert [title for _number, title in named] == ["a on", "b on", "b off", "a off", "Thank"], named
    assert [number for number, _title in named] == ["1", "2", "3", "4", "5"]


def test_yes_and_no_stand_in_the_language_of_the_sheet(tmp_path: Path) -> None:
    ring, tell = (row for row in rows(sheet(tmp_path, "pl"))[2:4] if isinstance(row, Tick))
    assert ring.blanks[0].choices == ("tak", "nie") and tell.condition.endswith("nie")


def test_a_decision_has_room_for_time_and_initials_and_then_says_who_decided_when(tmp_path: Path) -> None:
    (blank,) = (row for row in rows(sheet(tmp_path / "blank", "en")) if isinstance(row, DecisionBlock))
    assert blank.mark is None
    assert (
        "initials" in write([sheet(tmp_path / "blank", "en")], Labels("en")).partition("D1")[2][:400].lower()
    )
    staged = stage(tmp_path, PHASES, more=DECISION)
    deciding.answer(staged.book(), "long", "stay", "piotr")
    copy = incident_copy(staged.incident(), Labels("en"))
    (decided,) = (row for row in rows(copy) if isinstance(row, DecisionBlock))
    assert [answer.ticked for answer in decided.answers] == [False, True]
    assert decided.mark is not None and (decided.mark.outcome, decided.mark.by) == ("stay", "Piotr Lis")
    assert "Piotr Lis" in write([copy], Labels("en")).partition("D1")[2][:400]


def test_what_is_to_be_improved_already_stands_on_the_copy(tmp_path: Path) -> None:
    staged = stage(tmp_path, PHASES)
    staged.write("review.written", {"about": "improve", "text": "a second torch"})
    assert "– a second torch" in write([incident_copy(staged.incident(), Labels("en"))], Labels("en"))


def test_who_has_a_new_sheet_printed_is_a_person(tmp_path: Path) -> None:
    assert "Ask: Anna Nowak." in write([sheet(tmp_path, "en")], Labels("en"))
