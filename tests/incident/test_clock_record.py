"""A computer's clock that cannot be believed: it is said, nothing is counted by it, and the start is put right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bcp.app.incident import amend
from bcp.app.session import Session
from bcp.errors import InputError
from bcp.event import unseal
from bcp.incident import deciding, decision_due, view
from bcp.incident import due as dues
from bcp.incident.activity import downtimes, reach
from bcp.incident.clock_words import clock_doubts
from bcp.incident.journal_text import JournalWords
from bcp.incident.report import lasted
from bcp.incident.state import Incident
from tests.frozen import START, FrozenClock
from tests.incident.test_activity import counting
from tests.offices import STREAM, Script, Stage, bcp

DEAD = datetime(2020, 1, 1, 0, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
DECISION = """
decisions:
  - decision: plan-b
    question: Plan B?
    at: 2h
    answers: [{answer: go}, {answer: stay}]
    default: go
    auto: true
"""
PHASES = """
  - phase: A
    within: 15m
    steps:
      - {step: look, title: Look, by_hand: Do., manual: {}}
      - {step: call, title: Call, by_hand: Do., manual: {}}
      - {step: wait, title: Wait, by_hand: Do., manual: {}}
"""


def begun_at(folder: Path, moment: datetime) -> Stage:
    """An incident that began when the computer's clock showed this."""
    office = counting(folder / "office", "stops: [internet]" + DECISION, PHASES)
    return Stage(office, FrozenClock(moment))


def note(staged: Stage) -> None:
    staged.write("note.written", {"text": "the clock"})


def put_right(staged: Stage, typed: str, reason: str = "a dead clock") -> None:
    session = Session(str(staged.office), {"BCP_PERSON": "anna"}, staged.clock)
    amend.began(session, staged.book(), typed, reason, "anna")


def all_that_is_counted(incident: Incident, now: datetime) -> list[object]:
    """Whatever any screen, any data and any report says of lengths since the start; empty where there is nothing."""
    shown = view.status(incident, now, lambda _step: False)
    phase = incident.phases[0].due
    assert phase is not None
    found = [
        view.time_left(incident, phase, now),
        reach(incident, now),
        downtimes(incident, now),
        shown["out_of_reach"],
        [each["late"] for each in shown["phases"] if each["late"]],
        decision_due.due(incident, now),
        [line for line in dues.clocks(incident, now) if line not in clock_doubts(incident, now)],
        [row for row in lasted.summary(incident, now).rows if row[0] == "Lasted" and row[1] != "not known"],
        lasted.targets(incident, now).rows,
    ]
    return [each for each in found if each]


def lines(staged: Stage) -> list[str]:
    events = [unseal(row) for row in staged.log.rows(STREAM)]
    return [JournalWords(events[0]).line_to_keep(event) for event in events]


@pytest.mark.parametrize(
    ("shown", "then"),
    [(DEAD, START), (datetime(2035, 5, 1, tzinfo=UTC), START), (START - timedelta(days=300), START)],
    ids=["dead", "ahead", "months behind"],
)
def test_of_a_start_by_a_wrong_clock_nothing_is_counted_until_it_is_put_right(
    tmp_path: Path, shown: datetime, then: datetime
) -> None:
    staged = begun_at(tmp_path, shown)
    staged.clock.go_on(timedelta(minutes=3))
    staged.run(Script({"call": "pause"}))
    staged.clock.set_to(then)
    for _written in range(2):
        incident, now = staged.incident(), staged.clock.now()
        assert all_that_is_counted(incident, now) == []
        assert "amend --began" in " ".join(clock_doubts(incident, now))
        assert not deciding.strike(staged.book(), "watch", now)
        note(staged)
    put_right(staged, "7:45")
    incident, now = staged.incident(), staged.clock.now()
    assert clock_doubts(incident, now) == []
    assert incident.opened_at == then - timedelta(minutes=5)
    assert incident["look"].at == incident.opened_at + timedelta(minutes=3), "it moves along"
    assert view.time_left(incident, incident.phases[0].due or now, now) == "10 min left"
    assert incident.decisions["plan-b"].due == incident.opened_at + 2 * HOUR
    assert downtimes(incident, now)["internet"].length == timedelta(minutes=5)
    (row,) = (row for row in lasted.summary(incident, now).rows if row[0] == "Begun, put right")
    assert "was written down first: a dead clock" in row[1]
    said = "\n".join(lines(staged))
    assert "slept or was off, or its clock was set" in said
    assert "it began Thu 26 Nov 2026 07:45 CET, not " in said and "a dead clock" in said


def test_a_clock_that_shows_a_year_before_this_program_was_written_is_named_at_once(tmp_path: Path) -> None:
    staged = begun_at(tmp_path, DEAD)
    incident, now = staged.incident(), staged.clock.now()
    (only,) = clock_doubts(incident, now)
    assert only.startswith("This computer's clock is wrong: it says Wed 1 Jan 2020 01:05 CET")
    assert only in dues.clocks(incident, now) and only in dues.clock_line(incident, now)
    staged.clock.go_on(HOUR)
    later = view.time_left(incident, incident.target, staged.clock.now())
    assert later == "7 h left", "by one and the same clock a length is a length"


def test_a_clock_that_dies_in_mid_incident_is_named_and_takes_nothing_from_the_start(tmp_path: Path) -> None:
    staged = begun_at(tmp_path, START)
    staged.clock.set_to(DEAD)
    assert all_that_is_counted(staged.incident(), DEAD) == []
    note(staged)
    assert staged.kinds()[-2:] == ["note.written", "clock.doubted"]
    staged.clock.set_to(START + HOUR)
    note(staged)
    incident, now = staged.incident(), staged.clock.now()
    assert clock_doubts(incident, now) == []
    assert view.time_left(incident, incident.target, now) == "7 h left"


