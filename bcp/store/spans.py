"""The spans of checks: one row for each stretch of time in a state, one sketch of latencies for each day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from sqlite3 import Connection
from typing import NamedTuple, get_args

from bcp.check.blips import Blips
from bcp.check.span import SET_RIGHT, Seen, Sketch, Span, SpanState, grow
from bcp.errors import StoreError
from bcp.probe.base import works
from bcp.store.database import Database
from bcp.store.look_days import LookDay, add_up, day_kept, day_of, days_since
from bcp.store.newest_spans import NOT_UNOBSERVED, SEEN, newest
from bcp.store.part import Columns, StorePart, as_written, text, typed

LATEST = timedelta(seconds=10)
"""How long looks that changed nothing may be counted in memory only, and what was refused is not tried again."""
COUNTED = timedelta(minutes=1)
"""How long latencies and blips, which are counted by the day, may be in memory only."""

_COLUMNS = "spans.id, spans.name, state, first, last, looks, reason"
_LAST = newest(_COLUMNS)
_OBSERVED = newest(_COLUMNS, SEEN)
_LOOKED = newest("spans.name, last", NOT_UNOBSERVED)
_ADD = "INSERT INTO spans (name, state, first, last, looks, reason) VALUES (?, ?, ?, ?, ?, ?)"
_CHANGE = "UPDATE spans SET last = ?, looks = ?, reason = ? WHERE id = ? AND name = ? AND first = ?"
# From the newest span back to the one that was under way, and no further.
_HISTORY = """
    SELECT state, first, last, looks, reason FROM spans INDEXED BY spans_by_check
    WHERE name = ?1 AND id >= coalesce(
        (SELECT id FROM spans INDEXED BY spans_by_check WHERE name = ?1 AND first <= ?2 ORDER BY id DESC LIMIT 1), 0)
    ORDER BY id
