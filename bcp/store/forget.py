"""Forgets a contact in the outbox: who it was, where letters went and what they said; that letters went out stays."""

from __future__ import annotations

import secrets
from pathlib import Path

from bcp.store.database import Database


def forget(store: Database | Path, contact: str) -> int:
    """Put a number in place of a contact; how many letters it had. What still waited is cancelled.

    Freed pages are overwritten (`secure_delete`) and the write-ahead log is emptied, so that the file holds no
    trace of it either.
    """
    database = store if isinstance(store, Database) else Database(store)
    if not database.file.exists():
        return 0
    number = f"forgotten-{secrets.token_hex(4)}"
    with database.writing() as connection:
        connection.execute("PRAGMA secure_delete = ON").fetchall()
        addresses = connection.execute(
            "SELECT DISTINCT address FROM letters WHERE contact = ? AND address <> ''", (contact,)
        ).fetchall()
        connection.execute(
            "UPDATE attempts SET reply = '' WHERE letter IN (SELECT id FROM letters WHERE contact = ?)",
            (contact,),
        )
        count = connection.execute(
            "UPDATE letters SET contact = ?, name = '', address = '', content = x'', reply = '', reason = '',"
            " state = CASE WHEN state IN ('queued', 'deferred', 'in-flight') THEN 'cancelled' ELSE state END"
            " WHERE contact = ?",
            (number, contact),
        ).rowcount
        connection.execute(
            "UPDATE replies SET contact = ?, sender = '', subject = '' WHERE contact = ?", (number, contact)
        )
        connection.execute(
            "UPDATE answers SET contact = ?, comment = '' WHERE contact = ?", (number, contact)
        )
        connection.executemany("DELETE FROM suppressed WHERE address = ? COLLATE NOCASE", addresses)
    with database.reading() as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return count