def test_a_clock_before_the_last_entry_is_said_and_minutes_between_two_computers_are_not(
    tmp_path: Path,
) -> None:
    staged = begun_at(tmp_path, START)
    staged.clock.set_to(START - timedelta(minutes=4))
    note(staged)
    assert clock_doubts(staged.incident(), staged.clock.now()) == [] and "clock.doubted" not in staged.kinds()
    staged.clock.set_to(START - HOUR)
    (said,) = clock_doubts(staged.incident(), staged.clock.now())
    assert "says Thu 26 Nov 2026 06:50 CET, and the last entry is of Thu 26 Nov 2026 07:46 CET" in said
    note(staged)
    assert staged.kinds()[-1] == "clock.doubted"
    (said,) = clock_doubts(staged.incident(), staged.clock.now())
    assert "the last entry is of Thu 26 Nov 2026 07:46 CET" in said, "also beside the answer of that command"
    staged.clock.set_to(START + HOUR)
    note(staged)
    assert clock_doubts(staged.incident(), staged.clock.now()) == []


def test_a_clock_that_was_far_ahead_for_a_while_takes_nothing_from_the_start(tmp_path: Path) -> None:
    staged = begun_at(tmp_path, START)
    staged.clock.set_to(START + timedelta(days=3650))
    note(staged)
    assert not staged.incident().clock.counts(staged.clock.now())
    staged.clock.set_to(START + HOUR)
    note(staged)
    note(staged)
    incident, now = staged.incident(), staged.clock.now()
    assert clock_doubts(incident, now) == []
    assert view.time_left(incident, incident.target, now) == "7 h left"


def test_a_long_plan_with_nothing_written_for_weeks_is_no_jump(tmp_path: Path) -> None:
    staged = begun_at(tmp_path, START)
    staged.clock.go_on(timedelta(days=60))
    assert clock_doubts(staged.incident(), staged.clock.now()) == []


@pytest.mark.parametrize(
    ("jump", "written"), [(3 * HOUR, True), (-HOUR, True), (timedelta(minutes=20), False)]
)
def test_a_jump_while_somebody_sits_at_the_screen_is_said_and_written(
    tmp_path: Path, jump: timedelta, written: bool
) -> None:
    staged = begun_at(tmp_path, START)
    staged.clock.go_on(4 * HOUR)

    def set_it() -> None:
        staged.clock.set_to(staged.clock.now() + jump)

    guide = Script({"call": Script.after(set_it), "wait": "pause"})
    staged.run(guide)
    assert ("clock.doubted" in staged.kinds()) is written
    shown = [*guide.told, *(step.clocks for step in guide.views)]
    assert any("clock was set" in text or "Look at the clock" in text for text in shown) is written


def test_an_evening_that_passes_at_the_screen_is_no_jump(tmp_path: Path) -> None:
    staged = begun_at(tmp_path, START)
    staged.run(Script({"call": Script.after(lambda: staged.clock.go_on(10 * HOUR)), "wait": "pause"}))
    assert "clock.doubted" not in staged.kinds()


def test_a_start_that_was_typed_wrong_is_put_right_and_nothing_but_its_deadlines_moves(
    tmp_path: Path,
) -> None:
    staged = begun_at(tmp_path, START)
    staged.clock.go_on(HOUR)
    staged.run(Script({"call": "pause"}))
    done_at = staged.incident()["look"].at
    put_right(staged, "7:20", "we saw it half an hour before")
    incident = staged.incident()
    assert incident.opened_at == START - HOUR / 2 and incident["look"].at == done_at
    assert incident.phases[0].due == incident.opened_at + HOUR / 4
    assert incident.decisions["plan-b"].due == incident.opened_at + 2 * HOUR


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("8:51", 'is after "Look", which was at Thu 26 Nov 2026 08:50 CET'),
        ("9:30", "is still to come"),
        ("2035-01-01 8:00", "is still to come"),
        ("9999-12-31 8:00", "is still to come"),
        ("2016-11-26 8:00", "is more than a year ago"),
        ("soon", "is not a time"),
    ],
)
def test_a_start_that_cannot_be_is_refused(tmp_path: Path, typed: str, why: str) -> None:
    staged = begun_at(tmp_path, START)
    staged.clock.go_on(HOUR)
    staged.run(Script({"call": "pause"}))
    staged.clock.go_on(HOUR / 6)
    with pytest.raises(InputError, match=why) as refused:
        put_right(staged, "2026-11-26 9:30" if typed == "9:30" else typed)
    assert "--at" not in refused.value.hint, "that is no option of this command"
    with pytest.raises(InputError, match="why is the start another one"):
        put_right(staged, "7:40", " ")
    assert "start.put-right" not in staged.kinds()


def test_an_incident_that_begins_before_the_last_entry_of_another_says_so(tmp_path: Path) -> None:
    staged = begun_at(tmp_path, datetime.now(UTC) + timedelta(days=30))
    note(staged)
    other = staged.office / "runbooks" / "other.yaml"
    text = (staged.office / "runbooks" / "outage.yaml").read_text(encoding="utf-8")
    other.write_text(text.replace("runbook: outage", "runbook: other"), encoding="utf-8")
    begun = bcp(staged.office, "incident", "start", "other")
    assert "This computer's clock says" in begun.stderr and "Look at the clock." in begun.stderr
