"""Back from paper: one line a step, shown as a whole, written at once and marked as from paper."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pexpect
import pytest

from bcp.app.transcribe import transcript_of
from bcp.cli.transcribe.ask import ask_rows
from bcp.errors import InputError
from bcp.fact import Fact, Place
from bcp.transcript.line import SheetReader, read_outcome, read_person
from bcp.transcript.tables import EventRow
from bcp.transcript.written_time import read_time
from tests.offices import bcp, office_in, runbook, stage
from tests.terminal import spawn

WARSAW = ZoneInfo("Europe/Warsaw")
START = datetime(2026, 11, 26, 6, 50, tzinfo=UTC)
NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
BODY = "by_hand: Dial the number and write the answers down., "
PHASES = f"""
  - phase: First hour
    within: 1h
    steps:
      - {{step: look, title: Look at the lights, {BODY}manual: {{}}}}
      - {{step: call, title: Call them, {BODY}ask: {{questions: [{{fact: ticket, ask: Ticket number?}}]}}}}
      - {{step: tell, title: Tell all, {BODY}manual: {{}}, undo: {{title: Tell them again, {BODY}manual: {{}}}}}}
      - {{step: later, title: Look again, {BODY}manual: {{}}}}
"""


def office(folder: Path) -> Path:
    return office_in(folder, outage=runbook(PHASES))


def minutes_ago(count: int) -> str:
    return (datetime.now(WARSAW) - timedelta(minutes=count)).strftime("%Y-%m-%d %H:%M")


def from_nothing(folder: Path, rows: str, started: int = 60) -> tuple[Path, list[str]]:
    """An office, and the arguments that enter an incident of an hour ago from these rows."""
    table = folder / "paper.csv"
    table.write_text("step,time,outcome,initials,result,facts\n" + rows, encoding="utf-8")
    begun = ["--runbook", "outage", "--started", minutes_ago(started)]
    return office(folder), ["incident", "record", "--csv", "paper.csv", *begun]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("9:12", "2026-11-26T08:12"),
        ("0912", "2026-11-26T08:12"),
        ("9.12", "2026-11-26T08:12"),
        ("7:50", "2026-11-26T06:50"),
        ("6:30", "2026-11-27T05:30"),
        ("+15", "2026-11-26T07:05"),
        ("T+15", "2026-11-26T07:05"),
        ("+1h30m", "2026-11-26T08:20"),
        ("27.11. 9:12", "2026-11-27T08:12"),
        ("today 8:55", "2026-11-27T07:55"),
        ("dziś 8:55", "2026-11-27T07:55"),
        ("Yesterday 8:55", "2026-11-26T07:55"),
        ("včera 855", "2026-11-26T07:55"),
        ("χθες 8:55", "2026-11-26T07:55"),
    ],
)
def test_a_time_is_read_as_it_was_written(written: str, moment: str) -> None:
    assert read_time(written, START, NOW, WARSAW).isoformat().startswith(moment)


@pytest.mark.parametrize("written", ["", "soon", "25:00", "9:72", "+", "+soon", "12", "99.99. 9:12"])
def test_what_is_no_time_is_refused(written: str) -> None:
    with pytest.raises(InputError, match="is not a time"):
        read_time(written, START, NOW, WARSAW)


def test_a_time_that_is_still_to_come_is_refused() -> None:
    with pytest.raises(InputError, match="still to come"):
        read_time("27.11. 18:00", START, NOW, WARSAW)


def test_outcomes_are_read_by_word_beginning_and_letter() -> None:
    assert [read_outcome(each) for each in ("x", "done", "Skip", "n", "not", "p", "FAILED")] == [
        *("done", "done", "skipped", "not-applicable", "not-applicable", "deferred", "failed")
    ]
    with pytest.raises(InputError):
        read_outcome("maybe")


def test_people_are_known_by_initials_unless_two_share_them() -> None:
    people = {"anna": "Anna Nowak", "adam": "Adam Nowy", "piotr": "Piotr Lis"}
    assert [read_person(each, people) for each in ("PL", "anna", "adam nowy")] == ["piotr", "anna", "adam"]
    with pytest.raises(InputError, match="may be anna, adam"):
        read_person("an", people)
    with pytest.raises(InputError, match="nobody here is called"):
        read_person("ZZ", people)


def test_an_incident_that_lived_on_paper_is_entered_from_nothing(tmp_path: Path) -> None:
    rows = "1,+2,x,AN,,\n2,+10,done,PL,,ticket=T-77\ntell,+20,x,AN,,\n4,+30,skip,PL,no time,\n"
    folder, arguments = from_nothing(tmp_path, rows)
    ran = bcp(folder, *arguments, BCP_PERSON="piotr")
    assert ran.returncode == 0, ran.stderr
    told = json.loads(bcp(folder, "incident", "log", "--json").stdout)
    assert [event["kind"] for event in told] == ["incident.started"] + ["step.settled"] * 4
    assert {event["how"] for event in told} == {"paper"} and {event["recorded_by"] for event in told} == {
        "piotr"
    }
    assert [event["by"] for event in told[1:]] == ["anna", "piotr", "anna", "piotr"]
    assert (
        len({event["recorded_at"][:16] for event in told}) == 1
        and told[1]["at"] < told[2]["at"] < told[3]["at"]
    )
    status = json.loads(bcp(folder, "incident", "status", "--json").stdout)
    assert status["facts"]["ticket"] == "T-77" and len(status["measures"]) == 1
    assert bcp(folder, "incident", "verify").returncode == 0
    assert "[from paper]" in bcp(folder, "incident", "log").stdout


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("3,+20,x,AN,,\n5,+10,x,PL,,\n", "which comes first"),
        ("2,+10,x,PL,,\n", "the answer is missing: ticket"),
        ("1,+10,x,AN,,\n3,+12,skip,AN,,\n", "needs its reason"),
        ("1,+500,x,AN,,\n", "still to come"),
        ("9,+5,x,AN,,\n", 'the sheet has no step "9"'),
        ("1,noonish,x,AN,,\n", "is not a time"),
        ("1,+5,x,QQ,,\n", 'nobody here is called "QQ"'),
        ("5,+5,x,AN,,\n", "its measure is not in force"),
        ("1,+5,x,AN,,loud=yes\n", 'does not ask for "loud"'),
    ],
)
def test_a_line_that_does_not_fit_is_told_and_nothing_is_written(
    tmp_path: Path, rows: str, sentence: str
) -> None:
    folder, arguments = from_nothing(tmp_path, rows)
    ran = bcp(folder, *arguments)
    assert ran.returncode == 2
    assert sentence in ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr
    assert json.loads(bcp(folder, "incident", "list", "--json").stdout) == []


def test_all_mistakes_of_a_table_are_told_at_once(tmp_path: Path) -> None:
    folder, arguments = from_nothing(tmp_path, "1,noonish,x,AN,,\n2,+5,perhaps,AN,,\n")
    told = bcp(folder, *arguments).stderr
    assert "paper.csv:2:" in told and "paper.csv:3:" in told


@pytest.mark.parametrize(
    ("encoding", "mark"), [("cp1250", ";"), ("utf-16", "\t"), ("utf-8-sig", ","), ("utf-8", ";")]
)
def test_a_table_is_read_as_spreadsheets_save_it(tmp_path: Path, encoding: str, mark: str) -> None:
    folder, arguments = from_nothing(tmp_path, "")
    cells = (
        ("step", "time", "outcome", "initials", "result"),
        ("log", "+5", "", "PL", "Łącze wróciło o świcie"),
    )
    text = "".join(mark.join(row) + "\r\n" for row in cells)
    (folder / "paper.csv").write_bytes(text.encode(encoding))
    ran = bcp(folder, *arguments)
    assert ran.returncode == 0, ran.stderr
    told = json.loads(bcp(folder, "incident", "log", "--json").stdout)
    assert [event["data"]["text"] for event in told if event["kind"] == "note.written"] == [cells[1][-1]]


def test_what_is_no_table_is_told_with_its_place(tmp_path: Path) -> None:
    folder, arguments = from_nothing(tmp_path, '1,+5,done,PL,"never ends\n')
    ran = bcp(folder, *arguments)
    assert ran.returncode == 2 and "paper.csv:2:14: this quoted cell never ends" in ran.stderr


def test_paper_is_added_to_an_incident_that_began_on_the_screen(tmp_path: Path) -> None:
    folder = office(tmp_path)
    bcp(folder, "incident", "start", "outage")
    assert bcp(folder, "incident", "step", "done", "look").returncode == 0
    (folder / "paper.csv").write_text(
        "step;time;outcome;initials\n1;+0;x;AN\n3;+0;x;PL\n", encoding="utf-8-sig"
    )
    ran = bcp(folder, "incident", "record", "--csv", "paper.csv")
    assert ran.returncode == 0, ran.stderr
    told = json.loads(bcp(folder, "incident", "log", "--json").stdout)
    assert [event["data"].get("step") for event in told if event["how"] == "paper"] == ["tell"]


def test_without_a_terminal_nobody_can_read_the_paper(tmp_path: Path) -> None:
    folder = office(tmp_path)
    bcp(folder, "incident", "start", "outage")
    assert bcp(folder, "incident", "record").returncode == 9


def test_a_person_is_led_through_the_sheet_and_may_skip_go_back_and_refuse(tmp_path: Path) -> None:
    folder = office(tmp_path)
    begun = ["--runbook", "outage", "--started", minutes_ago(60)]
    child = spawn(
        sys.executable,
        ["-m", "bcp", "incident", "record", *begun, "--by", "anna"],
        cwd=str(folder),
        encoding="utf-8",
        timeout=20,
        dimensions=(40, 120),
    )
    for expected, typed in [
        ("1  Look at the lights", "tomorrow x AN"),
        ("is not a time", ""),
        ("2  Call them", "<"),
        ("1  Look at the lights", "+2 x AN"),
        ("2  Call them", "+10 x PL"),
        ("Ticket number", "T-77"),
        ("3  Tell all", "+20"),
        ("4  Look again", "end"),
        ("3  Tell all", "yesterday"),
        ("is not a time", "+40 PL"),
        ("Promises", "+11 | Netia, Kowalski | modem by courier"),
        ("four or five parts", "+11 | Netia, Kowalski | modem by courier | in 10 minutes | no +30"),
        ("BROKEN.*came true", "+31|Netia|all is well|in 2 days"),
        ("Netia: all is well", "<"),
        (" ", ""),
        ("Log", "+12 PL the neighbour is dark, too"),
        ("Piotr Lis: the neighbour", "+13 called again"),
        ("called again", ""),
        ("What to improve", "a second torch"),
        ("a second torch", "what is this"),
        ("what is this", "<"),
        (" ", ""),
        ("Write all of this", "perhaps"),
        ("or the number of a line, such as", "r2"),
        ("r2 once more", "+12 PL the neighbours are dark, too"),
        ("neighbours.*Write all of this", "yes"),
    ]:
        child.expect(expected)
        child.expect("> ")
        child.sendline(typed)
    child.expect("Written down")
    child.expect(pexpect.EOF)
    told = json.loads(bcp(folder, "incident", "log", "--json").stdout)
    assert [event["data"].get("step") for event in told[1:5]] == ["look", "call", "tell", "tell.undo"]
    assert told[2]["data"]["facts"] == {"ticket": "T-77"}
    assert [event["kind"] for event in told[5:]] == [
        *("promise.made", "promise.broken", "promise.kept", "note.written", "note.written", "review.written")
    ]
    assert told[8]["data"]["text"] == "the neighbours are dark, too"
    assert told[10]["data"] == {"about": "improve", "text": "a second torch"}
    assert {event["how"] for event in told} == {"paper"} and told[8]["by"] == "piotr"
    status = json.loads(bcp(folder, "incident", "status", "--json").stdout)
    assert [measure["on"] for measure in status["measures"]] == [False]


def test_a_line_that_clashes_is_asked_again_and_nothing_else_is_lost(tmp_path: Path) -> None:
    folder = office(tmp_path)
    child = spawn(
        sys.executable,
        [
            "-m",
            "bcp",
            "incident",
            "record",
            "--runbook",
            "outage",
            "--started",
            minutes_ago(60),
            "--by",
            "anna",
        ],
        cwd=str(folder),
        encoding="utf-8",
        timeout=20,
        dimensions=(40, 120),
    )
    for expected, typed in [
        ("1  Look at the lights", "+20 x AN"),
        ("2  Call them", "+10 x PL"),
        ("Ticket number", "T-78"),
        ("3  Tell all", "+30 x PL"),
        ("4  Look again", "end"),
        ("off since when", "+25 PL"),
        ("Promises", "end"),
        ("These lines do not fit.*5  Tell them again", "+35 x PL"),
        ("Write all of this", "2"),
        ("2  Call them", "+26 x PL"),
        ("Ticket number. .T-78.", ""),
        ("Write all of this", "1"),
        ("1  Look at the lights", "+21 x AN"),
        ("Write all of this", "yes"),
    ]:
        child.expect(expected)
        child.expect("> ")
        child.sendline(typed)
    child.expect("Written down")
    child.expect(pexpect.EOF)
    told = json.loads(bcp(folder, "incident", "log", "--json").stdout)
    assert [event["data"]["step"] for event in told[1:]] == ["look", "call", "tell", "tell.undo"]
    assert told[2]["data"]["facts"] == {"ticket": "T-78"}


TABLES = """\
1,+2,x,AN,,
promise,+11,no,PL,modem by courier,"from=Netia Plus, Kowalski; due=in 10 minutes"
promise,+12,+20,PL,call back,from=Hosting; due=in 10 minutes
promise,+15,,PL,all is well,from=netia plus; due=in 3 days
log,+13,,PL,the neighbour is dark too,
D1,+30,go,AN,,
"""
DECISION = """
decisions:
  - {decision: long, question: Do we go home?, who: lead, at: 2h, answers: [{answer: go}, {answer: stay}], default: go}
