"""Where a time that is over is asked for, one to come is refused; a few minutes between two clocks are not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bcp.app.incident.settle import moment_of
from bcp.app.session import Session
from bcp.errors import InputError
from bcp.fact import Fact, Place, StillToCome, read_answer
from tests.frozen import START, FrozenClock
from tests.offices import bcp, office_in, runbook

WARSAW = ZoneInfo("Europe/Warsaw")
HERE = Place("PL", WARSAW, START)
PAST = Fact("down_since", type="datetime")
PHASES = """
  - phase: A
    steps:
      - step: look
        title: Look
        by_hand: Do.
        ask: {questions: [{fact: seen_at, ask: When?, type: datetime}]}
"""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    place = office_in(tmp_path / "office", outage=runbook(PHASES))
    with (place / "bcp.yaml").open("a", encoding="utf-8") as file:
        file.write("activities:\n  - {activity: phone, target: 4h, unbearable_after: 3d, minimum: A human}\n")
    bcp(place, "incident", "start", "outage")
    bcp(place, "promise", "add", "a modem", "--from", "Netia", "--by", "in 2 days")
    return place


@pytest.mark.parametrize("year", ["2035", "9999"])
@pytest.mark.parametrize(
    "typed",
    [
        "incident note hello --at TIME",
        "incident step done look --at TIME --fact seen_at=7:50",
        "incident step done look --fact seen_at=TIME",
        "incident amend --fact down_since=TIME",
        "incident amend --fact phone_down_since=TIME",
        "incident amend --fact restored_at=TIME",
        "incident amend --fact seen_at=TIME",
        "incident amend --began TIME --reason clock",
        "promise add modem --from Netia --by tomorrow --at TIME",
        "promise kept p1 --at TIME",
        "promise broken p1 --at TIME --note late",
        "cost add 10EUR modem --at TIME",
        "incident record --runbook outage --started TIME --csv sheet.csv",
        "claim calculate --line internet --began TIME",
        "claim calculate --line internet --reported TIME",
        "claim calculate --line internet --began 2026-11-01 --restored TIME",
    ],
)
def test_no_command_takes_a_time_to_come_for_one_that_is_over(office: Path, typed: str, year: str) -> None:
    (office / "sheet.csv").write_text("step,time,outcome,initials,result,facts\n1,8:00,d,AN,,\n", "utf-8")
    before = bcp(office, "incident", "log").stdout
    words = [word.replace("TIME", f"{year}-01-01 8:00") for word in typed.split()]
    refused = bcp(office, *words)
    assert refused.returncode == 2, (refused.stdout, refused.stderr)
    assert "still to come" in refused.stderr and "Traceback" not in refused.stderr
    assert bcp(office, "incident", "log").stdout == before


def test_a_line_of_a_table_in_the_future_is_named(office: Path) -> None:
    began = datetime.now(WARSAW) - timedelta(days=2)
    rows = "step,time,outcome,initials,result,facts\n1,2035-01-01 8:00,d,AN,,seen_at=2035-01-01 8:00\n"
    (office / "sheet.csv").write_text(rows, "utf-8")
    started = f"{began:%Y-%m-%d} 7:50"
    refused = bcp(
        office, "incident", "record", "--runbook", "outage", "--started", started, "--csv", "sheet.csv"
    )
    assert refused.returncode == 2 and "sheet.csv:2" in refused.stderr and "still to come" in refused.stderr


def test_an_answer_about_what_is_over_says_which_time_it_could_be() -> None:
    with pytest.raises(StillToCome, match=r'Yesterday\? Then write "2026-11-25 23:50"'):
        read_answer(PAST, "23:50", HERE)
    assert read_answer(PAST, "23:50", HERE._replace(rolls=True)) == "2026-11-25T23:50+01:00"
    with pytest.raises(ValueError, match=r"one that is over is asked for \(now it is Thu 26 Nov 2026 07:50"):
        read_answer(PAST, "2026-11-27 7:50", HERE)
    assert read_answer(PAST, "7:54", HERE) == "2026-11-26T07:54+01:00", "two clocks are never quite the same"


def test_what_was_written_on_paper_is_held_against_the_present_not_against_its_own_time() -> None:
    of_paper = HERE._replace(now=START - timedelta(hours=5), latest=START)
    assert read_answer(PAST, "7:00", of_paper) == "2026-11-26T07:00+01:00"


def test_a_time_asked_for_the_future_is_taken_and_a_slip_of_the_century_is_not() -> None:
    promised = Fact("provider_promise_at", type="datetime")
    assert read_answer(promised, "2026-12-24 12:00", HERE) == "2026-12-24T12:00+01:00"
    coming = Fact("next_update", type="datetime", ahead=True)
    with pytest.raises(ValueError, match="look at the year"):
        read_answer(coming, "9999-12-24 12:00", HERE)


def test_a_few_minutes_between_two_clocks_are_now(tmp_path: Path) -> None:
    session = Session(str(tmp_path), {}, FrozenClock(START))
    assert moment_of(session, WARSAW, "7:54") == START
    assert moment_of(session, WARSAW, "8:20") == datetime(2026, 11, 25, 7, 20, tzinfo=UTC), "yesterday's"
    with pytest.raises(InputError, match=r"08:20 CET is still to come: on this computer it is .* 07:50 CET"):
        moment_of(session, WARSAW, "2026-11-26 8:20")


def test_a_time_of_day_that_means_yesterday_is_said_with_its_day(tmp_path: Path) -> None:
    told: list[str] = []
    session = Session(str(tmp_path), {}, FrozenClock(START), remark=told.append)
    moment_of(session, WARSAW, "7:20")
    moment_of(session, WARSAW, "yesterday 23:20")
    assert told == []
    moment_of(session, WARSAW, "23:20")
    assert told == ['"23:20" is understood as Wed 25 Nov 2026 23:20 CET']
