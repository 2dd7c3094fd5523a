"""What the tables look like, as a numbered list of steps from an empty file to today's.

A step is never changed once it is released; a new one is added at the end. `PRAGMA user_version` says
how many of them a file has behind it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from bcp.errors import StoreError

_REFUSED = """
    CREATE TRIGGER {table}_{deed}_refused BEFORE {deed} ON {table} {when}
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
"""
_NOT_THE_NEXT = "WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM events WHERE stream = NEW.stream)"
_ALREADY_THERE = """
    WHEN EXISTS (SELECT 1 FROM kinds WHERE kind = NEW.kind AND stream = NEW.stream)
      OR EXISTS (SELECT 1 FROM kinds WHERE number = NEW.number)
"""


def _journal(connection: sqlite3.Connection) -> None:
    """1: the events of all streams, which can be added at the end of a stream and nothing else.

    `kinds` tells which streams hold an event of a kind, in the order of their first ones. It is kept by a
    trigger, and instead of an index, since most events add nothing to it: one page fewer to flush for each.
    """
    connection.execute(
        """
        CREATE TABLE events (
            stream TEXT NOT NULL,
            seq INTEGER NOT NULL,
            kind TEXT NOT NULL,
            body TEXT NOT NULL,
            hash TEXT NOT NULL,
            PRIMARY KEY (stream, seq)
        ) WITHOUT ROWID
        """
    )
    connection.execute(
        """
        CREATE TABLE kinds (
            number INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            stream TEXT NOT NULL,
            UNIQUE (kind, stream)
        )
        """
    )
    connection.execute(
        """
        CREATE TRIGGER events_kind AFTER INSERT ON events
        WHEN NOT EXISTS (SELECT 1 FROM kinds WHERE kind = NEW.kind AND stream = NEW.stream)
        BEGIN INSERT INTO kinds (kind, stream) VALUES (NEW.kind, NEW.stream); END
        """
    )
    for table, when in (("events", _NOT_THE_NEXT), ("kinds", _ALREADY_THERE)):
        connection.execute(_REFUSED.format(table=table, deed="INSERT", when=when))
        for deed in ("UPDATE", "DELETE"):
            connection.execute(_REFUSED.format(table=table, deed=deed, when=""))


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


def _outbox(connection: sqlite3.Connection) -> None:
    """3: campaigns, their letters, each attempt to send one, addresses not to write to, and replies.

    One address gets one letter a campaign and channel; letters that are suppressed do not count.
    """
    connection.execute(
        """
        CREATE TABLE campaigns (
            id TEXT PRIMARY KEY,
            incident TEXT NOT NULL,
            notice TEXT NOT NULL,
            number INTEGER NOT NULL,
            kind TEXT NOT NULL,
            audience TEXT NOT NULL,
            by TEXT NOT NULL,
            at TEXT NOT NULL,
            expires_at TEXT NOT NULL,
            overruled TEXT NOT NULL,
            stopped TEXT NOT NULL DEFAULT '',
            UNIQUE (incident, notice, number)
        )
        """
    )
    connection.execute(
        """
        CREATE TABLE letters (
            id INTEGER PRIMARY KEY,
            campaign TEXT NOT NULL REFERENCES campaigns (id),
            contact TEXT NOT NULL,
            channel TEXT NOT NULL,
            rank INTEGER NOT NULL,
            name TEXT NOT NULL,
            address TEXT NOT NULL,
            language TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('queued', 'in-flight', 'sent', 'deferred', 'failed',
                'unknown', 'suppressed', 'cancelled', 'expired')),
            reason TEXT NOT NULL DEFAULT '',
            attempts INTEGER NOT NULL DEFAULT 0,
            not_before TEXT NOT NULL DEFAULT '',
            code INTEGER,
            reply TEXT NOT NULL DEFAULT '',
            provider_id TEXT NOT NULL DEFAULT '',
            first_at TEXT NOT NULL DEFAULT '',
            last_at TEXT NOT NULL DEFAULT '',
            content BLOB NOT NULL,
            UNIQUE (campaign, contact, channel)
        )
        """
    )
    connection.execute(
        "CREATE UNIQUE INDEX letters_one_an_address ON letters (campaign, channel, address COLLATE NOCASE)"
        " WHERE state <> 'suppressed' AND address <> ''"
    )
    connection.execute(
        "CREATE INDEX letters_waiting ON letters (campaign, not_before, id) WHERE state IN ('queued', 'deferred')"
    )
    connection.execute(
        """
        CREATE TABLE attempts (
            letter INTEGER NOT NULL REFERENCES letters (id),
            at TEXT NOT NULL,
            stage TEXT NOT NULL,
            state TEXT NOT NULL,
            code INTEGER,
            reply TEXT NOT NULL
        )
        """
    )
    connection.execute(
        "CREATE TABLE suppressed (address TEXT PRIMARY KEY, reason TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID"
    )
    connection.execute(
        """
        CREATE TABLE replies (
            message_id TEXT PRIMARY KEY,
            incident TEXT NOT NULL,
            campaign TEXT NOT NULL,
            contact TEXT NOT NULL,
            sender TEXT NOT NULL,
            subject TEXT NOT NULL,
            at TEXT NOT NULL,
            owner TEXT NOT NULL DEFAULT '',
            status TEXT NOT NULL CHECK (status IN ('open', 'taken', 'answered', 'automatic')),
            changed_at TEXT NOT NULL
        )
        """
    )
    connection.execute("CREATE TABLE seen (mailbox TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID")
    connection.execute(
        """
        CREATE TABLE answers (
            incident TEXT NOT NULL,
            contact TEXT NOT NULL,
            satisfied TEXT NOT NULL CHECK (satisfied IN ('yes', 'no', 'comment')),
            comment TEXT NOT NULL,
            by TEXT NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (incident, contact)
        )
        """
    )


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_journal, _spans, _outbox)


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
