"""Migration 2: how checks were, as stretches of time in one state, and how long their looks took, by day.

Moments are milliseconds since 1970, days are counted from the year 1.
"""

from __future__ import annotations

STATEMENTS = (
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
    """,
    "CREATE INDEX spans_by_name ON spans (name, first)",
    """
    CREATE TABLE latencies (
        name TEXT NOT NULL,
        day INTEGER NOT NULL,
        sketch TEXT NOT NULL,
        PRIMARY KEY (name, day)
    ) WITHOUT ROWID
    """,
)