"""
_SKETCHES = "SELECT sketch FROM latencies WHERE name = ? AND day >= ?"
_BLIPS = "SELECT blips FROM latencies WHERE name = ? AND day >= ?"
_NEVER = datetime.min.replace(tzinfo=UTC)
_TYPES = (str, int, int, int, str)
_STATES: dict[str, SpanState] = {each: each for each in get_args(SpanState)}


@dataclass
class _Row:
    """A span and its number in the table, once it is there."""

    span: Span
    number: int | None = None


class KeptLooks(NamedTuple):
    """What is kept of a check: its spans in order, how long its looks took by days of UTC, and which of them failed."""

    check: str
    spans: list[Span]
    latencies: dict[date, Sketch]
    blips: Blips


class StoredSpans(StorePart):
    """`Spans` in SQLite.

    Two processes do not use it at once: who looks holds the lock of the looks. What cannot be written (a full
    disk) is kept in memory and written with the next.
    """

    def __init__(self, store: Database | Path) -> None:
        super().__init__(store)
        self._last: dict[str, _Row] | None = None
        self._observed: dict[str, Span] = {}
        self._unwritten: dict[int, _Row] = {}
        self._days: dict[tuple[str, int], LookDay] = {}
        self._now = self._written = self._counted = _NEVER
        self._refused: tuple[datetime, StoreError] | None = None

    def held(self) -> Mapping[str, Span]:
        """The last span of each check in which somebody looked (up, warning, down or inconclusive)."""
        self._load()
        return self._observed

    def looked(self) -> Mapping[str, datetime]:
        """When somebody last looked at each check, or left it alone because of its maintenance."""
        return dict(self._kept(_LOOKED, (), _named_moment))

    def note(self, seen: Iterable[tuple[Seen, timedelta]]) -> None:
        """Keep what one pass saw, each with the gap allowed; written at once where a state changed.

        Raises StoreError where it cannot be written; what was refused is not tried again with each look.
        """
        is_news = False
        for each, gap in seen:
            is_news |= self._note(each, gap)
            self._now = each.at if self._now - each.at > SET_RIGHT else max(self._now, each.at)
        if self._refused is not None and abs(self._now - self._refused[0]) < LATEST:
            raise type(self._refused[1])(self._refused[1].message, self._refused[1].hint)
        if is_news or abs(self._now - self._written) > LATEST:
            self._try_to_write()

    def _note(self, seen: Seen, gap: timedelta) -> bool:
        rows = self._load()
        row = rows.get(seen.check)
        spans = grow(row.span if row else None, seen, gap)
        if row and spans[0].first == row.span.first and spans[0].state == row.span.state:
            row.span = spans.pop(0)
            self._unwritten[id(row)] = row
        for span in spans:
            row = rows[seen.check] = _Row(span)
            self._unwritten[id(row)] = row
        if seen.state != "maintenance":
            self._observed[seen.check] = rows[seen.check].span
            key = seen.check, day_of(seen.at)
            if (day := self._days.get(key)) is None:
                day = self._days[key] = LookDay()
            for latency in seen.latencies:
                day.sketch.add(latency)
            if works(seen.state):
                day.blips.add(seen.at, seen.looks, seen.blips)
        return bool(spans)

    def flush(self) -> None:
        """Write what was only counted so far."""
        if self._unwritten or self._days:
            self._counted = _NEVER
            self._try_to_write()

    def history(self, check: str, since: datetime) -> list[Span]:
        """The spans of a check in order, from the one that was under way at `since`."""
        self.flush()
        with self._database.reading() as connection:
            return _history(connection, check, since)

    def latencies(self, check: str, since: datetime) -> Sketch:
        """How long its looks took from the day of `since` on."""
        self.flush()
        whole = Sketch()
        for sketch in self._kept(_SKETCHES, (check, day_of(since)), _sketch):
            whole.merge(sketch)
        return whole

    def blips(self, check: str, since: datetime) -> Blips:
        """Which of its looks failed although it was up, from the day of `since` on."""
        self.flush()
        whole = Blips()
        for each in self._kept(_BLIPS, (check, day_of(since)), _read_blips):
            whole.merge(each)
        return whole

    def kept(self, since: datetime, names: Iterable[str]) -> Iterator[KeptLooks]:
        """All that is kept of these checks from `since` on, one check after the other; of each as `history` has it.

        No more than one is held in memory, and nobody waits for the store while it is put to use.
        """
        self.flush()
        for name in names:
            with self._database.reading() as connection:
                found = _kept_of(connection, name, since)
            yield found

    def todays_latencies(self, now: datetime, names: Iterable[str]) -> dict[str, Sketch]:
        """How long the looks of these checks took today, the day of UTC; without those of which nothing was kept."""
        self.flush()
        with self._database.reading() as connection:
            days = ((name, day_kept(connection, name, day_of(now))) for name in names)
            return {name: day.sketch for name, day in days if day is not None}

    def close(self) -> None:
        """Write what is left and let go of the file."""
        self.flush()
        super().close()

    def _load(self) -> dict[str, _Row]:
        if self._last is None:
            last = self._kept(_LAST, (), lambda row: _Row(_span(row), row[0]))
            observed = self._kept(_OBSERVED, (), _span)
            self._last = {row.span.check: row for row in last}
            self._observed = {span.check: span for span in observed}
        return self._last

    def _try_to_write(self) -> None:
        try:
            self._write()
        except StoreError as error:
            self._refused = self._now, error
            raise
        self._refused = None

    def _write(self) -> None:
        rows = list(self._unwritten.values())
        with self._database.writing() as connection:
            numbers = [_put(connection, row) for row in rows]
            days = dict(self._days) if abs(self._now - self._counted) > COUNTED else {}
            for (name, number), day in days.items():
                if day.sketch.counts or day.blips.counts:
                    add_up(connection, name, number, day)
        for row, given in zip(rows, numbers, strict=True):
            row.number = given
        self._unwritten.clear()
        if days:
            self._days.clear()
            self._counted = self._now
        self._written = self._now


def _put(connection: Connection, row: _Row) -> int | None:
    span = row.span
    if row.number is not None:
        which = row.number, span.check, _number(span.first)
        if connection.execute(_CHANGE, (_number(span.last), span.looks, span.reason, *which)).rowcount:
            return row.number
        # The store was put back from a backup while somebody looked: there the span is not known.
    times = _number(span.first), _number(span.last)
    return connection.execute(_ADD, (span.check, span.state, *times, span.looks, span.reason)).lastrowid


def _number(moment: datetime) -> int:
    """Milliseconds since 1970."""
    return round(moment.timestamp() * 1000)


def _history(connection: Connection, check: str, since: datetime) -> list[Span]:
    rows = connection.execute(_HISTORY, (check, _number(since))).fetchall()
    return as_written(lambda rows: [_stretch(check, row) for row in rows], rows)


def _span(row: Columns) -> Span:
    _id, name, *stretch = typed(row, int, str, str, int, int, int, str)
    return _stretch(name, stretch)


def _stretch(name: str, row: Columns) -> Span:
    # A year of a thousand checks is half a million of these: what `typed` says with care is asked in one go.
    if tuple(map(type, row)) != _TYPES or row[0] not in _STATES:
        raise TypeError("a value is not of the type of its column")
    state, first, last, looks, reason = row
    return Span(name, _STATES[state], _moment(first), _moment(last), looks, reason)


def _named_moment(row: Columns) -> tuple[str, datetime]:
    name, last = typed(row, str, int)
    return name, _moment(last)


def _sketch(row: Columns) -> Sketch:
    return Sketch.read(text(row))


def _read_blips(row: Columns) -> Blips:
    return Blips.read(text(row))


def _kept_of(connection: Connection, name: str, since: datetime) -> KeptLooks:
    found = KeptLooks(name, _history(connection, name, since), {}, Blips())
    for day, counted in days_since(connection, name, since):
        found.latencies[day] = counted.sketch
        found.blips.merge(counted.blips)
    return found


def _moment(number: int) -> datetime:
    return datetime.fromtimestamp(number / 1000, UTC)
