"""Today is the day of the office: shortly after midnight there, when it is yesterday in London still."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import typer

from bcp.app.claim.gather import past_day
from bcp.app.session import Session
from bcp.check.span import LEAST_GAP, Seen
from bcp.claim.load import load as load_rules
from bcp.cli import validate as validating
from bcp.cli.check import commands as check
from bcp.cli.claim import commands as claim
from bcp.cli.contact import commands as contact
from bcp.cli.incident import commands as incidents
from bcp.cli.ledger import followup
from bcp.cli.line import commands as line
from bcp.cli.number import commands as number
from bcp.cli.print import commands as printing
from bcp.contact import freshness
from bcp.incident import due
from bcp.incident import followup as following
from bcp.incident.decision import due_at
from bcp.incident.dossier.parts import RULE_AGE
from bcp.incident.report.parts import follow_ups
from bcp.notice.campaign.post import LetterContext
from bcp.notice.text.quoted import Doubted
from bcp.page.catalog import Catalog, Wanted
from bcp.page.content import version_hash
from bcp.page.copies import Copies, Copy
from bcp.promise.said import read_said
from bcp.store.spans import StoredSpans
from bcp.times import local_clock, parse_moment
from bcp.validate import load
from tests.frozen import FrozenClock
from tests.offices import Stage, office_in, runbook
from tests.posts import INCIDENT, office, post_room

NIGHT = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)
"""Half past midnight of the 27th in Warsaw."""
YESTERDAY, TODAY = date(2026, 11, 26), date(2026, 11, 27)
WARSAW = ZoneInfo("Europe/Warsaw")
PHASES = """
  - phase: A
    steps:
      - {step: look, title: Look, by_hand: Look., manual: {}}
"""
RUNBOOK = runbook(PHASES).replace("owner: lead", "owner: lead\nreviewed: 2026-10-27\nvalid_for: 30d")
MORE = f"""\
  - {{line: mobile, sim_expires: {YESTERDAY}, way: {{by-hand: {{do: 'On', back: 'Off'}}}}}}
