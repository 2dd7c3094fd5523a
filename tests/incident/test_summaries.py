"""What a list shows of incidents that are over is kept beside their journals, and never believed over them."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bcp.app.incident import find, summaries
from bcp.app.session import Session
from bcp.event import NOTHING, Head
from bcp.incident.events.followup import FollowUpAdded, FollowUpDone
from bcp.incident.events.incident import IncidentClosed
from bcp.incident.events.note import NoteWritten
from bcp.incident.journal import IncidentJournal, open_incidents
from bcp.incident.summary import IncidentSummary, summary_of
from bcp.store.database import FILE
from tests.frozen import FrozenClock
from tests.offices import bcp, first_entry, office_in, runbook
from tests.watching import Watching

MOBILE = """
  - phase: First
    steps:
      - {step: look, title: Look, by_hand: Do., manual: {}}
      - step: mobile
        title: Mobile internet on
        by_hand: Do.
        manual: {}
        undo: {title: Mobile internet off, by_hand: Do., manual: {}}
"""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    return office_in(tmp_path / "office", outage=runbook(MOBILE), other=runbook(MOBILE, "other"))


def session_of(office: Path) -> Session:
    return Session(str(office), {"BCP_PERSON": "anna"}, FrozenClock())


def folded(session: Session, kind: str = "incident") -> list[IncidentSummary]:
    """The same by the long way: every journal is read."""
    streams = session.log.streams("incident.started")
    of_kind = [stream for stream in streams if stream.startswith("drill-") == (kind == "drill")]
    return [summary_of(IncidentJournal(session.log, stream).incident) for stream in of_kind]


def kept(office: Path) -> dict[str, str]:
    """What is kept, good or bad, as any other program would read it."""
    with closing(sqlite3.connect(office / "incidents" / FILE)) as connection:
        return dict(connection.execute("SELECT stream, body FROM summaries"))


def change(office: Path, statement: str, *values: str) -> None:
    with closing(sqlite3.connect(office / "incidents" / FILE, isolation_level=None)) as connection:
        assert connection.execute(statement, values).rowcount == 1


def closed(office: Path, count: int, notes: int = 3) -> Session:
    """An office with so many closed incidents."""
    session = session_of(office)
    for number in range(count):
        entries = [first_entry(office)]
        entries += [NoteWritten(f"Nr {each}", "look").entry("anna") for each in range(notes)]
        session.log.append(
            f"2026-11-{number:04}-outage", NOTHING, [*entries, IncidentClosed([], {}).entry("anna")]
        )
    return session


@pytest.mark.parametrize("seed", range(4))
def test_after_any_commands_what_is_kept_is_what_the_journals_say(office: Path, seed: int) -> None:
    chosen = random.Random(seed)
    day = ("--owner", "piotr", "--due", "2026-12-24")
    for _each in range(14):
        session = session_of(office)
        every = session.log.streams("incident.started")
        one = ("--incident", chosen.choice(every)) if every else ()
        bcp(
            office,
            *chosen.choice(
                [
                    ("incident", "start", chosen.choice(["outage", "other"])),
                    ("drill", "start", "outage"),
                    ("incident", "step", "done", chosen.choice(["look", "mobile"]), *one),
                    ("incident", "close", "--reason", "over", *one),
                    ("incident", "close", "--leave", "mobile", "--reason", "it is needed", *one),
                    ("incident", "undo", "mobile", *one),
                    ("followup", "add", "A second SIM", *day, *one),
                    ("followup", "done", "f1", *one),
                    ("incident", "list"),
                    ("incident", "status", *one),
                ]
            ),
        )
        for kind in ("incident", "drill"):
            assert summaries.summaries(session, kind) == folded(session, kind)
    assert not any(
        summaries.contradicts(session, IncidentJournal(session.log, one).incident) for one in kept(office)
    )


def test_every_command_that_passes_over_the_closed_ones_says_what_it_said_before(office: Path) -> None:
    session = closed(office, 3)
    first, second, third = session.log.streams("incident.started")
    for stream, due in ((first, "2026-01-01"), (second, "2099-01-01")):
        book = IncidentJournal(session.log, stream)
        made = FollowUpAdded.from_json(
            {"followup": "f1", "what": "A SIM", "owner": "anna", "due": due}
        ).entry("anna")
        session.log.append(stream, book.incident.head, [made])
    found = find.unfinished(session, "incident")
    assert [(each.incident.id, [due.what for due in each.dues]) for each in found] == [(first, ["followup"])]
    summaries.summaries(session, "incident")
    IncidentJournal(session.log, first).write(lambda _incident: [FollowUpDone("f1", "A SIM").entry("anna")])
    assert not find.unfinished(session, "incident")
    assert [each.mend_by for each in summaries.summaries(session, "incident")][2] is None
    assert third in bcp(office, "incident", "list").stdout


def test_what_was_kept_of_an_incident_ends_with_its_next_event(office: Path) -> None:
    bcp(office, "incident", "start", "outage")
    for step in ("look", "mobile"):
        bcp(office, "incident", "step", "done", step)
    bcp(office, "incident", "close", "--leave", "mobile", "--reason", "it is needed")
    (stream,) = kept(office)
    assert json.loads(kept(office)[stream])["measures"] == ["mobile"]
    assert "Mobile internet on" in bcp(office, "incident", "list").stdout
    bcp(office, "incident", "undo", "mobile", "--incident", stream)
    bcp(office, "incident", "step", "done", "mobile.undo", "--incident", stream)
    shown = bcp(office, "incident", "list")
    assert "Mobile internet on" not in shown.stdout
    assert json.loads(kept(office)[stream])["measures"] == []


def test_a_closed_incident_is_kept_when_it_is_closed(office: Path) -> None:
    bcp(office, "incident", "start", "outage")
    assert not kept(office)
    assert bcp(office, "incident", "close", "--reason", "false alarm").returncode == 0
    assert len(kept(office)) == 1


def test_verify_names_a_list_that_was_changed_and_resume_corrects_it(office: Path) -> None:
    session = closed(office, 2)
    summaries.summaries(session, "incident")
    (stream, body), *_rest = kept(office).items()
    assert bcp(office, "incident", "verify").returncode == 0
    change(office, "UPDATE summaries SET body = ? WHERE stream = ?", body.replace("dead", "fine"), stream)
    ran = bcp(office, "incident", "verify")
    assert ran.returncode == 3
    assert f"bcp incident resume --incident {stream}" in " ".join((ran.stdout + ran.stderr).split())
    bcp(office, "incident", "resume", "--incident", stream)
    assert kept(office)[stream] == body
    assert bcp(office, "incident", "verify").returncode == 0


@pytest.mark.parametrize("body", ["", "[]", '{"id": 1}', "null", '{"opened_at": 3}'])
def test_a_damaged_summary_is_made_once_more(office: Path, body: str) -> None:
    session = closed(office, 1)
    expected = summaries.summaries(session, "incident")
    change(office, "UPDATE summaries SET body = ?", body)
    assert summaries.summaries(session, "incident") == expected == folded(session)


def test_a_list_whose_summaries_cannot_be_read_is_made_of_the_journals(office: Path) -> None:
    session = closed(office, 2)
    expected = summaries.summaries(session, "incident")
    stream = expected[0].id
    change(office, "UPDATE summaries SET body = x'00' WHERE stream = ?", stream)
    listed = bcp(office, "incident", "list")
    assert listed.returncode == 0
    assert "is damaged" in listed.stderr
    assert all(each.id in listed.stdout for each in expected)
    assert summaries.summaries(session, "incident") == expected
    assert "is damaged" not in bcp(office, "incident", "list").stderr  # it was written anew


def test_what_another_version_kept_is_not_used(office: Path) -> None:
    session = closed(office, 1)
    summaries.summaries(session, "incident")
    change(office, "UPDATE summaries SET made_by = ?, body = ?", "0 0.0.1", "{}")
    assert summaries.summaries(session, "incident") == folded(session)


def test_no_journal_of_a_closed_incident_is_read_twice(office: Path) -> None:
    session = closed(office, 6)
    with counted(session) as read:
        summaries.summaries(session, "incident")
        assert len(read) == 6
        read.clear()
        summaries.summaries(session, "incident")
        find.unfinished(session, "incident")
        assert not open_incidents(session.log, "incident")
        assert not read


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The streams that are read meanwhile."""
    read: list[str] = []
    log = session.log

    class Counted:
        """The same log, which notes what is read."""

        append, streams = log.append, log.streams

        def rows(self, stream, after=0, but=""):  # type: ignore[no-untyped-def]
            read.append(stream)
            return log.rows(stream, after, but)

    session.stores.__dict__["log"] = Counted()
    yield read
    session.stores.__dict__["log"] = log


