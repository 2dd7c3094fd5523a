"""A store that fails, through the command: one sentence, what to do, exit status 3, and nothing written is lost."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from tests.children import in_own_mounts, make_read_only, needs_root, small_disk
from tests.offices import bcp, office_in, runbook

PHASES = """
  - phase: A
    steps:
      - {step: one, title: One, by_hand: Do., manual: {}}
      - {step: two, title: Two, by_hand: Do., manual: {}}
"""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office with an open incident, whose first step waits."""
    place = office_in(tmp_path / "office", outage=runbook(PHASES))
    assert bcp(place, "incident", "start", "outage").returncode == 9
    return place


def assert_told(ran: subprocess.CompletedProcess[str], sentence: str) -> None:
    assert ran.returncode == 3, ran.stderr
    assert sentence in ran.stderr
    assert "→ " in ran.stderr, "there is a hint"
    assert "Traceback" not in ran.stderr
    assert "bug of ours" not in ran.stderr
    assert len(ran.stderr.strip().splitlines()) <= 8


def assert_still_readable(office: Path) -> None:
    for verb in ("status", "log", "list"):
        ran = bcp(office, "incident", verb)
        assert ran.returncode == 0, ran.stderr
    assert "incident begun: The line is dead" in bcp(office, "incident", "log").stdout


@contextmanager
def locked(file: Path) -> Iterator[None]:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def test_a_store_that_another_program_locks_is_told_and_can_be_read(office: Path) -> None:
    with locked(office / "incidents" / "bcp.sqlite3"):
        assert_told(bcp(office, "incident", "step", "done", "one"), "is locked by another program")
        assert_still_readable(office)
    assert bcp(office, "incident", "step", "done", "one").returncode == 0


@needs_root
def test_a_read_only_folder_is_told_and_can_be_read(office: Path) -> None:
    def work() -> None:
        make_read_only(office)
        assert_told(bcp(office, "incident", "step", "done", "one"), "bcp.sqlite3 cannot be ")
        assert_told(bcp(office, "incident", "note", "hello"), "bcp.sqlite3 cannot be ")
        assert_still_readable(office)

    in_own_mounts(work)


@needs_root
def test_looking_and_carrying_out_in_a_read_only_folder_is_told_too(tmp_path: Path) -> None:
    deed = '{step: go, title: Go, by_hand: Go., auto: yes, command: {run: ["/bin/true"]}}'
    office = office_in(tmp_path / "office", outage=runbook(f"{PHASES}      - {deed}"))
    for verb in (("incident", "start", "outage"), ("incident", "step", "done", "one"), ("check", "run")):
        bcp(office, *verb)

    def work() -> None:
        bcp(office, "incident", "step", "done", "two")
        make_read_only(office)
        for verb, status in ((("incident", "resume"), 3), (("check", "run"), 7)):
            ran = bcp(office, *verb)
            told = (ran.returncode, "cannot be " in ran.stderr, "bug of ours" in ran.stderr)
            assert told == (status, True, False)
        assert "nothing listens there" in bcp(office, "check", "status").stdout
        assert_still_readable(office)

    in_own_mounts(work)


@needs_root
def test_a_full_disk_is_told_and_what_was_written_can_be_read(tmp_path: Path) -> None:
    def work() -> None:
        place = tmp_path / "small"
        small_disk(place, "2m")
        office_in(place, outage=runbook(PHASES))
        assert bcp(place, "incident", "start", "outage").returncode == 9
        assert bcp(place, "incident", "note", "before the disk was full").returncode == 0
        with suppress(OSError), (place / "ballast").open("wb", buffering=0) as file:
            while True:
                file.write(b"x" * 512)
        ran = bcp(place, "incident", "note", "n" * 8000)
        assert_told(ran, "The disk is full")
        assert_still_readable(place)
        assert "before the disk was full" in bcp(place, "incident", "log").stdout
        (place / "ballast").unlink()
        assert bcp(place, "incident", "step", "done", "one").returncode == 0
        assert bcp(place, "incident", "verify").returncode == 0

    in_own_mounts(work)


