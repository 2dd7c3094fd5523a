"""A part of what an office keeps: one matter, its tables, and rows that must be what was written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar

from bcp.store.database import Database
from bcp.store.failure import damage

T = TypeVar("T")
Columns = Sequence[Any]
_NOT_AS_WRITTEN = (ValueError, TypeError, OverflowError, OSError, RecursionError, LookupError)
"""What making a record of a damaged row raises: OSError is a moment that the system does not know."""


class StorePart:
    """`store` is the state folder or its database."""

    def __init__(self, store: Database | Path) -> None:
        self._database = store if isinstance(store, Database) else Database(store)

    def wait(self, seconds: float) -> None:
        """From now on wait so long for another writer."""
        self._database.wait(seconds)

    def close(self) -> None:
        """Let go of the file; the next use opens it again."""
        self._database.close()

    def _rows(self, query: str, values: Columns = ()) -> list[Any]:
        """All rows that a query finds, whatever is in them."""
        with self._database.reading() as connection:
            return connection.execute(query, values).fetchall()

    def _kept(self, query: str, values: Columns, make: Callable[[Columns], T]) -> list[T]:
        """A record of each row that a query finds. Raises StoreError where one is not as it was written."""
        with self._database.reading() as connection:
            return [as_written(make, row) for row in connection.execute(query, values).fetchall()]


def as_written(make: Callable[[Columns], T], row: Columns) -> T:
    """`make(row)`. Raises sqlite3.DatabaseError for a row that cannot be what was written: a damaged page.

    Where a page is damaged, SQLite gives back any value in any column, and rows that break the table's own rules.
    """
    try:
        return make(row)
    except _NOT_AS_WRITTEN as error:
        raise damage("a row is not what was written") from error


def typed(row: Columns, *types: type | UnionType) -> Columns:
    """The same row. Raises TypeError where a value is not of the type of its column."""
    for value, type_ in zip(row, types, strict=True):
        if not isinstance(value, type_):
            raise TypeError(f"{type(value).__name__} in place of {type_}")
    return row


def one_of(value: str, known: Sequence[str]) -> str:
    """The same value. Raises ValueError where no such word is ever written."""
    if value not in known:
        raise ValueError("a word that is never written")
    return value


def text(row: Columns) -> str:
    """The only column of a row, which holds text."""
    return str(typed(row, str)[0])