def test_an_open_incident_is_found_without_reading_one_that_was_handed_over_and_closed(office: Path) -> None:
    session = closed(office, 1)
    (stream,) = session.log.streams("incident.started")
    last = list(session.log.rows(stream))[-1]
    session.log.append(
        stream, Head(last.seq, last.hash), [NoteWritten("x", "").entry("anna")._replace(kind="pen.ended")]
    )
    with counted(session) as read:
        assert not open_incidents(session.log, "incident")
        assert not read


def test_a_first_list_of_an_old_store_shows_how_far_it_is(office: Path) -> None:
    session = closed(office, 2)
    session.progress = shown = Watching()
    summaries.summaries(session, "incident")
    assert shown.sizes == [("Reading the records of incidents", 2)]
    assert shown.names == session.log.streams("incident.started")
    summaries.summaries(session, "incident")
    assert len(shown.tasks) == 1


def test_a_list_in_a_store_that_others_write_to_is_shown_and_nothing_is_kept(office: Path) -> None:
    session = closed(office, 1)
    with closing(sqlite3.connect(office / "incidents" / FILE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert summaries.summaries(session, "incident") == folded(session)
    assert not kept(office)


def test_what_is_to_be_mended_after_a_closed_incident_is_listed(office: Path) -> None:
    session = closed(office, 2)
    stream = session.log.streams("incident.started")[0]
    bcp(
        office,
        "followup",
        "add",
        "A second SIM",
        "--owner",
        "piotr",
        "--due",
        "2026-12-24",
        "--incident",
        stream,
    )
    listed = bcp(office, "followup", "list")
    assert "A second SIM" in listed.stdout
