"""Decisions by the clock: they fall due, are said once, can be put off once, and their default is prepared or begun."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bcp.cli.terminal.step_screen import show_step
from bcp.errors import Conflict, InputError
from bcp.event import NOTHING
from bcp.incident import deciding, decision_due
from bcp.incident import due as dues
from bcp.incident.decision import DecisionState, due_at
from bcp.incident.journal import IncidentJournal
from bcp.incident.memory_log import InMemoryLog
from tests.frozen import FrozenClock
from tests.offices import STREAM, Script, Stage, first_entry, office_in, runbook, stage
from tests.programs import SUCCEEDS

WARSAW = ZoneInfo("Europe/Warsaw")
PHASES = """
  - phase: A
    steps:
      - {step: look, title: Look, by_hand: Do., manual: {}}
      - {step: call, title: Call, by_hand: Do., manual: {}}
"""
PLAN_B = """
  - phase: Home
    within: 1h
    steps:
      - {step: pack, title: Pack the laptops, by_hand: Do., auto: true, command: {run: SUCCEEDS}}
      - {step: leave, title: Leave, by_hand: Do., manual: {}, undo: {title: Come back, by_hand: Do., manual: {}}}
""".replace("SUCCEEDS", SUCCEEDS)
STAND_DOWN = "stand_down:\n  - {step: thank, title: Thank the hosts, by_hand: Do., manual: {}}"


def decision(more: str = "", at: str = "4h") -> str:
    return f"""
decisions:
  - decision: assume-long
    question: Do we move to plan B?
    who: lead
    at: {at}
    or_broken_promises: 2
    or_cost: 500 PLN
    answers:
      - {{answer: plan-b, runbook: home}}
      - {{answer: stay}}
    default: plan-b
    {more}
"""


@pytest.fixture
def staged(tmp_path: Path) -> Stage:
    return stage(tmp_path, PHASES, decision(), home=runbook(PLAN_B, "home", STAND_DOWN))


def only(staged: Stage) -> DecisionState:
    (found,) = staged.incident().decisions.values()
    return found


def is_due(staged: Stage) -> bool:
    return bool(decision_due.due(staged.incident(), staged.clock.now()))


def strike(staged: Stage) -> list[str]:
    return [each.what for each in deciding.strike(staged.book(), "anna", staged.clock.now())]


def test_a_decision_is_due_when_its_time_has_come(staged: Stage) -> None:
    staged.clock.go_on(timedelta(hours=4, seconds=-1))
    assert not is_due(staged)
    staged.clock.go_on(timedelta(seconds=1))
    assert is_due(staged)


def test_two_broken_promises_or_the_cost_make_it_due_before_its_time(staged: Stage) -> None:
    found = only(staged)
    now = staged.clock.now()
    assert found.why_due(now, 1, {}) is None
    assert found.why_due(now, 2, {}) == "broken-promises"
    assert found.why_due(now, 0, {"PLN": Decimal("499.99"), "EUR": Decimal(900)}) is None
    assert found.why_due(now, 0, {"PLN": Decimal(500)}) == "cost"


def test_what_is_due_is_the_first_thing_on_the_guided_screen_and_the_clocks_are_always_there(
    staged: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    staged.write("fact.amended", {"facts": {"reachable": "no"}})
    early = Script({"look": "pause"})
    staged.run(early)
    assert early.views[0].dues == () and early.views[0].clocks == "Clients cannot reach us: 0 s"
    staged.clock.go_on(timedelta(hours=4))
    late = Script({"look": "pause"})
    staged.run(late)
    show_step(late.views[0])
    shown = capsys.readouterr().err
    order = [
        "DUE",
        "Do we move to plan B?",
        "bcp decision answer assume-long",
        "Clients cannot reach us: 4 h",
        "Step 1",
    ]
    assert [shown.index(text) for text in order] == sorted(shown.index(text) for text in order)


def test_the_wording_is_if_then_act(staged: Stage) -> None:
    words = dues.if_then(staged.incident(), only(staged), staged.clock.now())
    assert words == (
        "IF not over by 11:50 or 2 promises broken (0 so far) or 500.00 PLN spent (0.00 so far) "
        "THEN plan-b (home)"
    )


def test_answers_in_plain_words_can_be_given_and_start_nothing(tmp_path: Path) -> None:
    plain = """
decisions:
  - {decision: stop-work, question: Do we send everybody home?, at: 4h, answers: [no, go-home], default: no}
