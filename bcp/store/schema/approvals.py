"""Migration 7: to which sendings a person agreed, and when each may go on without one.

Both hold for this computer only: they do not move with an incident. An empty `by` is nobody.
"""

from __future__ import annotations

STATEMENTS = (
    """
    CREATE TABLE approvals (
        campaign TEXT PRIMARY KEY,
        by TEXT NOT NULL,
        goes_on_at TEXT NOT NULL
    ) WITHOUT ROWID
    """,
)
