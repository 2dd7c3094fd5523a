"""Migration 1: the events of all streams, which can be added at the end of a stream and nothing else.

`kinds` tells which streams hold an event of a kind, in the order of their first ones. It is kept by a
trigger, and instead of an index, since most events add nothing to it: one page fewer to flush for each.
"""

from __future__ import annotations

_REFUSED = "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"

STATEMENTS = (
    """
    CREATE TABLE events (
        stream TEXT NOT NULL,
        seq INTEGER NOT NULL,
        kind TEXT NOT NULL,
        body TEXT NOT NULL,
        hash TEXT NOT NULL,
        PRIMARY KEY (stream, seq)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE kinds (
        number INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        stream TEXT NOT NULL,
        UNIQUE (kind, stream)
    )
    """,
    """
    CREATE TRIGGER events_kind AFTER INSERT ON events
    WHEN NOT EXISTS (SELECT 1 FROM kinds WHERE kind = NEW.kind AND stream = NEW.stream)
    BEGIN INSERT INTO kinds (kind, stream) VALUES (NEW.kind, NEW.stream); END
    """,
    f"""
    CREATE TRIGGER events_insert_refused BEFORE INSERT ON events
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM events WHERE stream = NEW.stream) {_REFUSED}
    """,
    f"CREATE TRIGGER events_update_refused BEFORE UPDATE ON events {_REFUSED}",
    f"CREATE TRIGGER events_delete_refused BEFORE DELETE ON events {_REFUSED}",
    f"""
    CREATE TRIGGER kinds_insert_refused BEFORE INSERT ON kinds
    WHEN EXISTS (SELECT 1 FROM kinds WHERE kind = NEW.kind AND stream = NEW.stream)
      OR EXISTS (SELECT 1 FROM kinds WHERE number = NEW.number) {_REFUSED}
    """,
    f"CREATE TRIGGER kinds_update_refused BEFORE UPDATE ON kinds {_REFUSED}",
    f"CREATE TRIGGER kinds_delete_refused BEFORE DELETE ON kinds {_REFUSED}",
)
