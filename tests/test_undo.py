"""A measure is ended by its own command, also after the incident was closed over it; the books tell it truly."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from bcp.app.incident.run import run, walk
from bcp.app.session import Session
from bcp.cli.incident import outcome
from bcp.cli.incident.at_terminal import AtTerminal
from bcp.clock import SystemClock
from bcp.errors import Exit
from bcp.incident import standdown
from tests.frozen import FrozenClock
from tests.offices import Script, bcp
from tests.places import PAGE, PHASES, office_with

REHEARSED = ("drill", "start", "outage")
TWO = PHASES.replace("PLACE", "website") + (
    """
      - step: sign
        title: Put the sign at the door
        manual: {}
        by_hand: Put it there.
        undo: {title: Take the sign away, by_hand: Take it., manual: {}}
"""
)


@pytest.fixture
def www(tmp_path: Path) -> Path:
    """The folder of the website."""
    folder = tmp_path / "www"
    folder.mkdir()
    (folder / "k.html").write_text(PAGE, encoding="utf-8")
    return folder


@pytest.fixture
def office(tmp_path: Path, www: Path) -> Path:
    """An office whose website says that the line is down; of its two steps the second is open."""
    way = f"{{folder: {{path: '{www}'}}}}"
    place = f"  - {{place: website, page: k.html, languages: [pl], way: {way}}}\n"
    made = office_with(tmp_path / "office", place, TWO)
    assert bcp(made, "incident", "start", "outage").returncode == Exit.PERSON_NEEDED
    return made


def close(office: Path, *more: str) -> None:
    closed = bcp(office, "incident", "close", "--reason", "the phone is still dead", *more)
    assert closed.returncode == 0, closed.stderr


def only(office: Path) -> str:
    (found,) = json.loads(bcp(office, "incident", "list", "--json").stdout)
    return str(found["id"])


def in_force(office: Path) -> list[str]:
    return [
        name
        for each in json.loads(bcp(office, "incident", "list", "--json").stdout)
        for name in each["measures"]
    ]


def test_a_measure_that_was_left_is_undone_after_closing_and_every_view_says_so(
    office: Path, www: Path
) -> None:
    close(office, "--leave", "tell")
    stream = only(office)
    command = f"bcp incident undo tell --incident {stream}"
    for asked in (("list",), ("status",), ("resume", "--incident", stream), ("status", "--incident", stream)):
        shown = bcp(office, "incident", *asked)
        assert "left: the phone is still dead" in shown.stdout and command in shown.stderr, asked
    again = bcp(office, "incident", "close", "--incident", stream)
    assert again.returncode == Exit.INPUT and command in again.stderr
    assert "PUBLISHED" in bcp(office, "place", "status").stdout

    undone = bcp(office, "incident", "undo", "tell")
    assert undone.returncode == 0 and "Ended: Tell it on the website" in undone.stderr
    assert (www / "k.html").read_text(encoding="utf-8") == PAGE
    assert in_force(office) == [] and "undo" not in bcp(office, "incident", "list").stderr
    assert "PUBLISHED" not in bcp(office, "place", "status").stdout
    log = bcp(office, "incident", "log", "--incident", stream).stdout.splitlines()
    assert "began: Take it off the website" in log[-2] and "done: Take it off the website" in log[-1]
    assert "left in force: the phone" not in bcp(office, "incident", "report").stdout
    assert bcp(office, "incident", "verify").returncode == 0
    gone = bcp(office, "incident", "undo", "tell")
    assert gone.returncode == Exit.INPUT and "is not in force any more: Take it off" in gone.stderr


def test_an_undo_that_fails_after_closing_is_kept_as_tried_and_is_carried_out_once_it_can_be(
    office: Path, www: Path
) -> None:
    close(office, "--leave", "tell")
    www.rename(www.with_name("away"))
    failed = bcp(office, "incident", "undo", "tell")
    assert failed.returncode == Exit.STEP_FAILED and "STILL IN FORCE: Tell it" in failed.stderr
    assert "step done tell.undo" in failed.stderr and "undo tell" in failed.stderr
    assert "tried, failed: there is no folder" in bcp(office, "incident", "status").stdout
    assert in_force(office) == ["tell"]
    www.with_name("away").rename(www)
    assert bcp(office, "incident", "undo", "tell.undo").returncode == 0
    assert (www / "k.html").read_text(encoding="utf-8") == PAGE and in_force(office) == []


def test_of_an_open_incident_one_measure_is_undone_and_its_steps_stay_open(office: Path, www: Path) -> None:
    undone = bcp(office, "incident", "undo", "tell")
    assert undone.returncode == 0 and "Next: bcp incident resume" in undone.stderr
    assert (www / "k.html").read_text(encoding="utf-8") == PAGE
    status = json.loads(bcp(office, "incident", "status", "--json").stdout)
    assert status["next"] == ["sign"] and not status["measures"][0]["on"]


def test_what_a_person_must_take_away_waits_for_that_person(office: Path) -> None:
    bcp(office, "incident", "step", "done", "sign")
    waits = bcp(office, "incident", "undo", "sign")
    assert waits.returncode == Exit.PERSON_NEEDED and "A person is needed" in waits.stderr
    assert "bcp incident step done sign.undo" in waits.stderr and "sign" in in_force(office)


def test_what_cannot_be_undone_is_refused_each_with_its_sentence(office: Path, tmp_path: Path) -> None:
    for typed, says in (
        ("sign", 'There is no measure "sign" in force'),
        ("nothing", "in force: tell"),
        ("tell --incident 2020-01-01-nothing", "there is no incident"),
    ):
        refused = bcp(office, "incident", "undo", *typed.split())
        assert refused.returncode == Exit.INPUT and says.lower() in refused.stderr.lower(), typed
    stream = only(office)
    bcp(office, *REHEARSED)
    drill = bcp(office, "incident", "undo", "tell", "--incident", f"drill-{stream}")
    assert drill.returncode == Exit.INPUT and "is a drill" in drill.stderr
    backup = shutil.copytree(office / "incidents", tmp_path / "backup")
    bcp(office, "incident", "note", "later")
    later = (office / "incidents").rename(tmp_path / "later")
    shutil.copytree(backup, office / "incidents")
    copy = bcp(office, "incident", "undo", "tell", "--incident", stream)
    assert copy.returncode == Exit.STORE and "--this-copy" in copy.stderr
    shutil.rmtree(office / "incidents")
    later.rename(office / "incidents")
    bcp(office, "incident", "hand-over", str(tmp_path / "there.zip"), "--incident", stream)
    elsewhere = bcp(office, "incident", "undo", "tell", "--incident", stream)
    assert elsewhere.returncode == Exit.INPUT and "handed over to another computer" in elsewhere.stderr


def test_of_a_drill_the_undo_is_rehearsed_and_the_website_stays_as_it_is(office: Path, www: Path) -> None:
    bcp(office, *REHEARSED)
    before = (www / "k.html").read_bytes()
    undone = bcp(office, "drill", "undo", "tell")
    assert undone.returncode == 0 and "DRILL · Ended" in undone.stderr
    assert (www / "k.html").read_bytes() == before and in_force(office) == ["tell"]


def test_closing_with_nobody_there_tries_a_failed_undo_again_once_and_says_when_it_failed_before(
    office: Path, www: Path
) -> None:
    close_in_vain(office, www)
    for count in (2, 3):
        failed = bcp(office, "incident", "close")
        assert failed.returncode == Exit.DUE and "bcp incident undo tell" in failed.stderr
        assert failed.stderr.count("Did not succeed: ") == 1
        log = bcp(office, "incident", "log").stdout
        assert log.count("did not succeed: Take it off") == count == log.count("began: Take it off")
    www.with_name("away").rename(www)
    closed = bcp(office, "incident", "close")
    assert closed.returncode == 0 and "Did not succeed" not in closed.stderr, closed.stderr
    assert (www / "k.html").read_text(encoding="utf-8") == PAGE


def test_that_it_was_taken_back_is_not_believed_while_it_still_stands_there(office: Path, www: Path) -> None:
    close(office, "--leave", "tell")
    stream = only(office)
    said = ("incident", "step", "done", "tell.undo", "--incident", stream)
    log = bcp(office, "incident", "log", "--incident", stream).stdout
    for more in ((), ("--note", "I am sure"), ("--paper",)):
        refused = bcp(office, *said, *more)
        assert refused.returncode == Exit.STEP_FAILED and "our text stands at website" in refused.stderr
        assert f"bcp incident undo tell --incident {stream}" in refused.stderr
    assert bcp(office, "incident", "log", "--incident", stream).stdout == log and in_force(office) == ["tell"]

    clear(www)
    assert bcp(office, *said).returncode == 0
    last = bcp(office, "incident", "log", "--incident", stream).stdout.splitlines()[-1]
    assert "done by hand: Take it off the website | looked at: our notice does not stand at website" in last
    assert in_force(office) == [] and "PUBLISHED" not in bcp(office, "place", "status").stdout


def test_what_cannot_be_looked_at_is_written_as_not_looked_at(office: Path, www: Path) -> None:
    www.rename(www.with_name("away"))
    assert bcp(office, "incident", "step", "done", "tell.undo", "--note", "by phone").returncode == 0
    last = bcp(office, "incident", "log").stdout.splitlines()[-1]
    assert "by phone · not looked at: there is no folder" in last


def test_at_the_screen_too_it_is_looked_at_before_it_is_believed(office: Path, www: Path) -> None:
    session = Session(str(office), {})
    book = session.book(only(office), "incident")
    standdown.begin(book, "anna", "terminal")
    person = Script(
        {"tell.undo": ["by-hand", Script.after(lambda: clear(www), "by-hand")], "sign.undo": "pause"}
    )
    walk(session, book, person, "anna").run()
    assert person.seen()[:2] == [("tell.undo", "do"), ("tell.undo", "do")]
    assert any("our text stands at website" in line for line in person.told)
    assert book.incident["tell.undo"].note.endswith("what was there before is there again")


def clear(www: Path) -> None:
    (www / "k.html").write_text(PAGE, encoding="utf-8")


def test_a_failure_of_yesterday_is_not_told_as_one_of_today(
    office: Path, www: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    close_in_vain(office, www)
    later = FrozenClock(SystemClock().now() + timedelta(days=1))
    session = Session(str(office), {}, later)
    book = session.book(only(office), "incident")
    assert outcome.of_walk(session, run(session, book, "anna", AtTerminal())) == Exit.STEP_FAILED
    said = " ".join(capsys.readouterr().err.split())
    assert "Did not succeed at" in said and "and was not tried again now: Take it off" in said
    assert "Did not succeed: " not in said


def close_in_vain(office: Path, www: Path) -> None:
    """Closing begins, and the undo of the website fails."""
    for step in ("sign", "sign.undo"):
        bcp(office, "incident", "step", "done", step)
    www.rename(www.with_name("away"))
    assert bcp(office, "incident", "close").returncode == Exit.DUE


def test_paper_that_says_that_it_was_taken_back_is_not_written_while_it_still_stands_there(
    office: Path, www: Path
) -> None:
    rows = "step,time,outcome,initials,result,facts\ntell.undo,+0,done,AN,,\n"
    (office / "paper.csv").write_text(rows, encoding="utf-8")
    refused = bcp(office, "incident", "record", "--csv", "paper.csv")
    assert (
        refused.returncode == Exit.INPUT and "our text stands at website" in refused.stdout + refused.stderr
    )
    assert in_force(office) == ["tell"]
    clear(www)
    assert bcp(office, "incident", "record", "--csv", "paper.csv").returncode == 0
    assert in_force(office) == []
