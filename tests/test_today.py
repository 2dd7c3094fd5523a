"""Today is the day of the office: shortly after midnight there, when it is yesterday in London still."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import typer

from bcp.app.session import Session
from bcp.check.span import LEAST_GAP, Seen
from bcp.cli import validate as validating
from bcp.cli.check import commands as check
from bcp.cli.contact import commands as contact
from bcp.cli.incident import commands as incidents
from bcp.cli.ledger import followup
from bcp.cli.line import commands as line
from bcp.cli.number import commands as number
from bcp.cli.print import commands as printing
from bcp.incident import due
from bcp.incident import followup as following
from bcp.incident.report.parts import follow_ups
from bcp.notice.campaign.post import Affair
from bcp.notice.text.quoted import Doubted
from bcp.page.catalog import Shelf, Wanted
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
    with (made / "bcp.yaml").open("a", encoding="utf-8") as file:
        file.write(MORE)
    (made / "contacts").mkdir()
    (made / "contacts" / "clients.csv").write_text("name,email,language\nAcme,a@example.com,en\n")
    return made


@pytest.fixture
def staged(place: Path) -> Stage:
    """An incident whose follow-up was due yesterday."""
    stage = Stage(place, FrozenClock(NIGHT))
    following.add(stage.book(), "buy a second SIM", "piotr", YESTERDAY, "anna")
    return stage


def give(place: Path, app: typer.Typer, *arguments: str) -> Any:
    """Give a command at that moment; its exit status."""
    session = Session(str(place), {"BCP_PERSON": "anna"}, FrozenClock(NIGHT))
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
    hash_ = version_hash(Shelf(load(place)).content(Wanted("runbook", "outage")))
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
    found = post.setting(Affair(INCIDENT, NIGHT - timedelta(days=1), {}, doubted=doubted), None)
    assert [one.provider for one in found.doubted] == ["Orange"]
