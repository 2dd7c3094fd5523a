"""What an office has on its disk, to be compared: every file, and every row of the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

LOG = "bcp.log"
_STORE = "bcp.sqlite3"


def tree(folder: Path) -> dict[str, bytes | None]:
    """Each file with its content and each folder (None), but for the log."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
        if not path.name.startswith(LOG)
    }


def rows(state: Path) -> dict[str, list[tuple[object, ...]]]:
    """Each table of the store with its rows; none where there is no store."""
    if not (state / _STORE).exists():
        return {}
    # Not `mode=ro`: such a reader leaves the files of the write-ahead log behind.
    connection = sqlite3.connect(state / _STORE)
    try:
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in _tables(connection)}
    finally:
        connection.close()


def _tables(connection: sqlite3.Connection) -> Iterator[str]:
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        yield name
