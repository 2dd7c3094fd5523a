"""Migration 8: of what kind a reply is, what was sorted away, which messages were read, and who was answered."""

from __future__ import annotations

STATEMENTS = (
    "ALTER TABLE replies ADD COLUMN kind TEXT NOT NULL DEFAULT 'person'",
    "ALTER TABLE replies ADD COLUMN why TEXT NOT NULL DEFAULT ''",
    """
    CREATE TABLE sorted_mails (
        message_id TEXT PRIMARY KEY,
        pile TEXT NOT NULL,
        contact TEXT NOT NULL,
        sender TEXT NOT NULL,
        subject TEXT NOT NULL,
        why TEXT NOT NULL,
        at TEXT NOT NULL
    )
    """,
    "CREATE TABLE seen_above (mailbox TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (mailbox, number))"
    " WITHOUT ROWID",
    "CREATE TABLE opt_out_answers (address TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID",
)
