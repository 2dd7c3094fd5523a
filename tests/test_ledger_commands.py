"""The nouns decision, promise, cost and followup on the real command line, and the status that shows what is due."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.frozen import FrozenClock
from tests.incident.test_decisions import PHASES, PLAN_B, decision
from tests.offices import STREAM, Stage, bcp, office_in, runbook


@pytest.fixture
def staged(tmp_path: Path) -> Stage:
    """It began 4 hours and a minute ago by the clock of this machine, so its decision is due."""
    from bcp.clock import SystemClock

    outage = runbook(PHASES, more=decision())
    office = office_in(tmp_path / "office", outage=outage, home=runbook(PLAN_B, "home"))
    return Stage(office, FrozenClock(SystemClock().now() - timedelta(hours=4, minutes=1)))


def test_a_decision_that_is_due_is_the_first_thing_on_the_screen_and_status_8(staged: Stage) -> None:
    shown = bcp(staged.office, "incident", "status")
    assert shown.returncode == 8
    assert shown.stdout.splitlines()[1].startswith("DUE       Do we move to plan B?  IF not over by ")
    assert "THEN plan-b (home)" in shown.stdout
    told = json.loads(bcp(staged.office, "incident", "status", "--json").stdout)
    assert [each["id"] for each in told["due"]] == ["assume-long"]
    assert (told["decisions"][0]["state"], told["decisions"][0]["why"]) == ("due", "time")
    assert bcp(staged.office, "decision", "list").returncode == 8


def test_an_answer_is_followed_by_its_runbook(staged: Stage) -> None:
    decided = bcp(staged.office, "decision", "answer", "assume-long", "plan-b")
    assert decided.returncode == 0, decided.stderr
    assert f"Next: bcp incident resume --incident {STREAM}" in decided.stderr
    shown = bcp(staged.office, "incident", "status", "--json")
    assert shown.returncode == 0
    assert json.loads(shown.stdout)["next"] == ["assume-long/pack"]


def test_an_override_says_the_date_and_is_refused_without_a_reason_and_twice(staged: Stage) -> None:
    put_off = ["decision", "override", "assume-long", "--until", "in 2 hours"]
    assert bcp(staged.office, *put_off).returncode == 2
    first = bcp(staged.office, *put_off, "--reason", "the crew is here")
    assert first.returncode == 0
    assert '"in 2 hours" is understood as' in first.stderr
    assert bcp(staged.office, "incident", "status").returncode == 0
    again = bcp(staged.office, *put_off, "--reason", "again")
    assert again.returncode == 2
    assert "put it off once already" in again.stderr


def test_a_promise_is_echoed_kept_and_counted(staged: Stage) -> None:
    bcp(staged.office, "decision", "answer", "assume-long", "stay")
    made = bcp(
        staged.office, "promise", "add", "modem by courier", "--from", "Netia", "--by", "pojutrze w południe"
    )
    assert made.returncode == 0, made.stderr
    assert '"pojutrze w południe" is understood as' in made.stderr
    assert "12:00" in made.stderr and "p1" in made.stderr
    assert bcp(staged.office, "promise", "list").returncode == 0
    assert bcp(staged.office, "promise", "broken", "p1", "--note", "nobody came").returncode == 0
    (record,) = json.loads(bcp(staged.office, "promise", "list", "--providers", "--json").stdout)
    assert (record["provider"], record["made"], record["broken"]) == ("Netia", 1, 1)
    assert "modem by courier" in (staged.state / STREAM / "journal.txt").read_text(encoding="utf-8")


def test_a_note_that_tells_a_promise_makes_it_and_half_a_promise_writes_nothing(staged: Stage) -> None:
    said = ("incident", "note", "the modem comes by courier", "--from", "Netia")
    half = bcp(staged.office, *said)
    assert half.returncode == 2 and "give both" in half.stderr
    assert bcp(staged.office, *said, "--promised", "soon").returncode == 2
    assert staged.kinds() == ["incident.started"]
    whole = bcp(staged.office, *said, "--promised", "w piątek")
    assert whole.returncode == 0, whole.stderr
    assert '"w piątek" is understood as Fri' in whole.stderr and "written down as p1" in whole.stderr
    assert staged.kinds() == ["incident.started", "promise.made", "note.written"]
    promise = staged.incident().promises["p1"]
    assert (promise.provider, promise.what, promise.said) == (
        "Netia",
        "the modem comes by courier",
        "w piątek",
    )


def test_a_promise_that_names_no_time_or_one_in_the_past_writes_nothing(staged: Stage) -> None:
    for said in ("soon", "2020-01-01 12:00"):
        assert bcp(staged.office, "promise", "add", "it works", "--from", "N", "--by", said).returncode == 2
    assert staged.kinds() == ["incident.started"]


def test_a_cost_keeps_a_copy_of_its_receipt_and_a_bad_one_writes_nothing(
    staged: Stage, tmp_path: Path
) -> None:
    scan = tmp_path / "bill.pdf"
    scan.write_bytes(b"%PDF a bill")
    added = bcp(staged.office, "cost", "add", "120,50 zł", "Orange, one month", "--receipt", str(scan))
    assert added.returncode == 0, added.stderr
    assert (
        bcp(staged.office, "cost", "add", "80 PLN", "calls", "--hours", "2,5", "--role", "lead").returncode
        == 0
    )
    told = json.loads(bcp(staged.office, "cost", "list", "--json").stdout)
    assert told["sums"]["mitigation"] == {"PLN": "120.50"} and told["sums"]["hours"] == {"PLN": "200.00"}
    assert (staged.state / STREAM / told["costs"][0]["receipt"]["file"]).read_bytes() == b"%PDF a bill"
    written = len(staged.kinds())
    for amount, options in [
        ("120 XYZ", []),
        ("1O PLN", []),
        ("5 PLN", ["--receipt", "/dev/zero"]),
        ("5 PLN", ["--kind", "bribe"]),
        ("5 PLN", ["--role", "nobody"]),
        ("5 PLN", ["--hours", "many"]),
        ("5 PLN", ["--instead-of", "c9", "--receipt", str(scan)]),
    ]:
        refused = bcp(staged.office, "cost", "add", amount, "something", *options)
        assert refused.returncode == 2, (amount, options, refused.stderr)
        assert "Traceback" not in refused.stderr
    assert len(staged.kinds()) == written
    assert len(list((staged.state / STREAM / "attachments").iterdir())) == 1


def test_a_follow_up_is_listed_over_all_incidents_until_it_is_done(staged: Stage) -> None:
    added = bcp(staged.office, "followup", "add", "second SIM", "--owner", "piotr", "--due", "in 2 weeks")
    assert added.returncode == 0, added.stderr
    assert "second SIM · Piotr Lis" in bcp(staged.office, "followup", "list").stdout
    assert bcp(staged.office, "followup", "done", "f1").returncode == 0
    assert bcp(staged.office, "followup", "list").stdout == ""
    assert (
        bcp(staged.office, "followup", "add", "x", "--owner", "nobody", "--due", "in 2 weeks").returncode == 2
    )