numbers:
  - {{number: office, phone: '+48226000001', works_when_line_dead: 'yes', tested: {TODAY - timedelta(days=32)}}}
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An office for which something ended yesterday: a SIM card, the time for a test call, a sheet, a follow-up."""
    made = office_in(tmp_path / "office", outage=RUNBOOK)
    yaml = (
        (made / "bcp.yaml")
        .read_text("utf-8")
        .replace("{line: internet,", "{line: internet, monthly_fee: 100 PLN,")
    )
    (made / "bcp.yaml").write_text(yaml + MORE, encoding="utf-8")
    (made / "contacts").mkdir()
    (made / "contacts" / "clients.csv").write_text("name,email,language\nAcme,a@example.com,en\n")
    return made


@pytest.fixture
def staged(place: Path) -> Stage:
    """An incident whose follow-up was due yesterday."""
    stage = Stage(place, FrozenClock(NIGHT))
    following.add(stage.book(), "buy a second SIM", "piotr", YESTERDAY, "anna")
    return stage


def give(place: Path, app: typer.Typer, *arguments: str, at: datetime = NIGHT) -> Any:
    """Give a command at that moment; its exit status."""
    session = Session(str(place), {"BCP_PERSON": "anna"}, FrozenClock(at))
    return typer.main.get_command(app).main([*arguments], "bcp", obj=session, standalone_mode=False)


def told(capsys: pytest.CaptureFixture[str]) -> str:
    found = capsys.readouterr()
    return " ".join((found.out + found.err).split())


@pytest.mark.parametrize(
    ("app", "arguments", "words"),
    [
        (contact.app, ["verify", "Acme"], "is confirmed as of 2026-11-27"),
        (line.app, ["status"], "the SIM card expired on 2026-11-26"),
        (number.app, ["check"], "time for another one: bcp number test office"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_a_command_goes_by_the_day_of_the_office(
    place: Path, capsys: pytest.CaptureFixture[str], app: typer.Typer, arguments: Sequence[str], words: str
) -> None:
    give(place, app, *arguments)
    assert words in told(capsys)


def test_a_follow_up_is_overdue_from_the_next_day_of_the_office_on(
    staged: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    assert give(staged.office, followup.app, "list") == 8
    incident = staged.incident()
    assert [each.what for each in due.due(incident, NIGHT)] == ["followup"]
    assert "OVERDUE" in follow_ups(incident, NIGHT).rows[0]


def test_a_sheet_is_out_of_date_from_the_next_day_of_the_office_on_and_taken_down_on_that_day(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hash_ = version_hash(Catalog(load(place)).content(Wanted("runbook", "outage")))
    copies = Copies(place)
    copies.add(Copy("hall", "Hall", hash_, "2026-11-01"))
    for name, arguments, words in (
        ("verify", [hash_], "its review is overdue"),
        ("outdated", [], "hall (Hall)"),
        ("copies", ["add", hash_, "door", "Door"], "This page is not current"),
    ):
        give(place, printing.app, name, *arguments)
        assert words in told(capsys), name
    assert {copy.name: copy.given_out for copy in copies.all()} == {
        "hall": "2026-11-01",
        "door": "2026-11-27",
    }
    give(place, validating.app)
    assert "The copy hall (Hall)" in told(capsys)
    give(place, printing.app, "copies", "collect", "hall")
    assert [copy.collected for copy in copies.all() if copy.name == "hall"] == ["2026-11-27"]


def test_an_incident_is_named_by_the_day_of_the_office(place: Path) -> None:
    session = Session(str(place), {"BCP_PERSON": "anna"}, FrozenClock(NIGHT))
    typer.main.get_command(incidents.app).main(["start", "outage"], "bcp", obj=session, standalone_mode=False)
    assert session.log.streams("incident.started") == ["2026-11-27-outage"]


def test_days_of_a_claim_are_those_of_the_office(staged: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    assert past_day("27.11.", "--began", NIGHT, WARSAW) == TODAY
    give(staged.office, claim.app, "show", "--began", "2026-11-20", "--reported", "2026-11-20", "--json")
    deadlines = {each["what"]: each["day"] for each in json.loads(capsys.readouterr().out)["deadlines"]}
    assert deadlines == {
        "The provider confirms the complaint": "2026-12-11",
        "The provider answers the complaint": "2026-12-27",
        "Complain to the provider": "2027-11-27",
    }
    days = ["--began", "2026-11-20", "--reported", "2026-11-20"]
    give(staged.office, claim.app, "letter", *days, "--i-verified", "--lang", "en")
    written = told(capsys)
    assert "Netia 2026-11-27 Complaint" in written and "out of order from 2026-11-20 to 2026-11-27" in written


def test_a_rule_of_law_is_to_be_read_again_when_its_time_is_over_in_the_office(
    staged: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = next(each for each in load_rules("PL").rules if each.rule == "pl-outage")
    last = datetime.combine(date.fromisoformat(rule.read_on) + RULE_AGE, NIGHT.time(), UTC)
    for at, state in ((last, "stale"), (last - timedelta(hours=3), "present")):
        asked = ["--began", "2026-11-20", "--reported", "2026-11-20", "--restored", "2026-11-27", "--json"]
        give(staged.office, claim.app, "show", *asked, at=at)
        (found,) = (one for one in json.loads(capsys.readouterr().out)["parts"] if one["part"] == 12)
        assert found["status"] == state


def test_an_old_confirmation_of_a_contact_ends_with_the_day_of_the_office(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    give(place, contact.app, "verify", "Acme")
    file = place / "contacts" / "verified.json"
    day = str(TODAY - freshness.STALE_AFTER - timedelta(days=1))
    file.write_text(file.read_text("utf-8").replace(str(TODAY), day), encoding="utf-8")
    told(capsys)
    give(place, contact.app, "check")
    assert "not confirmed: Acme" in told(capsys)


def test_a_decision_is_due_on_a_working_day_of_the_office() -> None:
    friday = datetime(2026, 11, 27, 20, tzinfo=UTC)
    assert due_at("0:30", friday, WARSAW) == datetime(2026, 11, 29, 23, 30, tzinfo=UTC), (
        "Monday, half past midnight"
    )


def test_the_last_of_ninety_days_is_that_of_the_office(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spans = StoredSpans(place / "incidents")
    for state, at in (
        ("down", NIGHT - timedelta(hours=2)),
        ("up", NIGHT - timedelta(minutes=40)),
        ("up", NIGHT),
    ):
        spans.note([(Seen("internet", state, at, at), LEAST_GAP * 60)])  # type: ignore[arg-type]
    spans.close()
    give(place, check.app, "history", "internet")
    assert "▂█ 90 days, today last" in told(capsys)


def test_a_time_of_day_without_a_day_is_of_the_day_of_the_office() -> None:
    assert parse_moment("0:10", NIGHT, WARSAW) == NIGHT - timedelta(minutes=20)
    nine = datetime(2026, 11, 28, 8, tzinfo=UTC)
    assert read_said("tomorrow at 9:00", NIGHT, WARSAW) == nine
    assert local_clock(NIGHT + timedelta(hours=1), WARSAW, NIGHT) == "01:30"
    assert local_clock(NIGHT - timedelta(hours=1), WARSAW, NIGHT) == "Thu 23:30"


def test_a_date_that_nobody_should_rely_on_is_of_no_account_once_its_day_in_the_office_is_over(
    tmp_path: Path,
) -> None:
    doubted = Doubted("Netia", NIGHT - timedelta(hours=1)), Doubted("Orange", NIGHT - timedelta(minutes=20))
    post = post_room(office(tmp_path, None, "name,email,language\nA,a@example.com,en\n"), FrozenClock(NIGHT))
    found = post.setting(LetterContext(INCIDENT, NIGHT - timedelta(days=1), {}, doubted=doubted), None)
    assert [one.provider for one in found.doubted] == ["Orange"]
