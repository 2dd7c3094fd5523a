"""The report of an incident: what it says, how it looks in each format, and that it is made in time."""

from __future__ import annotations

import subprocess
import xml.etree.ElementTree as ET
from datetime import timedelta
from pathlib import Path

import pytest

from bcp.event import Event, unseal
from bcp.incident import deciding, followup, promising, spending
from bcp.incident.report.picture import Outage, Sending
from bcp.incident.report.report import Report, Sources, report
from bcp.page import html, markdown, pdf
from bcp.page.labels import Labels
from bcp.page.report import document
from tests.children import only_with
from tests.frozen import START
from tests.incident.test_decisions import decision
from tests.offices import STREAM, Script, Stage, bcp, runbook, stage

HOUR = timedelta(hours=1)
PHASES = """
  - phase: First hour
    within: 1h
    steps:
      - {step: look, title: Look, by_hand: Do., manual: {}}
      - step: mobile
        title: Mobile internet on
        by_hand: Do.
        manual: {}
        undo: {title: Mobile internet off, by_hand: Do., manual: {}}
      - {step: tell, title: "Tell <everybody> | now", by_hand: Do., manual: {}}
"""
SOURCES = Sources(
    [
        Outage("internet", "The internet", "down", START - HOUR / 2, START + 3 * HOUR, "no answer"),
        Outage("internet", "The internet", "unobserved", START + 3 * HOUR, START + 4 * HOUR),
    ],
    [Sending("line-down", START + HOUR, "anna", (("told", 38), ("unreachable", 2)), ())],
    looked=True,
)


@pytest.fixture
def staged(tmp_path: Path) -> Stage:
    """A day with a bit of everything."""
    staged = stage(tmp_path, PHASES, decision(), home=runbook(PHASES, "home"))
    staged.run(Script({"tell": "skipped"}))
    told = promising.PromiseHeard(
        "Netia", "a technician", START + 2 * HOUR, "by ten", "Mr Kowal", "INC-1", "phone"
    )
    promising.make(staged.book(), told, "anna", "anna", START)
    staged.clock.go_on(3 * HOUR)
    now = staged.clock.now()
    promising.settle(staged.book(), "p1", False, "anna", recorded_by="anna", now=now, note="nobody came")
    spending.add(staged.book(), spending.Spent("120.00 PLN", "mobile internet", "mitigation"), "anna", "anna")
    spending.add(staged.book(), spending.Spent("900.00 PLN", "a lost order", "loss"), "anna", "anna")
    deciding.answer(staged.book(), "assume-long", "stay", "piotr", reason="the crew is here")
    followup.look_back(staged.book(), {"well": "the stand-by phone", "badly": "we waited too long"}, "anna")
    followup.add(staged.book(), "buy a second SIM", "piotr", START.date(), "anna")
    return staged


def events_of(staged: Stage) -> list[Event]:
    return [unseal(row) for row in staged.log.rows(STREAM)]


def made(staged: Stage, sources: Sources = SOURCES) -> Report:
    return report(staged.incident(), events_of(staged), sources, staged.clock.now())


def rows(found: Report, title: str) -> tuple[tuple[str, ...], ...]:
    return next(section.rows for section in found.sections if section.title == title)


def test_it_says_what_was_measured_decided_promised_spent_and_left_out(staged: Stage) -> None:
    found = made(staged)
    assert ("Clients could not reach us", "not known") in rows(found, "What happened")
    assert rows(found, "Durations against targets")[1] == ("First hour", "1 h", "0 s", "yes")
    assert [row[1] for row in rows(found, "Measured outages")] == ["down", "nobody looked"]
    assert rows(found, "Decisions")[0][2:] == (
        "stay",
        "Thu 26 Nov 2026 10:50 CET Piotr Lis",
        "the crew is here",
    )
    assert rows(found, "Promises")[0][-1] == "BROKEN · nobody came"
    assert rows(found, "Who was told when")[0][-1] == "38 told, 2 unreachable"
    assert rows(found, "Measures")[0][-1] == "still in force"
    assert [row[2] for row in rows(found, "Costs and losses")] == ["spent", "loss"]
    assert rows(found, "Deviations from the runbook")[0] == (
        "Tell <everybody> | now",
        "skipped",
        "reason of tell",
    )
    assert [row[1] for row in rows(found, "Looking back")] == ["the stand-by phone", "we waited too long"]
    assert rows(found, "Follow-ups")[0][1] == "buy a second SIM"
    assert len(rows(found, "Timeline")) == len(events_of(staged))
    assert found.head in next(section.texts for section in found.sections if section.title == "Evidence")


