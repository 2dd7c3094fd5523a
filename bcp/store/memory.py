"""A store in memory, for what is only rehearsed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import RLock

from bcp.store.database import Database


class MemoryDatabase(Database):
    """A store in memory: the same tables and rules, and nothing of it on a disk. It ends with its process."""

    def __init__(self) -> None:
        super().__init__(Path())
        self._lock = RLock()
        self._memory = self._empty()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The connection in a transaction: committed at the end of the block, else rolled back."""
        with self._lock, self._memory:
            self._memory.execute("BEGIN")
            yield self._memory

    def write(self, statement: str, rows: Sequence[Sequence[object]]) -> int:
        """Carry out a statement that changes, once for each of the rows, all or none; how much it changed."""
        with self.writing() as connection:
            return connection.executemany(statement, rows).rowcount

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, to read from."""
        with self._lock:
            yield self._memory

    def alone(self, name: str) -> AbstractContextManager[None]:
        """No other process is there."""
        return nullcontext()

    def close(self) -> None:
        """Nothing is let go of: it would be lost."""
