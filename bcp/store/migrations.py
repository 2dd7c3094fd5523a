"""What the tables look like, as a numbered list of steps from an empty file to today's.

A step is never changed once it is released; a new one is added at the end. `PRAGMA user_version` says
how many of them a file has behind it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from bcp.errors import StoreError

# A trigger sees -1 for a rowid that the statement does not name. A named one could make INSERT OR REPLACE
# throw out a row of another stream, and the DELETE trigger does not fire for that.
_APPEND_ONLY = """
    CREATE TRIGGER events_{deed}_refused BEFORE {deed} ON events {when}
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
"""
_NOT_THE_NEXT = """
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM events WHERE stream = NEW.stream)
      OR EXISTS (SELECT 1 FROM events WHERE rowid = NEW.rowid)
"""


def _journal(connection: sqlite3.Connection) -> None:
    """1: the events of all streams, which can be added at the end of a stream and nothing else."""
    connection.execute(
        """
        CREATE TABLE events (
            stream TEXT NOT NULL,
            seq INTEGER NOT NULL,
            kind TEXT NOT NULL,
            body TEXT NOT NULL,
            hash TEXT NOT NULL,
            PRIMARY KEY (stream, seq)
        )
        """
    )
    connection.execute("CREATE INDEX events_by_kind ON events (kind, stream)")
    for deed, when in (("INSERT", _NOT_THE_NEXT), ("UPDATE", ""), ("DELETE", "")):
        connection.execute(_APPEND_ONLY.format(deed=deed, when=when))


def _spans(connection: sqlite3.Connection) -> None:
    """2: how checks were, as stretches of time in one state, and how long their looks took, by day.

    Moments are milliseconds since 1970, days are counted from the year 1.
    """
    connection.execute(
        """
        CREATE TABLE spans (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            state TEXT NOT NULL,
            first INTEGER NOT NULL,
            last INTEGER NOT NULL,
            looks INTEGER NOT NULL,
            reason TEXT NOT NULL
        )
        """
    )
    connection.execute("CREATE INDEX spans_by_name ON spans (name, first)")
    connection.execute(
        """
        CREATE TABLE latencies (
            name TEXT NOT NULL,
            day INTEGER NOT NULL,
            sketch TEXT NOT NULL,
            PRIMARY KEY (name, day)
        ) WITHOUT ROWID
        """
    )


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_journal, _spans)


def version(connection: sqlite3.Connection) -> int:
    """How many migrations the file has behind it. Raises StoreError if that is more than there are."""
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    known = len(MIGRATIONS)
    if found > known:
        raise StoreError(
            f"this store was written by a newer bcp: its format is {found}, this one knows {known}",
            "update bcp on this computer; nothing in the store was changed",
        )
    return found


def is_current(connection: sqlite3.Connection) -> bool:
    """Whether there is nothing to migrate. Raises StoreError if the file is newer than this bcp."""
    return version(connection) == len(MIGRATIONS)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the file up to date, all or nothing; of two processes at once one does it, the other waits."""
    if is_current(connection):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for number in range(version(connection), len(MIGRATIONS)):
            MIGRATIONS[number](connection)
            connection.execute(f"PRAGMA user_version = {number + 1}")
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise
