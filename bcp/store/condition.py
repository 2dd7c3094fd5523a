"""What can be said of a store without changing it: its format, its streams and where they end, whether they hold.

It is asked when something has gone wrong, so nothing is made, migrated or mended here, and a store that cannot be
read is an answer and not a failure.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from bcp.chain import checked
from bcp.errors import BcpError
from bcp.event import Row, content_of
from bcp.store.database import FILE
from bcp.store.migrations import MIGRATIONS

KNOWN_FORMAT = len(MIGRATIONS)
SQLITE = sqlite3.sqlite_version
_PATIENCE = 1.0
_MOST = 3
_ROWS = "SELECT stream, seq, kind, body, hash FROM events WHERE stream = ? ORDER BY seq"
_LAST = "SELECT stream, seq, hash FROM events WHERE stream = ? ORDER BY seq DESC LIMIT 1"
_OPEN = """
    SELECT stream FROM kinds WHERE kind = 'incident.started'
    AND stream NOT IN (SELECT stream FROM kinds WHERE kind = 'incident.closed') ORDER BY number DESC LIMIT ?
"""
_STATES = """
    SELECT name, state, first, last, looks FROM spans WHERE id IN (SELECT max(id) FROM spans GROUP BY name)
    ORDER BY name
"""


class StreamEnd(NamedTuple):
    """Where a stream ends."""

    stream: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class StoreCondition:
    """The format of the file (None where it cannot be read), the ends of the streams asked for, and what is wrong."""

    format: int | None = None
    ends: list[StreamEnd] = field(default_factory=list)
    trouble: str = ""


class ConditionDetail(NamedTuple):
    """One stream in numbers: how many events of each kind, from when to when, its end, and what is wrong with it."""

    stream: str
    kinds: dict[str, int]
    first: str
    last: str
    end: str
    fault: str


class State(NamedTuple):
    """The last state of a check; moments are milliseconds since 1970."""

    check: str
    state: str
    first: int
    last: int
    looks: int


def condition(state: Path, asked: str | None = None) -> StoreCondition:
    """How the store is: where `asked` ends, else the newest open incidents and drills. Never raises."""
    if not (state / FILE).is_file():
        return StoreCondition(trouble="there is no store yet")
    found: int | None = None
    try:
        with _opened(state) as connection:
            found = connection.execute("PRAGMA user_version").fetchone()[0]
            streams = [asked] if asked else [row[0] for row in connection.execute(_OPEN, (_MOST,))]
            rows = [connection.execute(_LAST, (stream,)).fetchone() for stream in streams]
            return StoreCondition(found, [StreamEnd(*row) for row in rows if row])
    except (sqlite3.Error, OSError, ValueError, TypeError) as error:
        return StoreCondition(found, trouble=_words(error))


def streams(state: Path) -> list[ConditionDetail]:
    """Every stream in numbers, oldest first, without anything that an event holds. Raises what SQLite raises."""
    with _opened(state) as connection:
        names = [row[0] for row in connection.execute("SELECT DISTINCT stream FROM events ORDER BY stream")]
        return [_told(connection, name) for name in names]


def states(state: Path) -> list[State]:
    """The last state of each check. Raises what SQLite raises."""
    with _opened(state) as connection:
        return [State(*row) for row in connection.execute(_STATES)]


class StaffName(NamedTuple):
    """Somebody of the staff, as a plan names them; empty where it says nothing."""

    name: str
    phone: str


def people(state: Path) -> Iterator[StaffName]:
    """The staff in the plan of each incident and drill. Raises what SQLite raises."""
    with _opened(state) as connection:
        for (body,) in connection.execute("SELECT body FROM events WHERE seq = 1"):
            with suppress(ValueError, KeyError, TypeError, AttributeError, RecursionError):
                for person in content_of(body)["data"]["plan"]["people"].values():
                    yield StaffName(str(person.get("name") or ""), str(person.get("phone") or ""))


def _told(connection: sqlite3.Connection, name: str) -> ConditionDetail:
    kinds: dict[str, int] = {}
    moments: list[str] = []
    end = ""

    def counted() -> Iterator[Row]:
        nonlocal end
        for found in connection.execute(_ROWS, (name,)):
            row = Row(*found)
            kinds[row.kind] = kinds.get(row.kind, 0) + 1
            moments[1:] = [_at(row.body)]
            end = row.hash
            yield row

    fault = ""
    rows = counted()
    try:
        for _row in checked(rows):
            pass
    except BcpError as error:
        fault = error.message
        # What lies behind the fault is counted all the same.
        for _row in rows:
            pass
    except sqlite3.Error as error:
        fault = _words(error)
    moments = moments or [""]
    return ConditionDetail(name, kinds, moments[0], moments[-1], end, fault)


def _at(body: Any) -> str:
    try:
        return str(content_of(body)["recorded_at"])[:40]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


@contextmanager
def _opened(state: Path) -> Iterator[sqlite3.Connection]:
    """A connection that only reads; in a folder that cannot be written to, one that needs no file beside it."""
    uri = (state / FILE).absolute().as_uri()
    with closing(_first_that_reads(uri)) as connection:
        connection.text_factory = lambda stored: stored.decode(errors="backslashreplace")
        connection.execute("PRAGMA trusted_schema = OFF")
        yield connection


def _first_that_reads(uri: str) -> sqlite3.Connection:
    failed: sqlite3.Error = sqlite3.OperationalError("unable to open database file")
    for how in ("mode=ro", "mode=ro&immutable=1"):
        connection = sqlite3.connect(f"{uri}?{how}", uri=True, timeout=_PATIENCE, isolation_level=None)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.Error as error:
            failed = error
            connection.close()
        else:
            return connection
    raise failed


def _words(error: Exception) -> str:
    return f"it cannot be read: {type(error).__name__}: {error}"
