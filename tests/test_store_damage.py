"""What the table refuses, what the chain finds in a file changed behind its back, and how failures read."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bcp.chain import checked
from bcp.errors import ChainBroken
from bcp.event import NOTHING, Entry, unseal
from bcp.store.database import FILE, Database
from bcp.store.journal import Journal
from tests.children import IS_WINDOWS
from tests.frozen import FrozenClock
from tests.stores import STREAM, assert_told, bare, end_of, hasty_journal_in, journal_in, notes, uses


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / ("Kanzlei Müller #1" if IS_WINDOWS else "Kanzlei Müller #1?") / "incidents"


@pytest.fixture
def journal(state: Path) -> Iterator[Journal]:
    journal = journal_in(state)
    yield journal
    journal.close()


def tamper(state: Path, sql: str, *values: object) -> None:
    """What somebody does who opens the file with another program and takes the triggers away."""
    with bare(state) as connection:
        for deed in ("insert", "update", "delete"):
            connection.execute(f"DROP TRIGGER IF EXISTS events_{deed}_refused")
        connection.execute(sql, values)


# What the table refuses, whoever opens the file.

_VALUES = "stream, seq, kind, body, hash) VALUES"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE events SET body = 'x'",
        "UPDATE OR IGNORE events SET kind = 'x' WHERE seq = 1",
        "UPDATE OR REPLACE events SET seq = 2 WHERE seq = 1",
        "UPDATE events SET hash = hash",
        "DELETE FROM events",
        "DELETE FROM events WHERE seq = 2",
        f"INSERT INTO events ({_VALUES} ('one', 2, 'k', 'b', 'h')",
        f"INSERT OR REPLACE INTO events ({_VALUES} ('one', 2, 'k', 'b', 'h')",
        f"REPLACE INTO events ({_VALUES} ('one', 1, 'k', 'b', 'h')",
        f"INSERT OR IGNORE INTO events ({_VALUES} ('one', 2, 'k', 'b', 'h')",
        f"INSERT INTO events ({_VALUES} ('one', 2, 'k', 'b', 'h') ON CONFLICT DO UPDATE SET body = 'x'",
        f"INSERT INTO events ({_VALUES} ('one', 2, 'k', 'b', 'h') ON CONFLICT DO NOTHING",
        f"INSERT INTO events ({_VALUES} ('one', 4, 'k', 'b', 'h')",
        f"INSERT INTO events ({_VALUES} ('one', 0, 'k', 'b', 'h')",
        f"INSERT INTO events ({_VALUES} ('new', 2, 'k', 'b', 'h')",
        f"INSERT INTO events ({_VALUES} ('one', NULL, 'k', 'b', 'h')",
        "UPDATE kinds SET stream = 'x'",
        "DELETE FROM kinds",
        "INSERT OR REPLACE INTO kinds (kind, stream) VALUES ('note', 'one')",
        "INSERT OR IGNORE INTO kinds (kind, stream) VALUES ('note', 'one')",
        "INSERT OR REPLACE INTO kinds (number, kind, stream) VALUES (1, 'other', 'other')",
    ],
)
def test_nothing_but_an_append_is_taken_from_any_program(state: Path, journal: Journal, sql: str) -> None:
    events = journal.append("one", NOTHING, notes(2))
    with bare(state) as connection, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(sql)
    assert [unseal(row) for row in checked(journal.rows("one"))] == events


def test_an_append_by_hand_is_taken_but_does_not_pass_the_check(state: Path, journal: Journal) -> None:
    journal.append("one", NOTHING, notes(2))
    with bare(state) as connection:
        connection.execute(f"INSERT INTO events ({_VALUES} ('one', 3, 'note', 'x', 'x')")
    with pytest.raises(ChainBroken, match="event 3"):
        list(checked(journal.rows("one")))


@pytest.mark.parametrize("place", [0, 1, 40, -1])
@pytest.mark.parametrize("byte", [0x00, 0x20, 0x7F, 0x80, 0xF0, 0xFF])
def test_a_byte_changed_in_the_file_is_found_even_if_it_is_no_text_any_more(
    state: Path, journal: Journal, place: int, byte: int
) -> None:
    journal.append(STREAM, NOTHING, notes(3))
    with bare(state) as connection:
        (stored,) = connection.execute("SELECT CAST(body AS BLOB) FROM events WHERE seq = 2").fetchone()
    body = bytearray(stored)
    body[place] = byte
    tamper(state, "UPDATE events SET body = CAST(? AS TEXT) WHERE seq = 2", bytes(body))
    with pytest.raises(ChainBroken, match="broken at event 2"):
        list(checked(journal.rows(STREAM)))


def test_a_replacement_character_is_not_taken_for_damage_that_looks_like_one(
    state: Path, journal: Journal
) -> None:
    journal.append(STREAM, NOTHING, [Entry("note", "ann", {"text": "\ufffd"})])
    tamper(
        state,
        "UPDATE events SET body = CAST(replace(CAST(body AS BLOB), x'EFBFBD', x'F0BFBD') AS TEXT)",
    )
    with pytest.raises(ChainBroken, match="broken at event 1"):
        list(checked(journal.rows(STREAM)))


@pytest.mark.parametrize(
    ("sql", "event"),
    [
        ("DELETE FROM events WHERE seq = 1", 1),
        ("DELETE FROM events WHERE seq = 2", 2),
        ("UPDATE events SET kind = 'other' WHERE seq = 3", 3),
        ("UPDATE events SET body = x'00' WHERE seq = 2", 2),
        ("UPDATE events SET stream = 'other' WHERE seq = 2", 2),
    ],
)
def test_what_another_program_did_to_the_rows_is_found(
    state: Path, journal: Journal, sql: str, event: int
) -> None:
    journal.append(STREAM, NOTHING, notes(4))
    tamper(state, sql)
    with pytest.raises(ChainBroken, match=f"event {event}"):
        list(checked(journal.rows(STREAM)))


# Failures in plain words.


def test_a_file_that_is_no_database_is_told_and_left_alone(state: Path, journal: Journal) -> None:
    state.mkdir(parents=True)
    (state / FILE).write_text("my shopping list\n" * 100)
    for use in uses(journal):
        assert_told(use, "is not a bcp store")
    assert (state / FILE).read_text() == "my shopping list\n" * 100


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_truncated_database_is_told_as_damaged(state: Path, journal: Journal, kept: float) -> None:
    journal.append(STREAM, NOTHING, notes(500))
    journal.close()
    size = (state / FILE).stat().st_size
    os.truncate(state / FILE, int(size * kept))
    assert_told(lambda: list(journal.rows(STREAM)), "is damaged")


def test_a_folder_in_place_of_the_file_is_told(state: Path, journal: Journal) -> None:
    (state / FILE).mkdir(parents=True)
    for use in uses(journal):
        assert_told(use, "cannot be opened")


def test_a_file_in_place_of_the_folder_is_told(state: Path, journal: Journal) -> None:
    state.parent.mkdir(parents=True)
    state.write_text("")
    assert_told(uses(journal)[-1], "cannot be opened")


def test_a_store_that_must_be_there_and_is_not_is_told_and_not_made(state: Path) -> None:
    for use in uses(Journal(Database(state, create=False), FrozenClock())):
        assert_told(use, "there is no store at")
    assert not state.exists()


def test_a_locked_store_is_told_after_the_patience_is_over_and_can_be_read_all_the_while(
    state: Path, journal: Journal
) -> None:
    events = journal.append(STREAM, NOTHING, notes(1))
    hasty = hasty_journal_in(state)
    with bare(state) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert_told(lambda: hasty.append(STREAM, end_of(events), notes(1)), "locked by another program")
        assert [unseal(row) for row in hasty.rows(STREAM)] == events
        other.execute("ROLLBACK")
    assert len(hasty.append(STREAM, end_of(events), notes(1))) == 1


def test_a_writer_waits_for_another_one_that_is_soon_done(state: Path, journal: Journal) -> None:
    events = journal.append(STREAM, NOTHING, notes(1))
    with bare(state) as other:
        other.execute("BEGIN IMMEDIATE")
        writer = threading.Thread(target=journal.append, args=(STREAM, end_of(events), notes(1)))
        writer.start()
        writer.join(0.1)
        assert writer.is_alive()
        other.execute("COMMIT")
        writer.join(10)
    assert len(list(journal.rows(STREAM))) == 2


def test_who_finds_a_new_file_that_another_is_about_to_fill_waits_for_that(
    state: Path, journal: Journal
) -> None:
    state.mkdir(parents=True)
    with bare(state) as other:
        other.execute("BEGIN IMMEDIATE")
        writer = threading.Thread(target=journal.append, args=(STREAM, NOTHING, notes(1)))
        writer.start()
        writer.join(0.1)
        assert writer.is_alive()
        other.execute("COMMIT")
        writer.join(10)
    assert len(list(journal.rows(STREAM))) == 1


def test_a_full_store_is_told_and_nothing_of_the_append_stays(state: Path) -> None:
    database = Database(state)
    journal = Journal(database, FrozenClock())
    events = journal.append(STREAM, NOTHING, notes(1))
    with database.writing() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    assert_told(lambda: journal.append(STREAM, end_of(events), notes(1000)), "the disk is full")
    assert [unseal(row) for row in checked(journal.rows(STREAM))] == events
    # The limit was that of one connection; the next one, opened anew, has room.
    assert journal.append(STREAM, end_of(events), notes(1))[0].seq == 2
    journal.close()
