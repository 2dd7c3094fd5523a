"""Migration 10: the spans of one check in the order in which they were kept, so that its last ones are one look-up.

They were in the order of their moments before, in which a clock that was wrong once comes last for ever. `last_said` is
what the stream of the checks said last of each, as of its event `seq`: no pass reads that stream from its beginning.
"""

from __future__ import annotations

STATEMENTS = (
    "DROP INDEX spans_by_name",
    "CREATE INDEX spans_by_check ON spans (name, id, first)",
    """
    CREATE TABLE last_said (
        name TEXT PRIMARY KEY,
        state TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE last_said_as_of (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        seq INTEGER NOT NULL,
        hash TEXT NOT NULL
    )
    """,
)