def test_a_damaged_store_is_told(office: Path) -> None:
    file = office / "incidents" / "bcp.sqlite3"
    for rest in ("-wal", "-shm"):
        Path(f"{file}{rest}").unlink(missing_ok=True)
    file.write_bytes(b"SQLite format 3\x00" + os.urandom(8192))
    for arguments in (["status"], ["step", "done", "one"], ["list"]):
        assert_told(bcp(office, "incident", *arguments), "bcp.sqlite3 is ")
    file.write_bytes(b"this is no database at all" * 100)
    assert_told(bcp(office, "incident", "status"), "is not a bcp store: it is no SQLite database")
    assert "incident begun" in next((office / "incidents").glob("*/journal.txt")).read_text(encoding="utf-8")


def test_an_event_that_was_changed_behind_our_back_is_told_by_verify(office: Path) -> None:
    bcp(office, "incident", "note", "the provider says noon")
    file = office / "incidents" / "bcp.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("DROP TRIGGER events_update_refused")
        other.execute("UPDATE events SET body = replace(body, 'noon', 'never') WHERE kind = 'note.written'")
    assert_told(bcp(office, "incident", "verify"), "its text does not match its hash")


def test_an_end_that_was_cut_off_is_told_against_an_anchor(office: Path) -> None:
    bcp(office, "incident", "note", "the provider says noon")
    told = bcp(office, "incident", "verify").stdout
    assert "NOT proven" in told
    head = told.split("head ")[1].split()[0]
    anchored = bcp(office, "incident", "verify", "--head", head).stdout
    assert "consistent in itself; anchored at event 3 by the head that you gave" in anchored
    with closing(sqlite3.connect(office / "incidents" / "bcp.sqlite3", isolation_level=None)) as other:
        other.execute("DROP TRIGGER events_delete_refused")
        other.execute("DELETE FROM events WHERE kind = 'note.written'")
    assert_told(bcp(office, "incident", "verify"), "it says more than the journal")
    next((office / "incidents").glob("*/journal.txt")).unlink()
    assert_told(bcp(office, "incident", "verify"), "it ends with event")
    memory = {"LOCALAPPDATA" if sys.platform == "win32" else "XDG_STATE_HOME": str(office / "another")}
    assert bcp(office, "incident", "verify", **memory).returncode == 0, "from inside this cannot be seen"
    assert_told(bcp(office, "incident", "verify", "--head", head), "does not hold the head")


def test_a_folder_that_a_synchroniser_keeps_is_no_place_for_the_store(tmp_path: Path) -> None:
    place = office_in(tmp_path / "Dropbox" / "office", outage=runbook(PHASES))
    (tmp_path / "Dropbox" / ".dropbox").touch()
    ran = bcp(place, "incident", "start", "outage")
    assert ran.returncode == 3, ran.stderr
    assert "BCP_STATE" in ran.stderr
    moved = bcp(place, "incident", "start", "outage", BCP_STATE=str(tmp_path / "state"))
    assert moved.returncode == 9, moved.stderr
    assert (tmp_path / "state" / "bcp.sqlite3").exists()


def test_the_record_for_people_is_mended_when_it_differs(office: Path) -> None:
    (record,) = (office / "incidents").glob("*/journal.txt")
    whole = record.read_text(encoding="utf-8")
    record.write_text("somebody wrote over it\n", encoding="utf-8")
    said = bcp(office, "incident", "resume")
    assert "the old text is kept" in said.stderr
    assert record.read_text(encoding="utf-8").startswith(whole)


def test_a_record_that_cannot_be_written_does_not_stop_the_journal(office: Path) -> None:
    (record,) = (office / "incidents").glob("*/journal.txt")
    record.unlink()
    record.mkdir()
    assert bcp(office, "incident", "step", "done", "one").returncode == 0
    assert "One" in bcp(office, "incident", "log").stdout


@pytest.mark.parametrize("verb", ["resume", "verify"])
def test_a_record_that_cannot_be_mended_is_no_bug(office: Path, verb: str) -> None:
    (record,) = (office / "incidents").glob("*/journal.txt")
    record.unlink()
    record.mkdir()
    ran = bcp(office, "incident", verb)
    assert ran.returncode in (0, 9), ran.stderr
    assert "bug of ours" not in ran.stderr


def test_reading_makes_no_store(tmp_path: Path) -> None:
    place = office_in(tmp_path / "office", outage=runbook(PHASES))
    assert bcp(place, "incident", "list").returncode == 0
    assert bcp(place, "incident", "status").returncode == 0
    assert not (place / "incidents").exists()