def test_a_question_that_was_not_due_before_the_end_was_left_open_by_nobody(tmp_path: Path) -> None:
    staged = stage(tmp_path, PHASES, decision(), home=runbook(PHASES, "home"))
    staged.run()
    incident = staged.incident()
    incident.closed_at = START + HOUR
    found = report(incident, events_of(staged), SOURCES, START + 100 * HOUR)
    assert rows(found, "Decisions")[0][2] == "over before it was due"


def test_what_came_from_paper_says_so_with_both_times(staged: Stage) -> None:
    from bcp.event import Entry

    noted = Entry("note.written", "anna", {"text": "it rang"}, START + HOUR, how="paper")
    staged.book().write(lambda _incident: [noted])
    row = rows(made(staged), "Timeline")[-1]
    assert row[1] == "Thu 26 Nov 2026 08:50 CET\nfrom paper\nwritten down Thu 26 Nov 2026 10:50 CET"


def test_where_nobody_looked_it_says_that_nothing_was_measured(staged: Stage) -> None:
    found = made(staged, Sources())
    texts = next(section.texts for section in found.sections if section.title == "Measured outages")
    assert texts == ("No check looked at anything in this time.",)


def test_the_picture_has_a_lane_for_each_thing_and_begins_with_the_first_outage(staged: Stage) -> None:
    found = made(staged).picture
    assert [lane.title for lane in found.lanes] == [
        "The internet",
        "Steps",
        "Decisions",
        "Promises",
        "Notices",
        "In force",
    ]
    assert found.begin == START - HOUR / 2
    assert [mark.look for mark in found.lanes[3].marks] == ["span", "failed"]


def test_every_format_holds_the_same_and_what_people_wrote_is_no_markup(
    staged: Stage, tmp_path: Path
) -> None:
    words = Labels("en")
    pages = [document(made(staged), words)]
    page = html.write(pages, words)
    assert "Tell &lt;everybody&gt; | now" in page and "<everybody>" not in page
    svg = page[page.index("<svg") : page.index("</svg>") + 6]
    assert len(ET.fromstring(svg).findall(".//{http://www.w3.org/2000/svg}g")) >= 9
    marked = markdown.write(pages, words)
    assert "| Tell \\<everybody\\> \\| now | skipped | reason of tell |" in marked
    only_with("pdftotext")
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf.write(pages, words))
    text = subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
    ).stdout
    for wanted in (
        "Measured outages",
        "Tell <everybody> | now",
        "38 told, 2 unreachable",
        "the crew is here",
    ):
        assert wanted in text


def test_letters_that_paper_lacks_are_on_the_page_for_a_browser(staged: Stage) -> None:
    followup.look_back(staged.book(), {"well": "Все работало 🦄"}, "anna")
    words = Labels("en")
    pdf.write([document(made(staged), words)], words)
    assert "Все работало 🦄" in html.write([document(made(staged), words)], words)


def test_the_command_writes_each_format_and_names_the_next(staged: Stage, tmp_path: Path) -> None:
    shown = bcp(staged.office, "incident", "report")
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith("# Report: The line is dead")
    for kind, first in (("pdf", b"%PDF"), ("html", b"<!DOCTYPE html>")):
        path = tmp_path / f"r.{kind}"
        written = bcp(staged.office, "incident", "report", "--format", kind, "-o", str(path))
        assert written.returncode == 0, written.stderr
        assert path.read_bytes().startswith(first)
        assert "bcp incident verify" in written.stderr
        named = tmp_path / f"named.{kind}"
        assert bcp(staged.office, "incident", "report", "-o", str(named)).returncode == 0
        assert named.read_bytes().startswith(first), "a file is what its ending says"
    assert bcp(staged.office, "incident", "report", "--format", "doc").returncode == 2
    assert bcp(staged.office, "incident", "review").returncode == 2
    assert bcp(staged.office, "incident", "review", "--well", "all").returncode == 0
