"""What was typed from paper is never lost: it is kept as it is typed, and gone on with; sheets lead on to sheets."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pexpect
import pytest

from bcp.transcript.draft import TranscriptDraft, Typed, TypedRow, load
from tests.offices import bcp, office_in, runbook
from tests.page.test_record import BODY, PHASES, WARSAW, minutes_ago, office
from tests.terminal import spawn

HOME = f"""
  - phase: At home
    within: 1h
    steps:
      - {{step: carry, title: Carry the laptops home, {BODY}manual: {{}}}}
      - {{step: divert, title: Divert, {BODY}manual: {{}}, undo: {{title: Take them back, {BODY}manual: {{}}}}}}
"""
DECISION = """
decisions:
  - {decision: long, question: Do we go home?, who: lead, at: 2h, default: go,
     answers: [{answer: go, runbook: home}, {answer: stay}]}
"""
HOME_SHEET = re.sub("(?m)^title: .*$", "title: Work from home", runbook(HOME, "home"))
TAKE = f"""
  - phase: First hour
    within: 1h
    steps:
      - {{step: look, title: Look at the lights, {BODY}manual: {{}}}}
      - {{step: away, title: Take the other sheet, {BODY}runbook: {{runbook: home}}}}
"""


@contextmanager
def typist(folder: Path, *arguments: str) -> Iterator[pexpect.spawn[str]]:
    """`bcp incident record` at a terminal."""
    command = ["-m", "bcp", "incident", "record", *arguments]
    environ = {**os.environ, "BCP_PERSON": "anna"}
    child = spawn(
        sys.executable,
        command,
        cwd=str(folder),
        encoding="utf-8",
        timeout=60,
        dimensions=(40, 160),
        env=environ,
    )
    try:
        yield child
    finally:
        child.close(force=True)


def type_(child: pexpect.spawn[str], *lines: tuple[str, str]) -> None:
    for expected, typed in lines:
        child.expect(expected)
        child.expect("> ")
        child.sendline(typed)


def events(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(bcp(folder, "incident", "log", "--json").stdout)
    return found


def drafts(folder: Path) -> Sequence[Path]:
    return sorted((folder / "incidents").glob("*/paper-draft*"))


def test_after_kill_nine_nothing_that_was_typed_is_lost(tmp_path: Path) -> None:
    folder = office(tmp_path)
    began = minutes_ago(60)
    with typist(folder, "--runbook", "outage", "--started", began) as child:
        type_(child, ("1  Look at the lights", "+2 x AN cable was loose"), ("2  Call them", "+10 x PL"))
        type_(child, ("Ticket number", "T-77"), ("3  Tell all", "+20 x AN"), ("4  Look again", "end"))
        type_(
            child,
            ("3  Tell all", ""),
            ("Promises", ""),
            ("Log", "+12 the neighbour is dark"),
            ("neighbour", ""),
        )
        child.expect("What to improve")
        child.kill(signal.SIGKILL)
        child.expect(pexpect.EOF)
    assert json.loads(bcp(folder, "incident", "list", "--json").stdout) == []
    assert "a sheet was half typed" in bcp(folder, "incident", "record").stderr
    assert "Next: bcp incident record --runbook outage\n" in bcp(folder, "incident", "status").stderr
    with typist(folder, "--runbook", "outage", "--by", "piotr") as child:
        type_(child, ("not written yet: 4 .Anna Nowak", ""))
        type_(
            child, ("3  Tell all", ""), ("Promises", ""), ("neighbour is dark", ""), ("What to improve", "")
        )
        type_(child, ("cable was loose.*T-77.*neighbour.*Write all of this", "yes"))
        child.expect("Written down")
        child.expect(pexpect.EOF)
    told = events(folder)
    assert [each["data"].get("step") for each in told[1:4]] == ["look", "call", "tell"]
    assert told[2]["data"]["facts"] == {"ticket": "T-77"}
    assert (told[4]["by"], told[4]["recorded_by"]) == ("anna", "piotr"), "who had typed it is who wrote it"
    assert not drafts(folder)


def test_a_crash_between_two_answers_of_a_step_loses_neither_its_line_nor_the_answer(tmp_path: Path) -> None:
    two = PHASES.replace(
        "{fact: ticket, ask: Ticket number?}", "{fact: ticket, ask: Ticket?}, {fact: name, ask: Who?}"
    )
    folder = office_in(tmp_path, outage=runbook(two))
    bcp(folder, "incident", "start", "outage")
    with typist(folder) as child:
        type_(child, ("1  Look", ""), ("2  Call them", "+0 x PL"), ("Ticket", "T-78"))
        child.expect("Who\\?")
        child.kill(signal.SIGKILL)
        child.expect(pexpect.EOF)
    with typist(folder) as child:
        type_(
            child,
            ("not written yet: 1 ", ""),
            ("2  Call them.*typed before: .0 x PL", ""),
            ("Who", "Kowalski"),
        )
        type_(child, ("3  Tell all", "end"), ("Promises", "end"), ("T-78, name = Kowalski.*Write all", "y"))
        child.expect("Written down")
        child.expect(pexpect.EOF)
    assert events(folder)[-1]["data"]["facts"] == {"ticket": "T-78", "name": "Kowalski"}


def test_interrupted_it_names_the_command_that_goes_on_and_no_is_no_loss(tmp_path: Path) -> None:
    folder = office(tmp_path)
    bcp(folder, "incident", "start", "outage")
    with typist(folder) as child:
        type_(child, ("1  Look", "+0 x AN"))
        child.expect("2  Call them")
        child.sendintr()
        child.expect("What you typed is kept.*Next: bcp incident record --incident")
        child.expect(pexpect.EOF)
        child.wait()
        assert child.exitstatus == 130
    with typist(folder) as child:
        type_(
            child,
            ("not written yet: 1 ", ""),
            ("1  Look.*done", "end"),
            ("Promises", "end"),
            ("Write all", "no"),
        )
        child.expect("What you typed is kept.*Next: bcp incident record")
        child.expect(pexpect.EOF)
    assert not [each for each in events(folder) if each["how"] == "paper"]
    with typist(folder) as child:
        type_(child, ("not written yet: 1 ", "new"))
        child.expect("kept: .*paper-draft-1.json")
        type_(child, ("1  Look", "end"), ("Promises", "end"))
        child.expect("Nothing was entered")
        child.expect(pexpect.EOF)
    assert [path.name for path in drafts(folder)] == ["paper-draft-1.json"]


def test_a_half_typed_sheet_is_the_next_thing_to_do_and_is_not_closed_over_without_a_reason(
    tmp_path: Path,
) -> None:
    folder = office(tmp_path)
    bcp(folder, "incident", "start", "outage")
    assert "incident record" not in bcp(folder, "incident", "status").stderr
    with typist(folder) as child:
        type_(child, ("1  Look", "+0 x AN"))
        child.expect("2  Call them")
        child.kill(signal.SIGKILL)
        child.expect(pexpect.EOF)
    assert "bcp incident record" in bcp(folder, "incident", "status").stderr
    refused = bcp(folder, "incident", "close")
    assert refused.returncode == 8 and "typed from paper and are not written yet" in refused.stderr
    assert bcp(folder, "incident", "close", "--reason", "the sheet was of another day").returncode == 0


def test_a_line_whose_answers_are_missing_stays_in_a_file_when_the_others_are_written(tmp_path: Path) -> None:
    folder = office(tmp_path)
    bcp(folder, "incident", "start", "outage")
    with typist(folder) as child:
        type_(child, ("1  Look", "+0 x AN"), ("2  Call them", "+0 x PL"))
        child.expect("Ticket")
        child.sendintr()
        child.expect(pexpect.EOF)
    with typist(folder) as child:
        type_(child, ("not written yet: 2 ", ""), ("2  Call them.*typed before", "end"), ("Promises", "end"))
        type_(child, ("Write all of this", "yes"))
        child.expect("Not written.*2  .0 x PL.*What was typed before is kept")
        child.expect(pexpect.EOF)
    assert events(folder)[-1]["data"]["step"] == "look"
    assert any("+0 x PL" in path.read_text(encoding="utf-8") for path in drafts(folder))
    assert not (drafts(folder)[0].parent / "paper-draft.json").exists()


def test_a_closed_incident_takes_no_paper(tmp_path: Path) -> None:
    folder = office(tmp_path)
    bcp(folder, "incident", "start", "outage")
    assert bcp(folder, "incident", "close", "--reason", "a false alarm").returncode == 0
    (name,) = (each["id"] for each in json.loads(bcp(folder, "incident", "list", "--json").stdout))
    (folder / "paper.csv").write_text(
        "step,time,outcome,initials,result\nlog,+0,,AN,late\n", encoding="utf-8"
    )
    ran = bcp(folder, "incident", "record", "--incident", name, "--csv", "paper.csv")
    assert ran.returncode == 2 and "is closed" in ran.stderr


def test_one_sheet_is_typed_at_one_terminal_at_a_time(tmp_path: Path) -> None:
    folder = office(tmp_path)
    bcp(folder, "incident", "start", "outage")
    with typist(folder) as child:
        child.expect("1  Look")
        with typist(folder) as second:
            second.expect("Somebody is entering this sheet right now")
            second.expect(pexpect.EOF)


def test_a_decision_on_paper_leads_on_to_the_sheet_that_it_enters(tmp_path: Path) -> None:
    folder = office_in(tmp_path, outage=runbook(PHASES, more=DECISION), home=HOME_SHEET)
    with typist(folder, "--runbook", "outage", "--started", minutes_ago(60)) as child:
        type_(child, ("1  Look", "+2 x AN"), ("2  Call them", "end"), ("D1  Do we go home", "+30 go AN"))
        type_(child, ("Promises", "end"), ("Write all of this", "yes"))
        child.expect("Written down.*led on to the sheet: Work from home")
        type_(
            child, ("Was it filled in", ""), ("1  Carry the laptops", "+35 x PL"), ("2  Divert", "+40 x PL")
        )
        type_(child, ("3  Take them back", "end"), ("2  Divert", "end"), ("Write all of this", "yes"))
        child.expect("Written down")
        child.expect(pexpect.EOF)
    told = events(folder)
    assert [each["data"].get("step") for each in told[-2:]] == ["long/carry", "long/divert"]
    assert bcp(folder, "incident", "verify").returncode == 0


def test_a_sheet_that_is_left_for_later_is_named_and_offered_with_its_own_numbers(tmp_path: Path) -> None:
    folder = office_in(tmp_path, outage=runbook(PHASES, more=DECISION), home=HOME_SHEET)
    bcp(folder, "incident", "start", "outage")
    table = folder / "paper.csv"
    table.write_text("step,time,outcome,initials\nD1,+0,go,AN\n", encoding="utf-8")
    ran = bcp(folder, "incident", "record", "--csv", "paper.csv")
    assert ran.returncode == 0, ran.stderr
    assert "Not typed yet: the sheet that this led on to: Work from home" in ran.stderr
    assert "Next: bcp incident record --incident" in ran.stderr
    with typist(folder) as child:
        type_(child, ("Which sheet do you hold.*2  Work from home", "2"), ("1  Carry the laptops", "+0 x PL"))
        type_(child, ("2  Divert", "end"), ("Promises", "end"), ("Write all of this", "yes"))
        child.expect("Written down")
        child.expect(pexpect.EOF)
    assert events(folder)[-1]["data"]["step"] == "long/carry"


def test_a_step_that_says_take_the_sheet_asks_whether_that_was_filled_in(tmp_path: Path) -> None:
    folder = office_in(tmp_path, outage=runbook(TAKE), home=HOME_SHEET)
    with typist(folder, "--runbook", "outage", "--started", minutes_ago(60)) as child:
        type_(
            child,
            ("1  Look", "+2 x AN"),
            ("2  Take the other", "+5 x AN"),
            ('Was the sheet "Work from home" filled', "y"),
        )
        type_(child, ("Promises", "end"), ("Write all of this", "yes"))
        type_(child, ("led on to the sheet: Work from home.*1  Carry", "+7 x PL"), ("2  Divert", "+9 x PL"))
        type_(child, ("3  Take them back", "end"), ("2  Divert", "end"), ("Write all of this", "yes"))
        child.expect("Written down")
        child.expect(pexpect.EOF)
    told = events(folder)
    assert [(each["kind"], each["data"].get("step")) for each in told[1:]] == [
        ("step.settled", "look"),
        ("step.entered", "away"),
        ("step.settled", "away"),
        ("step.settled", "away/carry"),
        ("step.settled", "away/divert"),
    ]
    status = json.loads(bcp(folder, "incident", "status", "--json").stdout)
    assert [measure["on"] for measure in status["measures"]] == [True]


def test_an_answer_is_asked_again_at_once_and_a_time_in_it_is_of_the_day_of_the_line(tmp_path: Path) -> None:
    asks = "{fact: since, ask: Since when?, type: datetime}, {fact: ticket, ask: Ticket?}"
    phases = PHASES.replace("{fact: ticket, ask: Ticket number?}", asks)
    folder = office_in(tmp_path, outage=runbook(phases))
    began = (datetime.now(WARSAW) - timedelta(days=3)).replace(hour=7, minute=50)
    with typist(folder, "--runbook", "outage", "--started", f"{began:%Y-%m-%d %H:%M}") as child:
        type_(child, ("1  Look", ""), ("2  Call them", "8:10 x PL"), ("Since when", "9:10 x AN"))
        type_(child, ("expected a date and time", "7:40"), ("Ticket", ""), ("Type . where nothing", "?"))
        type_(child, ("3  Tell all", "end"), ("Promises", "end"), ("Write all of this", "yes"))
        child.expect("Written down")
        child.expect(pexpect.EOF)
    (since,) = events(folder)[-1]["data"]["facts"].values()
    assert since.startswith(f"{began:%Y-%m-%d}T07:40"), "not of the day on which it is typed"


def test_what_to_improve_comes_back_and_stands_where_people_look_back(tmp_path: Path) -> None:
    folder = office(tmp_path)
    bcp(folder, "incident", "start", "outage")
    rows = 'improve,,,PL,a second torch,\nlog,+0,,PL,"the neighbour\nis dark",\n'
    (folder / "paper.csv").write_text("step,time,outcome,initials,result,facts\n" + rows, encoding="utf-8")
    for _time in range(2):
        assert bcp(folder, "incident", "record", "--csv", "paper.csv").returncode == 0
    told = [each for each in events(folder) if each["how"] == "paper"]
    assert [each["kind"] for each in told] == ["note.written", "review.written"] or [
        each["kind"] for each in told
    ] == ["review.written", "note.written"], "typed twice, written once"
    assert "What to improve? | a second torch" in bcp(folder, "incident", "report").stdout
    for arguments in (("review",), ("close", "--reason", "it was short")):
        with asked(folder, *arguments) as child:
            child.expect("On the sheet stood, as to be improved:.*a second torch .Piotr Lis.")


@contextmanager
def asked(folder: Path, *arguments: str) -> Iterator[pexpect.spawn[str]]:
    command = ["-m", "bcp", "incident", *arguments]
    child = spawn(
        sys.executable,
        command,
        cwd=str(folder),
        encoding="utf-8",
        timeout=60,
        env={**os.environ, "BCP_PERSON": "anna"},
    )
    try:
        yield child
    finally:
        child.close(force=True)


@pytest.mark.parametrize("written", ["27.11. 9:12 x AN", "2026-11-27 9:12 done AN", "27.11.2026 9:12"])
def test_a_line_may_begin_with_a_day(written: str) -> None:
    from bcp.transcript.written_time import split_time

    time, rest = split_time(written)
    assert time.endswith("9:12") and time.startswith("2") and len(time) >= 11
    assert rest in ("x AN", "done AN", "")


def test_a_draft_is_whole_or_not_there_and_a_broken_one_is_told(tmp_path: Path) -> None:
    path = tmp_path / "an-incident" / "paper-draft.json"
    assert load(path) is None
    draft = TranscriptDraft(path, "outage", "2026-11-26T06:50:00+00:00", at="call")
    draft.lines["call"] = Typed("9:12 x AN", "anna", {"ticket": "T-7"}, sheet=True)
    draft.rows.append(TypedRow("log", Typed("9:13 it rains", "piotr")))
    draft.save()
    assert load(path) == draft
    for text in ("", "[]", '{"format": 2}', '{"format": 1}', "\x00"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ValueError):
            load(path)
    assert draft.set_aside().name == "paper-draft-1.json" and not path.exists()


def test_a_crash_behind_the_writing_and_before_the_draft_is_removed_writes_nothing_twice(
    tmp_path: Path,
) -> None:
    folder = office(tmp_path)
    bcp(folder, "incident", "start", "outage")
    with typist(folder) as child:
        type_(
            child, ("1  Look", "+0 x AN"), ("2  Call them", "end"), ("Promises", "+0|Netia|modem|in 2 days")
        )
        type_(child, ("modem", ""), ("Log", "+0 it rains"), ("it rains", ""), ("What to improve", "a torch"))
        type_(child, ("a torch", ""))
        child.expect("Write all of this")
        (draft,) = drafts(folder)
        kept = draft.read_bytes()
        child.expect("> ")
        child.sendline("yes")
        child.expect("Written down")
        child.expect(pexpect.EOF)
    before = events(folder)
    assert not drafts(folder)
    draft.write_bytes(kept)
    with typist(folder) as child:
        type_(child, ("not written yet: 4 ", ""), ("Promises", "end"), ("Write all of this", "yes"))
        child.expect("Written down")
        child.expect(pexpect.EOF)
    assert events(folder) == before and not drafts(folder)
