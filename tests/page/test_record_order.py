"""What stands on paper is taken: in any order, by two people at once; only what cannot be is refused."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pexpect
import pytest

from bcp.app.incident.record_paper import paper_start
from bcp.app.session import Session
from bcp.app.transcribe import Transcription, transcript_of
from bcp.errors import InputError
from bcp.fact import Place
from bcp.incident.answer import StepOutcome, settle
from bcp.transcript.before_start import BeforeStart
from bcp.transcript.line import SheetReader, split_step
from bcp.transcript.order import out_of_order
from tests.frozen import START, FrozenClock
from tests.offices import Stage, bcp, office_in, runbook, stage
from tests.page.test_record import from_nothing
from tests.terminal import spawn

WARSAW = ZoneInfo("Europe/Warsaw")
MARK = "(not in the sheet's order)"
STEPS = ("a", "b", "c", "d", "e")
PHASES = "  - phase: P\n    steps:\n" + "".join(
    f"      - {{step: {name}, title: Step {name}, by_hand: Do., manual: {{}}}}\n" for name in STEPS
)


@pytest.fixture
def staged(tmp_path: Path) -> Stage:
    staged = stage(tmp_path, PHASES)
    staged.clock.go_on(timedelta(days=2))
    return staged


def reader(staged: Stage) -> SheetReader:
    return SheetReader(staged.incident(), "anna", Place("PL", WARSAW, staged.clock.now()))


def times(text: str) -> dict[str, datetime]:
    """Times of the steps in their order, such as `8:00 8:12`; `-` for a step that was not done."""
    clocks = [START.astimezone(WARSAW).replace(hour=int(each[:-3]), minute=int(each[-2:])).astimezone(UTC)
              if each != "-" else None for each in text.split()]  # fmt: skip
    return {step: at for step, at in zip(STEPS, clocks, strict=False) if at is not None}


@pytest.mark.parametrize(
    ("written", "marked"),
    [
        ("8:00 8:05 8:10 8:20 8:30", ""),
        ("8:00 8:00 8:00 8:00 8:00", ""),
        ("8:00 8:20 8:10", "b"),
        ("8:00 11:00 8:10 8:20 8:30", "b"),
        ("8:40 8:05 8:10 8:20 8:30", "a"),
        ("8:00 8:05 8:10 8:20 8:01", "e"),
        ("8:31 - - 8:20", "a"),
    ],
)
def test_the_fewest_lines_are_marked_that_do_not_follow_the_order_of_the_sheet(
    staged: Stage, written: str, marked: str
) -> None:
    assert len(out_of_order(staged.incident(), times(written))) == len(marked)
    if len(written.split()) == len(STEPS):
        assert out_of_order(staged.incident(), times(written)) == set(marked)


def test_what_the_journal_knows_is_not_what_is_out_of_order(staged: Stage) -> None:
    said = StepOutcome("done", "anna", at=times("- 9:00")["b"])
    settle(staged.book(), "b", said, staged.clock.now())
    assert out_of_order(staged.incident(), times("- - 8:10")) == {"c"}


def test_in_a_phase_that_may_be_done_in_any_order_nothing_is_out_of_it(tmp_path: Path) -> None:
    free = stage(tmp_path, PHASES.replace("  - phase: P\n", "  - phase: P\n    any_order: true\n"))
    assert out_of_order(free.incident(), times("8:30 8:20 8:10")) == frozenset()


def test_a_table_of_two_people_side_by_side_is_taken_and_marked(tmp_path: Path) -> None:
    folder, arguments = from_nothing(tmp_path, "1,+25,x,AN,,\n2,+10,x,PL,,ticket=T-1\n3,+20,x,PL,all,\n")
    ran = bcp(folder, *arguments)
    assert ran.returncode == 0, ran.stderr
    assert "not in the sheet's order, and are marked: 1." in ran.stderr and ran.stdout.count(MARK) == 1
    told = json.loads(bcp(folder, "incident", "log", "--json").stdout)[1:]
    assert [event["data"]["step"] for event in told] == ["look", "call", "tell"]
    assert [event["data"].get("note", "") for event in told] == [MARK, "", "all"]
    assert bcp(folder, "incident", "verify").returncode == 0


def test_one_step_from_paper_is_taken_out_of_order_and_marked(tmp_path: Path) -> None:
    folder, arguments = from_nothing(tmp_path, "3,+30,x,PL,,\n")
    assert bcp(folder, *arguments).returncode == 0
    began = datetime.fromisoformat(
        json.loads(bcp(folder, "incident", "status", "--json").stdout)["opened_at"]
    )
    at = f"{(began + timedelta(minutes=40)).astimezone(WARSAW):%Y-%m-%d %H:%M}"
    done = bcp(folder, "incident", "step", "done", "look", "--at", at, "--paper")
    assert done.returncode == 0, done.stderr
    assert MARK in bcp(folder, "incident", "log").stdout


def test_a_time_of_day_before_t0_is_a_slip_or_the_next_day_and_no_other_line_is_blamed(
    tmp_path: Path,
) -> None:
    folder, arguments = from_nothing(tmp_path, "")
    before = "step,time,outcome,initials,result,facts\n1,7:40,x,AN,,\n3,8:05,x,PL,,\n4,8:10,x,PL,,\n"
    (folder / "paper.csv").write_text(before, encoding="utf-8")
    day = datetime.now(WARSAW).date() - timedelta(days=3)
    arguments[-1] = f"{day} 7:50"
    refused = bcp(folder, *arguments)
    assert refused.returncode == 2
    assert 'paper.csv:2: "7:40" is before T0 (07:50): a slip, or the next day?' in refused.stderr
    assert "paper.csv:3" not in refused.stderr and "paper.csv:4" not in refused.stderr
    dated = before.replace("7:40", f"{day + timedelta(days=1)} 7:40")
    (folder / "paper.csv").write_text(dated, encoding="utf-8")
    taken = bcp(folder, *arguments)
    assert taken.returncode == 0, taken.stderr


def test_a_night_goes_on_behind_midnight_without_a_question(tmp_path: Path) -> None:
    clock = FrozenClock(datetime(2026, 11, 26, 21, 0, tzinfo=UTC))
    staged = Stage(office_in(tmp_path, outage=runbook(PHASES)), clock)
    clock.go_on(timedelta(days=2))
    assert reader(staged).time("1:30") == datetime(2026, 11, 27, 0, 30, tzinfo=UTC)
    with pytest.raises(BeforeStart) as asked:
        reader(staged).time("21:40")
    assert asked.value.next_day == "2026-11-27 21:40"


def test_a_time_before_a_t0_of_today_is_not_called_still_to_come(tmp_path: Path) -> None:
    staged = stage(tmp_path, PHASES)
    staged.clock.go_on(timedelta(minutes=20))
    with pytest.raises(BeforeStart, match=r'^"7:40" is before T0 \(07:50\)$') as asked:
        reader(staged).time("7:40")
    assert asked.value.next_day == ""


@pytest.mark.parametrize("lived", ["on paper only", "on the screen, too"])
def test_a_t0_that_is_too_late_is_put_right_by_the_command_that_is_printed(
    tmp_path: Path, lived: str
) -> None:
    staged = stage(tmp_path, PHASES)
    staged.clock.go_on(timedelta(minutes=20))
    session = Session(str(staged.office), {"BCP_PERSON": "anna"}, staged.clock)
    entering, other = (
        Transcription(session, staged.book(), "anna"),
        "amend --incident 2026-11-26-outage --began",
    )
    if lived == "on paper only":
        start = paper_start(session, "outage", "drill", "anna", "7:50")
        entering, other = (
            Transcription.from_nothing(session, start.entry, start.stream),
            "record --runbook outage",
        )
        other += " --started"
    with pytest.raises(BeforeStart) as asked:
        entering.blank().reader.time("7:40")
    noun = "drill" if lived == "on paper only" else "incident"
    assert f'bcp {noun} {other} "2026-11-26 07:40"' in asked.value.hint


def test_what_happened_while_the_sheet_is_typed_is_not_still_to_come(tmp_path: Path) -> None:
    staged = stage(tmp_path, PHASES)
    staged.clock.go_on(timedelta(minutes=30))
    sheet = transcript_of(reader(staged), now=staged.clock.now)
    staged.clock.go_on(timedelta(minutes=40))
    sheet.add_line(staged.incident()["a"], "8:55 x AN", lambda _fact, _why: "")
    sheet.add_row("log", "8:57 AN it rains")
    assert sheet.count == 2
    with pytest.raises(InputError, match="still to come"):
        sheet.add_line(staged.incident()["b"], "9:40 x AN", lambda _fact, _why: "")


def test_a_clock_that_is_some_minutes_behind_takes_what_was_just_done(tmp_path: Path) -> None:
    staged = stage(tmp_path, PHASES)
    session = Session(str(staged.office), {"BCP_PERSON": "anna"}, staged.clock)
    entering = Transcription(session, staged.book(), "anna")
    sheet = entering.blank()
    sheet.add_line(staged.incident()["a"], "7:54 x AN", lambda _fact, _why: "")
    assert entering.clashes(sheet) == {}


@pytest.mark.parametrize(
    ("typed", "outcome"),
    [("9:12 x AN", "x"), ("9:12 h AN", "done"), ("9:12 d AN no cable", "deferred"), ("9:12 f AN dead", "f")],
)
def test_the_letters_of_a_line_are_the_keys_of_the_screen(typed: str, outcome: str) -> None:
    assert split_step(typed).outcome == outcome


def test_later_without_a_reason_is_told_and_the_key_of_a_pause_is_no_outcome(staged: Stage) -> None:
    sheet = transcript_of(reader(staged))
    step = staged.incident()["a"]
    with pytest.raises(
        InputError, match="d is later here, as on the screen, and needs its reason; done is x"
    ):
        sheet.add_line(step, "9:12 d AN", lambda _fact, _why: "")
    with pytest.raises(InputError, match="p stops here, as on the screen: type it alone"):
        sheet.add_line(step, "9:12 p AN no time", lambda _fact, _why: "")


def typing_from_the_sheet(folder: Path, *more: str) -> pexpect.spawn:
    """Somebody at a terminal who types what stands on the sheet of the runbook."""
    arguments = ["-m", "bcp", "incident", "record", "--runbook", "outage", "--by", "anna", *more]
    return spawn(
        sys.executable, arguments, cwd=str(folder), encoding="utf-8", timeout=20, dimensions=(24, 80)
    )


def test_at_a_terminal_the_next_day_is_asked_about_and_p_pauses_with_all_kept(tmp_path: Path) -> None:
    folder = office_in(tmp_path, outage=runbook(PHASES))
    day = datetime.now(WARSAW).date() - timedelta(days=3)
    child = typing_from_the_sheet(folder, "--started", f"{day} 7:50")
    for expected, typed in [
        ("1  Step a", "7:40 x AN"),
        ("slip: type the line again", ""),
        ("1  Step a", "7:40 x AN"),
        ("before T0.*the next day", "n"),
        ("2  Step b", "9:00 x PL"),
        ("3  Step c", "p"),
    ]:
        child.expect(expected)
        child.expect("> ")
        child.sendline(typed)
    child.expect("Paused. What you typed is kept")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    child = typing_from_the_sheet(folder)
    for expected, typed in [
        ("go on from there", ""),
        ("3  Step c", "end"),
        ("Promises", "end"),
        ("order, and are marked: 1.*Write all of this", "yes"),
    ]:
        child.expect(expected)
        child.expect("> |begin anew[^\n]*")
        child.sendline(typed)
    child.expect("Written down")
    child.expect(pexpect.EOF)
    told = json.loads(bcp(folder, "incident", "log", "--json").stdout)[1:]
    tomorrow = day + timedelta(days=1)
    local = [datetime.fromisoformat(event["at"]).astimezone(WARSAW) for event in told]
    assert [f"{at:%Y-%m-%d %H:%M}" for at in local] == [f"{tomorrow} 07:40", f"{day} 09:00"]


def test_a_question_mark_alone_asks_for_help_and_says_nothing_of_a_step(tmp_path: Path) -> None:
    folder = office_in(tmp_path, outage=runbook(PHASES))
    day = datetime.now(WARSAW).date() - timedelta(days=3)
    child = typing_from_the_sheet(folder, "--started", f"{day} 7:50")
    for expected, typed in [
        ("1  Step a", "?"),
        ("outcomes: x done.*1  Step a", "? x AN"),
        ("2  Step b", "<"),
        (r"1  Step a *\[.*no time on paper", "p"),
    ]:
        child.expect(f"(?s){expected}.*> ")
        child.sendline(typed)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
