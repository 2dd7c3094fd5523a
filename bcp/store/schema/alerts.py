"""Migration 5: what people have to hear, and by which ways they heard it.

Moments are milliseconds since 1970; `content` is the alert as JSON.
"""

from __future__ import annotations

STATEMENTS = (
    """
    CREATE TABLE alerts (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        at INTEGER NOT NULL,
        content TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE alert_deliveries (
        alert TEXT NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
        recipient TEXT NOT NULL,
        state TEXT NOT NULL,
        tries INTEGER NOT NULL,
        not_before INTEGER,
        why TEXT NOT NULL,
        at INTEGER,
        PRIMARY KEY (alert, recipient)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX alert_deliveries_waiting ON alert_deliveries (alert) WHERE state = 'waiting'",
)