"""


def with_decision(folder: Path) -> Path:
    return office_in(folder, outage=runbook(PHASES + DECISION))


def test_promises_the_log_and_decisions_come_back_from_a_table(tmp_path: Path) -> None:
    folder, arguments = from_nothing(tmp_path, TABLES)
    with_decision(tmp_path)
    ran = bcp(folder, *arguments, BCP_PERSON="anna")
    assert ran.returncode == 0, ran.stderr
    assert "BROKEN" in ran.stdout and "the neighbour is dark" in ran.stdout, "the whole is shown"
    promises = json.loads(bcp(folder, "promise", "list", "--json").stdout)
    assert [(each["promise"], each["from"], each["state"]) for each in promises] == [
        ("p1", "Netia Plus", "broken"),
        ("p2", "Hosting", "kept"),
        ("p3", "netia plus", "open"),
    ]
    assert promises[0]["said_by"] == "Kowalski" and promises[0]["said"] == "in 10 minutes"
    told = json.loads(bcp(folder, "incident", "log", "--json").stdout)
    assert {event["how"] for event in told} == {"paper"} and {event["recorded_by"] for event in told} == {
        "anna"
    }
    made = next(event for event in told if event["kind"] == "promise.made")
    assert told[1]["at"] < made["at"] and made["by"] == "piotr"
    (answered,) = [event for event in told if event["kind"] == "decision.answered"]
    assert (answered["data"]["answer"], answered["by"]) == ("go", "anna")
    assert bcp(folder, "incident", "verify").returncode == 0


def test_what_the_journal_knows_of_promises_and_decisions_is_not_written_twice(tmp_path: Path) -> None:
    folder, arguments = from_nothing(tmp_path, TABLES)
    with_decision(tmp_path)
    assert bcp(folder, *arguments).returncode == 0
    before = json.loads(bcp(folder, "incident", "log", "--json").stdout)
    rows = [line for line in TABLES.splitlines() if line.startswith(("promise", "D1"))]
    head = "step,time,outcome,initials,result,facts"
    (folder / "paper.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    assert bcp(folder, "incident", "record", "--csv", "paper.csv").returncode == 0
    assert json.loads(bcp(folder, "incident", "log", "--json").stdout) == before


def test_a_step_that_stands_twice_in_a_table_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    folder, arguments = from_nothing(
        tmp_path, 'log,+5,,PL,"two\nlines",\n1,+10,done,PL,,\n1,+12,failed,PL,why,\n'
    )
    ran = bcp(folder, *arguments)
    assert ran.returncode == 2 and 'paper.csv:5: the step "1" is there twice' in ran.stderr
    assert bcp(folder, "incident", "list", "--json").stdout.strip() == "[]"


def test_a_line_of_the_log_that_begins_with_a_small_word_is_nobodys_initials(tmp_path: Path) -> None:
    staged = stage(tmp_path, PHASES)
    now = staged.clock.now()
    paper = transcript_of(SheetReader(staged.incident(), "piotr", Place("PL", WARSAW, now)))
    ask_rows(paper, iter(["", "+0 an engineer came", "+0 AN called Netia", "", ""]).__next__)
    assert [(row.event.by, row.event.data["text"]) for row in paper.rows if isinstance(row, EventRow)] == [
        ("piotr", "an engineer came"),
        ("anna", "called Netia"),
    ]


TWO_AT_ONE_TIME = """promise,+11,,PL,modem by courier,from=Netia; due=in 10 minutes
promise,+11,,PL,technician on site,from=Netia; due=in 10 minutes
"""


def test_two_promises_of_one_provider_for_one_time_are_two(tmp_path: Path) -> None:
    folder, arguments = from_nothing(tmp_path, TWO_AT_ONE_TIME)
    for _time in range(2):
        assert bcp(folder, *arguments).returncode == 0
        promises = json.loads(bcp(folder, "promise", "list", "--json").stdout)
        assert [each["what"] for each in promises] == ["modem by courier", "technician on site"]
        arguments = ("incident", "record", "--csv", "paper.csv")


def test_a_known_promise_in_other_words_is_one_and_the_same_for_one_row_only(tmp_path: Path) -> None:
    first, second = TWO_AT_ONE_TIME.splitlines()
    folder, arguments = from_nothing(tmp_path, f"{first}\n")
    head = (folder / "paper.csv").read_text(encoding="utf-8").splitlines()[0]
    assert bcp(folder, *arguments).returncode == 0
    rows = [first.replace("modem by courier", "the modem"), second]
    (folder / "paper.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    assert bcp(folder, "incident", "record", "--csv", "paper.csv").returncode == 0
    promises = json.loads(bcp(folder, "promise", "list", "--json").stdout)
    assert [each["what"] for each in promises] == ["modem by courier", "technician on site"]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("promise,+11,,PL,modem,from=Netia; due=soon", "by when was it promised?"),
        ("promise,+11,,PL,modem,due=in 10 minutes", "a promise says who promised what"),
        ("promise,+11,no,PL,modem,from=Netia; due=in 5 days", "its time is still to come"),
        ("promise,+11,+5,PL,modem,from=Netia; due=in 10 minutes", "is before it was promised"),
        ("promise,+500,,PL,modem,from=Netia; due=in 5 days", "still to come"),
        ("log,+11,,PL,,", "this line of the log says nothing"),
        ("log,+11,,QQ,called,", 'nobody here is called "QQ"'),
        ("D1,+11,maybe,PL,,", '"maybe" is no answer'),
        ("D7,+11,go,PL,,", 'the sheet has no step "D7"'),
    ],
)
def test_a_row_that_does_not_fit_is_told_with_its_line_and_nothing_is_written(
    tmp_path: Path, row: str, sentence: str
) -> None:
    folder, arguments = from_nothing(tmp_path, f"1,+2,x,AN,,\n{row}\n")
    with_decision(tmp_path)
    ran = bcp(folder, *arguments)
    assert ran.returncode == 2
    assert sentence in ran.stderr and "paper.csv:3:" in ran.stderr
    assert json.loads(bcp(folder, "incident", "list", "--json").stdout) == []


def test_a_time_of_the_clock_before_t0_is_read_as_the_next_day(tmp_path: Path) -> None:
    """6:30 on a sheet that began at 7:50 is the next morning; two days back no time is."""
    with pytest.raises(InputError, match="still to come"):
        read_time("6:30", START, START + timedelta(hours=2), WARSAW)


def test_a_row_of_a_table_may_leave_out_the_outcome_and_the_initials(tmp_path: Path) -> None:
    folder, arguments = from_nothing(tmp_path, "1,+2,,,cable was loose,\n")
    ran = bcp(folder, *arguments, BCP_PERSON="piotr")
    assert ran.returncode == 0, ran.stderr
    told = json.loads(bcp(folder, "incident", "log", "--json").stdout)
    assert (told[1]["by"], told[1]["data"]["outcome"], told[1]["data"]["note"]) == (
        "piotr",
        "done",
        "cable was loose",
    )


def test_a_whole_name_in_a_column_of_a_table_is_that_person_and_no_part_of_the_note(tmp_path: Path) -> None:
    folder, arguments = from_nothing(tmp_path, "1,+2,done,Anna Nowak,cable was loose,\n")
    ran = bcp(folder, *arguments, BCP_PERSON="piotr")
    assert ran.returncode == 0, ran.stderr
    told = json.loads(bcp(folder, "incident", "log", "--json").stdout)
    assert (told[1]["by"], told[1]["data"]["note"]) == ("anna", "cable was loose")


def test_a_step_that_was_ticked_without_a_time_has_that_of_the_step_before_and_says_so(
    tmp_path: Path,
) -> None:
    folder, arguments = from_nothing(tmp_path, "1,+7,x,AN,,\n3,?,x,PL,all told,\n4,?,,,,\n")
    ran = bcp(folder, *arguments, BCP_PERSON="piotr")
    assert ran.returncode == 0, ran.stderr
    told = json.loads(bcp(folder, "incident", "log", "--json").stdout)[1:]
    assert len({event["at"][:16] for event in told}) == 1
    assert [event["data"].get("note") for event in told] == [
        *(None, "all told (no time on paper)", "(no time on paper)")
    ]


def test_a_line_of_the_log_without_a_time_has_that_of_the_line_before(tmp_path: Path) -> None:
    staged = stage(tmp_path, PHASES)
    now = staged.clock.now()
    paper = transcript_of(SheetReader(staged.incident(), "piotr", Place("PL", WARSAW, now)))
    ask_rows(paper, iter(["", "? AN it rains", "", ""]).__next__)
    (row,) = paper.rows
    assert isinstance(row, EventRow)
    assert (row.event.by, row.event.data["text"]) == ("anna", "it rains (no time on paper)")


def test_a_sheet_is_filled_in_without_a_terminal_and_a_question_is_asked_until_it_is_answered(
    tmp_path: Path,
) -> None:
    staged = stage(tmp_path, PHASES)
    incident, now = staged.incident(), staged.clock.now()
    sheet = transcript_of(SheetReader(incident, "piotr", Place("PL", WARSAW, now)))
    answers, whys = iter(["", "T-7"]), []

    def ask(fact: Fact, why: str) -> str:
        whys.append(why)
        return next(answers)

    sheet.add_line(incident["look"], "+0 x AN", ask)
    sheet.add_line(incident["call"], "+0 x", ask)
    sheet.add_row("log", "+0 AN it rains")
    assert whys == ["", "This answer is wanted. Type ? where nothing stands on paper."]
    written = [(each.kind, each.by, each.how, each.recorded_by) for each in sheet.entries(incident, now)]
    assert written == [
        ("step.settled", "anna", "paper", "piotr"),
        ("step.settled", "piotr", "paper", "piotr"),
        ("note.written", "anna", "paper", "piotr"),
    ]


def test_a_line_that_was_left_at_its_question_waits_and_is_not_written(tmp_path: Path) -> None:
    staged = stage(tmp_path, PHASES)
    incident, now = staged.incident(), staged.clock.now()
    sheet = transcript_of(SheetReader(incident, "piotr", Place("PL", WARSAW, now)))

    def leave(fact: Fact, why: str) -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sheet.add_line(incident["call"], "+0 x AN", leave)
    assert [(step, typed.text) for step, typed in sheet.pending.items()] == [("call", "+0 x AN")]
    assert not sheet.count and not sheet.entries(incident, now)
