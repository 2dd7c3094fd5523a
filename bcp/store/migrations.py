"""What the tables look like, as a numbered list of steps from an empty file to today's.

Each step is a module of `bcp.store.schema`, loaded only when a file has yet to take it. A step is never changed
once it is released; a new one is added at the end. `PRAGMA user_version` says how many a file has behind it.
"""

from __future__ import annotations

import logging
import sqlite3

from bcp.errors import StoreError
from bcp.store.failure import damage

MIGRATIONS: tuple[str, ...] = (
    "journal",
    "spans",
    "outbox",
    "next_update",
    "blips",
    "alerts",
    "approvals",
    "inbox",
    "summaries",
    "spans_by_check",
)


def version(connection: sqlite3.Connection) -> int:
    """How many migrations the file has behind it. Raises StoreError if that is more than there are."""
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if found < 0:
        raise damage(f"its format is {found}")
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
        before = version(connection)
        for number in range(before, len(MIGRATIONS)):
            for statement in _statements(MIGRATIONS[number]):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")
        connection.execute("COMMIT")
        if before:  # else a new store, which may be one in memory
            logging.getLogger(__name__).info("format %d is now format %d", before, len(MIGRATIONS))
    except BaseException:
        connection.rollback()
        raise


def _statements(name: str) -> tuple[str, ...]:
    from importlib import import_module

    found: tuple[str, ...] = import_module(f"bcp.store.schema.{name}").STATEMENTS
    return found
