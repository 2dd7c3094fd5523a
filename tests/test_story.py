"""The story that this tool was made for: from the first failure on 26 November to the dossier on 17 December.

The line and the phone die together on a Thursday morning; the provider says "tomorrow" again and again; it takes
three weeks. Played on a clock that stands still between the moves, in a real store.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bcp.app.claim.dossier import DossierRequest, write_dossier
from bcp.app.claim.request import ClaimRequest
from bcp.app.incident.export import ExportRequest, export
from bcp.app.incident.report import ReportRequest, report
from bcp.app.session import Session
from bcp.cli.check import unattended
from bcp.event import unseal
from bcp.incident import deciding, due, followup, promising, spending, standdown
from bcp.incident.activity import reach
from bcp.incident.answer import StepOutcome, settle
from bcp.incident.journal import IncidentJournal
from bcp.incident.journal_text import JournalWords
from bcp.promise.record import records
from bcp.promise.said import read_said
from tests.children import only_with
from tests.frozen import FrozenClock
from tests.offices import STREAM, Script, Stage, office_in, runbook

WARSAW = ZoneInfo("Europe/Warsaw")
PHASES = """
  - phase: First hour
    within: 1h
    steps:
      - step: report
        title: Report the fault
        by_hand: Call 801 802 803.
        line: internet
        ask:
          questions:
            - {fact: down_since, ask: Since when?, type: datetime}
            - {fact: reported_at, ask: When did they take the report?, type: datetime}
            - {fact: provider_ticket, ask: Ticket?}
            - {fact: provider_agent, ask: Who?}
      - step: divert
        title: Send our calls to the stand-by phone
        by_hand: Ask the hotline.
        manual: {}
        sets: {reachable: "yes"}
        undo: {title: Take the calls back, by_hand: Ask the hotline., manual: {}}
"""
MORE = """
decisions:
  - decision: assume-long
    question: The line is still dead. Do we move to plan B?
    who: lead
    at: 2d
    or_broken_promises: 2
    answers:
      - {answer: plan-b, runbook: home}
      - {answer: stay}
    default: plan-b
stand_down:
  - step: restored
    title: Write down since when it works
    by_hand: Look.
    ask: {questions: [{fact: restored_at, ask: Since when?, type: datetime}]}
"""
HOME = """
  - phase: Today
    steps:
      - {step: sim, title: Buy mobile internet for ten days, by_hand: Do., manual: {}}
