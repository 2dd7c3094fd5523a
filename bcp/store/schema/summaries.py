"""Migration 9: what a list shows of an incident, kept beside its journal as long as that ends with the same event."""

from __future__ import annotations

STATEMENTS = (
    """
    CREATE TABLE summaries (
        stream TEXT PRIMARY KEY,
        seq INTEGER NOT NULL,
        hash TEXT NOT NULL,
        made_by TEXT NOT NULL,
        body TEXT NOT NULL
    ) WITHOUT ROWID
    """,
)