"""
    staged = stage(tmp_path, PHASES, plain)
    assert [answer.answer for answer in only(staged).plan.answers] == ["no", "go-home"]
    assert not deciding.answer(staged.book(), "stop-work", "no", "piotr")
    assert only(staged).answer == "no"
    assert [phase.title for phase in staged.incident().phases] == ["A"]


def test_an_answer_enters_its_runbook_before_what_is_still_open(staged: Stage) -> None:
    staged.write("step.settled", {"step": "look", "title": "Look", "outcome": "done"})
    assert deciding.answer(staged.book(), "assume-long", "plan-b", "piotr")
    incident = staged.incident()
    assert [phase.title for phase in incident.phases] == ["Home", "A"]
    assert [step.id for step in incident.next_steps()] == ["assume-long/pack"]
    assert incident.phases[0].due == staged.clock.now() + timedelta(hours=1)
    assert [step.id for step in incident.stand_down] == ["assume-long/thank"]
    staged.run()
    assert staged.outcomes() == {
        "look": "done",
        "call": "done",
        "assume-long/pack": "done",
        "assume-long/leave": "done",
        "assume-long/leave.undo": "open",
        "assume-long/thank": "open",
    }
    assert [measure.step.id for measure in staged.incident().in_force()] == ["assume-long/leave"]


def test_deciding_not_to_act_is_an_event_too(staged: Stage) -> None:
    assert not deciding.answer(staged.book(), "assume-long", "stay", "anna", reason="the crew is here")
    staged.clock.go_on(timedelta(days=2))
    assert not is_due(staged)
    assert staged.kinds()[-1] == "decision.answered"
    assert (only(staged).answer, only(staged).reason) == ("stay", "the crew is here")


def test_the_same_answer_twice_is_fine_and_another_one_is_refused(staged: Stage) -> None:
    deciding.answer(staged.book(), "assume-long", "stay", "anna")
    deciding.answer(staged.book(), "assume-long", "stay", "piotr")
    assert staged.kinds().count("decision.answered") == 1
    with pytest.raises(InputError, match="Anna Nowak decided before: stay"):
        deciding.answer(staged.book(), "assume-long", "plan-b", "piotr")


@pytest.mark.parametrize(("name", "chosen"), [("assume-lnog", "stay"), ("assume-long", "plan-c")])
def test_a_slip_of_the_keys_gets_a_suggestion(staged: Stage, name: str, chosen: str) -> None:
    with pytest.raises(InputError) as caught:
        deciding.answer(staged.book(), name, chosen, "anna")
    assert "did you mean" in caught.value.hint


def test_an_override_needs_a_reason_and_a_time_to_come_and_holds_once(staged: Stage) -> None:
    now = staged.clock.now()
    later = now + timedelta(hours=6)
    with pytest.raises(InputError, match="needs its reason"):
        deciding.override(staged.book(), "assume-long", later, "anna", reason=" ", now=now)
    with pytest.raises(InputError, match="not still to come"):
        deciding.override(staged.book(), "assume-long", now, "anna", reason="why", now=now)
    deciding.override(staged.book(), "assume-long", later, "anna", reason="the crew is on the way", now=now)
    staged.clock.go_on(timedelta(hours=5))
    assert not is_due(staged)
    assert only(staged).why_due(staged.clock.now(), 9, {"PLN": Decimal(9999)}) is None
    with pytest.raises(InputError, match="put it off once already"):
        deciding.override(
            staged.book(), "assume-long", later + timedelta(hours=1), "piotr", reason="again", now=now
        )
    staged.clock.go_on(timedelta(hours=1))
    assert is_due(staged)


def test_the_clock_announces_says_that_it_is_due_and_prepares_the_default_once_each(staged: Stage) -> None:
    assert strike(staged) == []
    staged.clock.go_on(timedelta(hours=3, minutes=30))
    assert strike(staged) == ["announced"]
    assert strike(staged) == []
    staged.clock.go_on(timedelta(minutes=30))
    assert strike(staged) == ["due"]
    assert strike(staged) == []
    event = staged.book().log.rows(STREAM)
    *_rest, last = event
    assert '"default":"plan-b"' in last.body and '"prepared":"home"' in last.body
    assert only(staged).open


def test_after_an_override_it_is_announced_and_due_once_more(staged: Stage) -> None:
    staged.clock.go_on(timedelta(hours=4))
    assert strike(staged) == ["due"]
    now = staged.clock.now()
    deciding.override(staged.book(), "assume-long", now + timedelta(hours=2), "anna", reason="why", now=now)
    staged.clock.go_on(timedelta(hours=1, minutes=30))
    assert strike(staged) == ["announced"]
    staged.clock.go_on(timedelta(minutes=30))
    assert strike(staged) == ["due"]
    assert strike(staged) == []


def test_with_auto_the_default_is_begun_up_to_the_first_gate(tmp_path: Path) -> None:
    staged = stage(tmp_path, PHASES, decision("auto: yes"), home=runbook(PLAN_B, "home"))
    staged.clock.go_on(timedelta(hours=4))
    struck = deciding.strike(staged.book(), "anna", staged.clock.now())
    assert [(each.what, each.enters) for each in struck] == [("due", False), ("default", True)]
    assert only(staged).by_default
    assert staged.alone().why == "person"
    assert staged.outcomes()["assume-long/pack"] == "done"
    assert staged.outcomes()["assume-long/leave"] == "waiting"


def test_nothing_is_due_once_closing_has_begun(staged: Stage) -> None:
    staged.clock.go_on(timedelta(hours=9))
    staged.write("closing.begun", {"open": []})
    assert not is_due(staged)
    assert strike(staged) == []


def test_a_decision_of_an_entered_runbook_runs_from_when_it_was_entered(tmp_path: Path) -> None:
    phases = PHASES + "      - {step: go-on, title: Go on, by_hand: Do., runbook: {runbook: other}}\n"
    other = runbook(PHASES, "other", decision())
    staged = stage(tmp_path, phases, other=other, home=runbook(PLAN_B, "home"))
    staged.clock.go_on(timedelta(hours=2))
    staged.write("step.entered", {"step": "go-on", "title": "Go on", "runbook": "other"})
    found = only(staged)
    assert found.id == "go-on/assume-long"
    assert found.due == staged.clock.now() + timedelta(hours=4)


@pytest.mark.parametrize(
    ("since", "due"),
    [
        ("2026-11-26 07:50", "2026-11-26 13:00"),  # Thursday, the same day
        ("2026-11-26 14:00", "2026-11-27 13:00"),
        ("2026-11-27 14:00", "2026-11-30 13:00"),  # Friday afternoon: on Monday
        ("2026-11-28 09:00", "2026-11-30 13:00"),
        ("2026-10-23 14:00", "2026-10-26 13:00"),  # over the night with 25 hours
        ("2027-03-26 14:00", "2027-03-29 13:00"),
    ],
)
def test_a_clock_time_is_meant_on_a_working_day(since: str, due: str) -> None:
    found = due_at("13:00", datetime.fromisoformat(since).replace(tzinfo=WARSAW).astimezone(UTC), WARSAW)
    assert f"{found.astimezone(WARSAW):%Y-%m-%d %H:%M}" == due


class Racing(InMemoryLog):
    """A log in which somebody else writes first, every other time."""

    turn = 0

    def append(self, stream, head, entries):  # type: ignore[no-untyped-def]
        self.turn += 1
        if self.turn % 2:
            raise Conflict("somebody else wrote first")
        return super().append(stream, head, entries)


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    folder = tmp_path_factory.mktemp("decisions")
    made = []
    for number, at in enumerate(["4h", '"13:00"', "30m"]):
        office = office_in(
            folder / str(number), outage=runbook(PHASES, more=decision(at=at)), home=runbook(PLAN_B, "home")
        )
        made.append(first_entry(office))
    return made


@settings(max_examples=60)
@given(
    which=st.integers(0, 2),
    start=st.datetimes(datetime(2026, 10, 24), datetime(2026, 10, 26))
    | st.datetimes(datetime(2027, 3, 27), datetime(2027, 3, 29)),
    moves=st.lists(st.tuples(st.integers(-300, 300), st.booleans()), min_size=1, max_size=25),
)
def test_a_decision_is_never_lost_and_never_said_twice_whatever_happens_to_the_clock(
    entries: list[object], which: int, start: datetime, moves: list[tuple[int, bool]]
) -> None:
    """Minutes pass, or the clock is set (also back), through both changes of the hour; each look is a restart."""
    clock = FrozenClock(start.replace(tzinfo=UTC))
    log = Racing(clock)
    log.turn = 1
    log.append(STREAM, NOTHING, [entries[which]])  # type: ignore[list-item]
    deadline = next(iter(IncidentJournal(log, STREAM).incident.decisions.values())).due
    reached = False
    for minutes, is_set in moves:
        if is_set:
            clock.set_to(max(clock.now() + timedelta(minutes=minutes), start.replace(tzinfo=UTC)))
        else:
            clock.go_on(timedelta(minutes=abs(minutes)))
        deciding.strike(IncidentJournal(log, STREAM), "watch", clock.now())
        reached = reached or clock.now() >= deadline
        kinds = [row.kind for row in log.rows(STREAM)]
        assert kinds.count("decision.due") == reached
        assert kinds.count("decision.announced") <= 1


def test_of_many_watchers_one_says_it(staged: Stage) -> None:
    staged.clock.go_on(timedelta(hours=4))
    books = [staged.book() for _number in range(20)]
    said = [deciding.strike(book, "anna", staged.clock.now()) for book in books]
    assert sum(len(each) for each in said) == 1
    assert staged.kinds().count("decision.due") == 1


def test_a_decision_named_like_a_step_is_a_mistake(tmp_path: Path) -> None:
    from bcp.errors import SourceError

    twins = PHASES.replace("step: look", "step: assume-long")
    with pytest.raises(SourceError, match="1 mistake"):
        stage(tmp_path, twins, decision(), home=runbook(PLAN_B, "home"))
