"""Promises, costs and follow-ups in the journal: what is refused, what is written, and what is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bcp.cost.model import spent
from bcp.errors import InputError
from bcp.event import unseal
from bcp.incident import deciding, followup, promising, spending
from bcp.incident import due as dues
from bcp.incident.journal_text import JournalWords
from tests.frozen import START
from tests.incident.test_decisions import PHASES, PLAN_B, decision
from tests.offices import STREAM, Stage, runbook, stage

HOUR = timedelta(hours=1)
TOLD = promising.PromiseHeard(
    "Netia", "the line works", START + 5 * HOUR, "by noon", "Mr Kowal", "INC-1", "phone"
)


@pytest.fixture
def staged(tmp_path: Path) -> Stage:
    return stage(tmp_path, PHASES, decision(), home=runbook(PLAN_B, "home"))


def promise(staged: Stage, told: promising.PromiseHeard = TOLD) -> str:
    return promising.make(staged.book(), told, "anna", "anna", staged.clock.now())


def settle(staged: Stage, name: str, kept: bool, **told: object) -> None:
    promising.settle(
        staged.book(),
        name,
        kept,
        "anna",
        recorded_by="anna",
        now=staged.clock.now(),
        **told,  # type: ignore[arg-type]
    )


def due(staged: Stage) -> list[tuple[str, str]]:
    return [(each.what, each.id) for each in dues.due(staged.incident(), staged.clock.now())]


def said(staged: Stage) -> str:
    events = [unseal(row) for row in staged.log.rows(STREAM)]
    return JournalWords(events[0]).line(events[-1])


def test_a_promise_is_written_with_what_was_said_and_asked_about_when_its_time_is_over(staged: Stage) -> None:
    assert promise(staged) == "p1"
    assert said(staged).endswith(
        'Anna Nowak: Netia promised (p1): the line works, by Thu 26 Nov 2026 12:50 CET | in its words "by noon" '
        "| said by Mr Kowal | ticket INC-1 | by phone"
    )
    assert due(staged) == []
    staged.clock.go_on(5 * HOUR)
    assert ("promise", "p1") in due(staged)
    assert [each.id for each in promising.ask(staged.book(), "anna", staged.clock.now())] == ["p1"]
    assert promising.ask(staged.book(), "anna", staged.clock.now()) == []


def test_a_promise_in_the_past_and_an_empty_one_are_refused(staged: Stage) -> None:
    for told in (replace(TOLD, due=START), replace(TOLD, what=" "), replace(TOLD, provider="")):
        with pytest.raises(InputError) as caught:
            promise(staged, told)
        assert caught.value.hint
    staged.clock.go_on(9 * HOUR)
    assert promise(staged, replace(TOLD, at=START)) == "p1"  # from paper: it was said in the morning


def test_kept_broken_and_come_true_late(staged: Stage) -> None:
    for _number in range(3):
        promise(staged)
    staged.clock.go_on(6 * HOUR)
    settle(staged, "p1", True, at=START + 4 * HOUR)
    settle(staged, "p2", False, note="nobody came")
    settle(staged, "p2", False)
    settle(staged, "p2", True)
    first, second, third = staged.incident().promises.values()
    now = staged.clock.now()
    assert (first.state(now), second.state(now), third.state(now)) == ("kept", "broken", "due")
    assert second.came_true_at == now and second.note == "nobody came"
    assert staged.kinds().count("promise.broken") == 1
    with pytest.raises(InputError, match="was kept"):
        settle(staged, "p1", False)
    with pytest.raises(InputError, match="before it was promised"):
        settle(staged, "p3", True, at=START - HOUR)
    with pytest.raises(InputError, match='no promise "p9"'):
        settle(staged, "p9", True)


def test_before_its_time_a_promise_is_broken_only_if_somebody_says_how(staged: Stage) -> None:
    promise(staged)
    staged.clock.go_on(HOUR)
    with pytest.raises(InputError, match="before that it is not broken") as caught:
        settle(staged, "p1", False)
    assert "--note" in caught.value.hint
    staged.clock.go_on(6 * HOUR)
    with pytest.raises(InputError, match="before that it is not broken"):
        settle(staged, "p1", False, at=START + HOUR)
    settle(staged, "p1", False, at=START + HOUR, note="called off: no engineer today")
    assert staged.incident().promises["p1"].state(staged.clock.now()) == "broken"


def test_the_second_broken_promise_makes_the_decision_due_and_shows_our_own_estimate(staged: Stage) -> None:
    for number in range(2):
        promise(staged)
        settle(staged, f"p{number + 1}", False, note="they called it off")
    assert due(staged) == [("decision", "assume-long")]
    assert dues.own_estimate(staged.incident(), staged.clock.now()) == START + timedelta(days=14)


def test_costs_make_the_decision_due_and_losses_do_not(staged: Stage) -> None:
    spending.add(staged.book(), spending.Spent("5000.00 PLN", "a lost order", "loss"), "anna", "anna")
    assert due(staged) == []
    spending.add(staged.book(), spending.Spent("499.00 PLN", "mobile internet", "mitigation"), "anna", "anna")
    assert due(staged) == []
    name = spending.add(staged.book(), spending.Spent("1.00 PLN", "stamps", "mitigation"), "anna", "anna")
    assert due(staged) == [("decision", "assume-long")]
    right = spending.Spent("0.10 PLN", "stamps", "mitigation", instead_of=name)
    assert spending.add(staged.book(), right, "anna", "anna") == "c4"
    assert due(staged) == []
    assert f"{spent(staged.incident().costs.values())['PLN']}" == "499.10"
    with pytest.raises(InputError, match='no cost "c9"'):
        spending.add(staged.book(), replace(right, instead_of="c9"), "anna", "anna")


def test_a_follow_up_is_due_when_its_day_is_over_also_after_closing(staged: Stage) -> None:
    assert followup.add(staged.book(), "buy a second SIM", "piotr", date(2026, 11, 30), "anna") == "f1"
    assert said(staged).endswith("follow-up f1: buy a second SIM | Piotr Lis, by Mon 30 Nov 2026")
    staged.write("incident.closed", {"open": [], "left": {}})
    staged.clock.go_on(timedelta(days=4))
    assert due(staged) == []
    staged.clock.go_on(timedelta(days=1))
    assert due(staged) == [("followup", "f1")]
    followup.done(staged.book(), "f1", "piotr", "bought")
    followup.done(staged.book(), "f1", "piotr", "bought")
    assert due(staged) == []
    assert staged.kinds().count("followup.done") == 1


def test_every_kind_of_these_books_has_a_sentence(staged: Stage) -> None:
    staged.clock.go_on(4 * HOUR)
    deciding.strike(staged.book(), "anna", staged.clock.now())
    assert said(staged).endswith("DECISION DUE (its time has come): Do we move to plan B? | prepared: plan-b")
    now = staged.clock.now()
    deciding.override(staged.book(), "assume-long", now + HOUR, "piotr", reason="crew here", now=now)
    assert "Piotr Lis: decision put off until Thu 26 Nov 2026 12:50 CET" in said(staged)
    deciding.answer(staged.book(), "assume-long", "plan-b", "anna", reason="enough")
    assert said(staged).endswith(
        "decided: plan-b: Do we move to plan B? | went on to the runbook home | enough"
    )
