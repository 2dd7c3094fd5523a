"""Migration 3: campaigns, their letters, each attempt to send one, addresses not to write to, and replies.

One address gets one letter a campaign and channel; letters that are suppressed do not count.
"""

from __future__ import annotations

STATEMENTS = (
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
    """,
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
    """,
    "CREATE UNIQUE INDEX letters_one_an_address ON letters (campaign, channel, address COLLATE NOCASE)"
    " WHERE state <> 'suppressed' AND address <> ''",
    "CREATE INDEX letters_waiting ON letters (campaign, not_before, id) WHERE state IN ('queued', 'deferred')",
    """
    CREATE TABLE attempts (
        letter INTEGER NOT NULL REFERENCES letters (id),
        at TEXT NOT NULL,
        stage TEXT NOT NULL,
        state TEXT NOT NULL,
        code INTEGER,
        reply TEXT NOT NULL
    )
    """,
    "CREATE TABLE suppressed (address TEXT PRIMARY KEY, reason TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID",
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
    """,
    "CREATE TABLE seen (mailbox TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID",
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
    """,
)
