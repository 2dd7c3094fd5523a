"""The steps from every older file to today's."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from bcp.chain import checked
from bcp.event import NOTHING, Event, Head, seal
from bcp.store import migrations
from bcp.store import schema as schemas
from bcp.store.database import FILE
from tests.children import in_own_mounts, make_read_only, needs_root
from tests.frozen import START
from tests.stores import STREAM, assert_told, bare, journal_in, notes, uses


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "incidents"


def made_by(path: Path, count: int) -> None:
    """A file as the bcp left it that knew the first `count` migrations."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        for name in migrations.MIGRATIONS[:count]:
            for statement in import_module(f"bcp.store.schema.{name}").STATEMENTS:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {count}")


def schema(path: Path) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        version = connection.execute("PRAGMA user_version").fetchall()
        return (
            version + connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY name").fetchall()
        )


@pytest.mark.parametrize("count", range(len(migrations.MIGRATIONS)))
def test_every_older_file_is_brought_up_to_date(state: Path, tmp_path: Path, count: int) -> None:
    made_by(state / FILE, count)
    made_by(tmp_path / "new" / FILE, len(migrations.MIGRATIONS))
    journal_in(state).append(STREAM, NOTHING, notes(1))
    assert schema(state / FILE) == schema(tmp_path / "new" / FILE)


def hold_events(path: Path) -> None:
    """Two events in the journal, written as the bcp of that day wrote them: by an INSERT."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        last: Head | Event = NOTHING
        for entry in notes(2):
            last = seal(STREAM, last, entry, START)
            values = (last.stream, last.seq, last.kind, last.body, last.hash)
            connection.execute(
                "INSERT INTO events (stream, seq, kind, body, hash) VALUES (?, ?, ?, ?, ?)", values
            )


@pytest.mark.parametrize("count", range(1, len(migrations.MIGRATIONS) + 1))
def test_the_events_of_every_older_file_are_read_and_gone_on_with(state: Path, count: int) -> None:
    made_by(state / FILE, count)
    hold_events(state / FILE)
    journal = journal_in(state)
    rows = list(checked(journal.rows(STREAM)))
    journal.append(STREAM, Head(2, rows[-1].hash), notes(1))
    assert [row.seq for row in checked(journal.rows(STREAM))] == [1, 2, 3]
    assert journal.streams("note") == [STREAM]


@needs_root
@pytest.mark.parametrize("count", range(1, len(migrations.MIGRATIONS) + 1))
def test_every_older_file_is_read_where_nothing_can_be_written(state: Path, count: int) -> None:
    made_by(state / FILE, count)
    hold_events(state / FILE)

    def work() -> None:
        make_read_only(state)
        assert [row.seq for row in checked(journal_in(state).rows(STREAM))] == [1, 2]

    in_own_mounts(work)


def test_a_migration_that_breaks_off_leaves_the_file_as_it_was(state: Path) -> None:
    made_by(state / FILE, 1)
    hold_events(state / FILE)
    with bare(state) as connection:
        # What the last table of the second migration is called stands in its way, when the others are made.
        connection.execute("CREATE TABLE latencies (x)")
    before = schema(state / FILE)
    assert_told(uses(journal_in(state))[0], "table latencies already exists")
    assert schema(state / FILE) == before


def test_every_step_is_in_the_list_once_and_every_module_is_a_step() -> None:
    files = {path.stem for path in Path(schemas.__path__[0]).glob("*.py")} - {"__init__"}
    assert sorted(files) == sorted(migrations.MIGRATIONS)


def test_a_file_of_a_newer_bcp_is_left_alone(state: Path) -> None:
    journal = journal_in(state)
    journal.append(STREAM, NOTHING, notes(1))
    journal.close()
    with bare(state) as connection:
        connection.execute("PRAGMA user_version = 99")
    for use in uses(journal):
        assert_told(use, "written by a newer bcp: its format is 99")
