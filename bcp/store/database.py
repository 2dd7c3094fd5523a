"""The one SQLite file of an office: opened cheaply, written durably, and every failure in plain words.

- Whoever writes has a write-ahead log that is flushed at each commit (`synchronous=FULL`).
- Whoever reads can do so from a full disk and from a read-only folder.
- One connection a process, used by one thread at a time. It is closed before a fork: a child that
  inherits an open SQLite file believes it holds the locks of its parent and can damage the file.
  https://www.sqlite.org/howtocorrupt.html#_carrying_an_open_database_connection_across_a_fork_
"""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import RLock
from weakref import WeakSet, finalize

from bcp.errors import StoreError
from bcp.private import make_file, make_folder
from bcp.store.failure import code, in_plain_words, undecodable
from bcp.store.migrations import is_current, migrate
from bcp.store.place import close_to_others

FILE = "bcp.sqlite3"

_LOG = logging.getLogger(__name__)
_LOCK = RLock()
_OPEN: WeakSet[Database] = WeakSet()

_SLOW = 0.5
"""Seconds after which a write has waited for another writer, or for a slow disk."""
_READ_ANOTHER_WAY = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
    }
)


class Database:
    """The store in the folder `state`. Nothing is opened before it is needed.

    With `create`, a store that is not there yet reads as an empty one and is made by the first write;
    without, both raise StoreError. `patience` is how many seconds to wait for another writer.
    `as_it_is` is for a reader that changes nothing, also not the form of an older store.
    """

    def __init__(
        self, state: Path, *, create: bool = True, patience: float = 5.0, as_it_is: bool = False
    ) -> None:
        self.file = state / FILE
        self._create = create
        self._as_it_is = as_it_is
        self._patience = patience
        self._connection: sqlite3.Connection | None = None
        self._ending: finalize[[], Database] | None = None
        self._inode = 0

    def wait(self, seconds: float) -> None:
        """From now on wait so long for another writer."""
        with _LOCK:
            self._patience = seconds
            if self._connection is not None:
                self._connection.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection in a write transaction: committed at the end of the block, else rolled back.

        Raises StoreError in plain words. Blocks are not nested.
        """
        with self._locked():
            connection = self._connection or self._opened(self._found() or self._made())
            began = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            _note_slow(began)
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                connection.rollback()
                raise

    def write(self, statement: str, rows: Sequence[Sequence[object]]) -> int:
        """Carry out a statement that changes, once for each of the rows, all or none; how much it changed.

        For one row it is a transaction of its own: nothing else is said to SQLite on the way to the disk.
        Raises StoreError in plain words.
        """
        if len(rows) != 1:
            with self.writing() as connection:
                return connection.executemany(statement, rows).rowcount
        with self._locked():
            connection = self._connection or self._opened(self._found() or self._made())
            began = time.perf_counter()
            changed = connection.execute(statement, rows[0]).rowcount
            _note_slow(began)
            return changed

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection to read from; fetch what you need inside the block.

        It looks whether the file was put in place of another since. (A writer does not: he has read before.)
        Raises StoreError in plain words, but not for a full disk or a folder that cannot be written to.
        """
        with self._locked():
            found = self._found()
            connection = self._opened_or_read_only(found) if found else self._empty()
            try:
                yield connection
            finally:
                if connection is not self._connection:
                    connection.close()

    def alone(self, name: str) -> AbstractContextManager[None]:
        """Hold the lock of this name during the block, as the only process. Raises Busy or StoreError."""
        from bcp.store.hold import alone

        return alone(self.file.with_name(f"{name}.lock"))

    def close(self) -> None:
        """Let go of the file; the next use opens it again."""
        with _LOCK:
            if self._ending:
                self._ending()
            self._connection = None

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One thread at a time; what fails inside lets go of the file, and is told in plain words."""
        with _LOCK:
            try:
                yield
            except (sqlite3.Error, OSError) as error:
                self.close()
                raise in_plain_words(error, self.file) from error
            except UnicodeDecodeError as error:
                # Of a damaged file SQLite's own complaint may quote bytes that are no text.
                self.close()
                raise in_plain_words(undecodable(error), self.file) from error

    def _found(self) -> os.stat_result | None:
        try:
            return self.file.stat()
        except FileNotFoundError:
            return None

    def _made(self) -> os.stat_result:
        if not self._create:
            raise self._missing()
        make_folder(self.file.parent)
        make_file(self.file)
        return self.file.stat()

    def _opened(self, found: os.stat_result) -> sqlite3.Connection:
        self._connection = self._connect("mode=rw")
        # A connection refers to itself: dropped without this it would stay open for a while.
        self._ending = finalize(self, self._connection.close)
        self._inode = found.st_ino
        _OPEN.add(self)
        close_to_others(self.file)
        return self._connection

    def _connect(self, how: str, *, migrated: bool = True) -> sqlite3.Connection:
        connection = _connect(f"{self.file.absolute().as_uri()}?{how}", self._patience)
        if not migrated:
            return connection
        try:
            _use_log(connection)
            for pragma in ("synchronous = FULL", "fullfsync = ON", "foreign_keys = ON"):
                connection.execute(f"PRAGMA {pragma}")
            migrate(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _opened_or_read_only(self, found: os.stat_result) -> sqlite3.Connection:
        if self._inode != found.st_ino:
            self.close()
        try:
            if self._as_it_is:
                return self._up_to_date(self._connect("mode=rw", migrated=False))
            return self._connection or self._opened(found)
        except sqlite3.Error as error:
            if code(error) not in _READ_ANOTHER_WAY:
                raise
            _LOG.info("the store can only be read: %s", getattr(error, "sqlite_errorname", "no code"))
        return self._read_only()

    def _read_only(self) -> sqlite3.Connection:
        """A connection that needs no file but those that are there: no lock, no shared memory.

        `immutable` would leave out what is still in the write-ahead log, so where there is one, the
        index over it is built in private memory (locking_mode EXCLUSIVE, on a layer without locks).
        """
        log = self.file.with_name(f"{FILE}-wal")
        without_locks = f"mode=ro&vfs={'win32-none' if os.name == 'nt' else 'unix-none'}"
        how = without_locks if log.exists() and log.stat().st_size else "immutable=1"
        connection = self._connect(how, migrated=False)
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        except BaseException:
            connection.close()
            raise
        return self._up_to_date(connection)

    def _up_to_date(self, connection: sqlite3.Connection) -> sqlite3.Connection:
        """The same connection, or, where its file has an older form, one to a copy in memory of today's."""
        try:
            if is_current(connection):
                return connection
            copy = self._empty(connection)
        except BaseException:
            connection.close()
            raise
        connection.close()
        return copy

    def _empty(self, filled_from: sqlite3.Connection | None = None) -> sqlite3.Connection:
        """A store in memory, up to date."""
        if not self._create and not filled_from:
            raise self._missing()
        connection = _connect(":memory:", self._patience)
        if filled_from:
            filled_from.backup(connection)
        migrate(connection)
        return connection

    def _missing(self) -> StoreError:
        return StoreError(f"there is no store at {self.file}", "name the folder that holds bcp.sqlite3")


def _note_slow(began: float) -> None:
    took = time.perf_counter() - began
    if took > _SLOW:
        _LOG.info("the store was waited for: %.1f s", took)


def _connect(uri: str, patience: float) -> sqlite3.Connection:
    # check_same_thread: _LOCK lets one thread in at a time.
    connection = sqlite3.connect(
        uri, uri=True, timeout=patience, isolation_level=None, check_same_thread=False
    )
    # Bytes that are no text come back as more characters than they were: their hash cannot hold.
    connection.text_factory = _lenient
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def _use_log(connection: sqlite3.Connection) -> None:
    """Switch a new file to its write-ahead log; on any other this does nothing.

    When several processes do so at once, all but one are told at once that the file is locked, without
    the patience that SQLite has for a transaction. So they wait for one, and find the work done.
    """
    for tries_left in reversed(range(20)):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if code(error) != sqlite3.SQLITE_BUSY or not tries_left:
                raise
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("COMMIT")


def _lenient(stored: bytes) -> str:
    return stored.decode(errors="backslashreplace")


def _close_all() -> None:
    _LOCK.acquire()
    for database in list(_OPEN):
        database.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_close_all, after_in_parent=_LOCK.release, after_in_child=_LOCK.release)