"""
# When it was said, by when, what, and when it came true, if it did.
PROMISES = [
    ("2026-11-26 08:40", "do południa", "the line works", None),
    ("2026-11-26 12:30", "jutro w południe", "a technician comes", None),
    ("2026-11-27 13:00", "w poniedziałek", "the line works", None),
    ("2026-11-30 17:30", "jutro", "the modem is sent by courier", "2026-12-02 10:00"),
    ("2026-12-02 10:30", "pojutrze", "the line works with the new modem", None),
    ("2026-12-04 17:30", "we wtorek", "a technician comes", None),
    ("2026-12-08 17:30", "w piątek", "the cable is mended", None),
    ("2026-12-11 17:30", "17 grudnia o 16", "the line works", "2026-12-17 11:00"),
]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WARSAW)


@dataclass
class Story:
    """The office, its clock, and what everybody does."""

    staged: Stage
    session: Session

    @property
    def book(self) -> IncidentJournal:
        return self.staged.book()

    def to(self, text: str) -> datetime:
        self.staged.clock.set_to(at(text))
        return self.staged.clock.now()

    def due(self) -> list[str]:
        return [each.id for each in due.due(self.staged.incident(), self.staged.clock.now())]

    def tick(self) -> list[str]:
        """What cron would mail at this moment."""
        said: list[str] = []
        unattended.strike(self.session, said.append)
        return said


@pytest.fixture
def story(tmp_path: Path) -> Story:
    outage = runbook(PHASES, more="stops: [phone]\n" + MORE)
    office = office_in(tmp_path / "office", outage=outage, home=runbook(HOME, "home"))
    path = office / "bcp.yaml"
    text = path.read_text(encoding="utf-8")
    fee = 'support: "801 802 803", contract: N-1, line_id: "48226000001", monthly_fee: 100 PLN'
    fee += ", compensation: 1/30 per day"
    path.write_text(text.replace('support: "801 802 803"', fee), encoding="utf-8")
    clock = FrozenClock(at("2026-11-26 07:50"))
    return Story(Stage(office, clock), Session(str(office), {"BCP_PERSON": "anna"}, clock))


def first_day(story: Story) -> None:
    """Thursday morning: it is reported at 8:20, and calls are answered again at 8:35."""
    now = story.to("2026-11-26 08:35")
    facts = {
        "down_since": "2026-11-26T07:50+01:00",
        "reported_at": "2026-11-26T08:20+01:00",
        "provider_ticket": "INC-4711",
        "provider_agent": "Mr Kowal",
    }
    settle(story.book, "report", StepOutcome("done", "anna", facts=facts), now)
    settle(story.book, "divert", StepOutcome("done", "piotr"), now)
    down = reach(story.staged.incident(), now)
    assert down is not None and (down.length, down.goes_on) == (timedelta(minutes=45), False)


def promise(story: Story, number: int) -> None:
    """One more promise; it is asked about once its time is over, and answered."""
    said_at, said, what, came_true = PROMISES[number]
    now = story.to(said_at)
    told = promising.PromiseHeard(
        "Netia", what, read_said(said, now, WARSAW), said, "the hotline", "INC-4711", "phone"
    )
    name = promising.make(story.book, told, "anna", "anna", now)
    assert name == f"p{number + 1}"
    last = came_true or ("2026-12-17 16:00" if number == 7 else PROMISES[number + 1][0])
    now = story.to(last)
    if told.due <= now:
        assert any(f"was it kept? Netia promised: {what}" in line for line in story.tick())
        assert story.due()[-1] == name
    by_then = came_true is not None and at(came_true) <= told.due
    if not by_then:
        promising.settle(story.book, name, False, "anna", recorded_by="anna", now=now)
    if came_true is not None:
        promising.settle(story.book, name, True, "anna", recorded_by="anna", now=now, at=at(came_true))


def the_decision(story: Story) -> None:
    """The second broken promise makes it due, not the clock: on Friday at one, plan B begins."""
    assert "assume-long" in story.due()
    assert deciding.answer(story.book, "assume-long", "plan-b", "anna", reason="two promises were broken")
    assert [step.id for step in story.staged.incident().next_steps()] == ["assume-long/sim"]
    story.staged.run(Script())
    spending.add(story.book, spending.Spent("120.00 PLN", "mobile internet", "mitigation"), "anna", "anna")


def days(story: Story) -> Iterator[str]:
    """The whole of it, up to the day on which the line works."""
    first_day(story)
    promise(story, 0)
    assert story.due() == []
    promise(story, 1)
    the_decision(story)
    own = due.own_estimate(story.staged.incident(), story.staged.clock.now())
    assert own is not None and own.astimezone(WARSAW).date().isoformat() == "2026-12-10"
    for number in range(2, 8):
        promise(story, number)
        yield story.staged.incident().promises[f"p{number + 1}"].state(story.staged.clock.now())


def test_three_weeks_and_eight_promises_end_in_a_dossier_that_holds(story: Story, tmp_path: Path) -> None:
    assert list(days(story)) == ["broken", "broken", "broken", "broken", "broken", "kept"]
    now = story.to("2026-12-17 12:00")
    (netia,) = records([list(story.staged.incident().promises.values())], now)
    assert (netia.made, netia.kept, netia.broken) == (8, 1, 7)
    standdown.begin(story.book, "anna", "terminal")
    answers = {"restored_at": "2026-12-17T11:00+01:00"}
    story.staged.run(Script(answers=answers))  # type: ignore[arg-type]
    standdown.finish(story.book, "anna", "terminal")
    followup.add(story.book, "a second line from another provider", "piotr", now.date(), "anna")
    assert story.staged.incident().closed_at is not None
    papers(story, tmp_path)


def papers(story: Story, tmp_path: Path) -> None:
    """Report, export and dossier; a stranger finds them whole."""
    incident = story.staged.incident()
    pdf = tmp_path / "report.pdf"
    pdf.write_bytes(report(story.session, incident, ReportRequest("pdf", None, False)))
    export(story.session, story.book, ExportRequest(tmp_path / "export", False, False, None))
    folder = tmp_path / "claim"
    write_dossier(story.session, STREAM, ClaimRequest(), DossierRequest("pl", False, folder))
    for record in (tmp_path / "export", folder / "record"):
        verify = [sys.executable, "-I", record / "verify.py", "--head", incident.head.hash]
        assert subprocess.run(verify, capture_output=True, check=False).returncode == 0
    only_with("pdftotext")
    raw = subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, text=True, check=True).stdout
    text = " ".join(raw.split())
    for wanted in (
        "8 promises, 1 kept, 7 broken",
        "Clients could not reach us",
        "45 min",
        "two promises were",
    ):
        assert wanted in text
    (contract, *_others) = json.loads((folder / "calculation.json").read_text(encoding="utf-8"))
    assert (contract["rule"], contract["amount"], len(contract["days"])) == ("contract", "70.00", 21)
    letter = (folder / "letter.txt").read_text(encoding="utf-8")
    for wanted in ("26.11.2026", "17.12.2026", "70,00 PLN", "INC-4711", "8 zapewnień", "120,00 PLN"):
        assert wanted in letter


def test_the_record_tells_the_story_in_plain_words_and_in_order(story: Story) -> None:
    list(days(story))
    events = [unseal(row) for row in story.staged.log.rows(STREAM)]
    words = JournalWords(events[0])
    lines = [words.line(event) for event in events]
    assert [event.at for event in events if event.kind != "promise.kept"] == sorted(
        event.at for event in events if event.kind != "promise.kept"
    )
    assert sum("promised (p" in line for line in lines) == 8
    assert sum("promise BROKEN" in line for line in lines) == 7
    assert sum("was it kept?" in line for line in lines) == 7
    assert any('in its words "jutro w południe"' in line for line in lines)
    assert any("decided: plan-b" in line and "two promises were broken" in line for line in lines)
