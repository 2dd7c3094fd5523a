"""The journal: events that are appended to the end of a stream, and never changed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from bcp.clock import Clock
from bcp.errors import Conflict
from bcp.event import NOTHING, Entry, Event, Head, Line, Row, seal_all
from bcp.files import in_words
from bcp.incident.journal import PEN_TAKEN, STARTED
from bcp.store.database import Database
from bcp.store.failure import damage, in_plain_words
from bcp.store.heads import LastHeads
from bcp.store.part import StorePart, text

_LOG = logging.getLogger(__name__)
_PAGE = 200

_LAST = "SELECT seq, hash FROM events WHERE stream = ? ORDER BY seq DESC LIMIT 1"
# Only behind the event that it was sealed behind: the comparison costs no statement of its own.
_ADD = f"""
    INSERT INTO events (stream, seq, kind, body, hash) SELECT ?1, ?2, ?3, ?4, ?5
    WHERE ({_LAST.replace("?", "?1")}) IS (?6, ?7)
"""
_ROWS = """
    SELECT stream, seq, kind, body, hash FROM events WHERE stream = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3
"""
_ROWS_BUT = _ROWS.replace(
    "ORDER", "AND (kind <> ?4 OR seq = (SELECT max(seq) FROM events WHERE stream = ?1)) ORDER"
)
_AT = "SELECT hash, kind FROM events WHERE stream = ? AND seq = ?"
_STREAMS = "SELECT stream FROM kinds WHERE kind = ? ORDER BY number"


class Journal(StorePart):
    """A `Log` in SQLite.

    `line` says each event as journal.txt will, and that is sealed with it. `told` is called with the events of each
    append after they are on the disk. It may write them down once more for people; if it cannot (OSError), the append
    is as good as it was. `heads` is opened for the first write, and refuses to go on in a copy.

    `recorded_at` is what the clock says, also when somebody set it back: `seq` alone gives the order.
    """

    def __init__(
        self,
        store: Database | Path,
        clock: Clock,
        told: Callable[[Sequence[Event]], None] | None = None,
        line: Line | None = None,
        heads: Callable[[], LastHeads] | None = None,
    ) -> None:
        super().__init__(store)
        self._open_heads = heads
        self._firsts: dict[str, str] = {}
        self._clock = clock
        self._told = told
        self._line = line

    def append(self, stream: str, head: Head, entries: Sequence[Entry]) -> list[Event]:
        """Write `entries` after `head`, all or none, with one flush to the disk.

        Raises Conflict if the stream has grown since `head` was read, StoreError if nothing can be written.
        """
        self.refuse_copy(stream, entries[0].kind if entries else "")
        events = seal_all(stream, head, entries, self._clock.now(), self._line)
        if self._database.write(_ADD, list(map(_row, events))) != len(events):
            raise self._conflict(stream, head)
        self._remember(stream, events)
        if self._told and events:
            try:
                self._told(events)
            except OSError as error:
                _LOG.warning("journal.txt of %s was not written: %s", stream, in_words(error))
        if events:
            _LOG.info("%s: event %s", stream, ", ".join(f"{each.seq} {each.kind}" for each in events))
        return events

    def rows(self, stream: str, after: int = 0, but: str = "") -> Iterator[Row]:
        """The stored rows of `stream` behind event number `after`, in order; without those of the kind `but`.

        The last one is given whatever it is: it tells where the stream ends.

        They are read page by page and no page holds up a writer: a stream only grows at its end, so all
        pages together are one state of it.
        """
        page_full = True
        while page_full:
            page = self._rows(*self._page(stream, after, but))
            yield from map(Row._make, page)
            page_full = len(page) == _PAGE
            if page_full and not after < (after := _number(page[-1])):
                raise in_plain_words(damage("its events are in no order"), self._database.file)

    def _page(self, stream: str, after: int, but: str) -> tuple[str, tuple[object, ...]]:
        return (_ROWS_BUT, (stream, after, _PAGE, but)) if but else (_ROWS, (stream, after, _PAGE))

    def streams(self, kind: str) -> list[str]:
        """The streams that hold an event of `kind`, by when they got their first one."""
        return self._kept(_STREAMS, (kind,), text)

    @cached_property
    def _heads(self) -> LastHeads | None:
        return self._open_heads() if self._open_heads is not None else None

    def refuse_copy(self, stream: str, kind: str = "") -> None:
        """Before the first event that this process appends to an incident: whether it is what was written last.

        `kind` is that of the event that comes next: whoever takes the incident over has decided that it is. Raises
        CopyFound.
        """
        if self._heads is None or stream in self._firsts:
            return
        first = next(iter(self._rows(_AT, (stream, 1))), None)
        if first is None:
            if kind == STARTED:
                self._heads.tell_missing(lambda name, hash_: self._hash_at(name, 1) == hash_)
            return
        hash_, first_kind = first
        if first_kind != STARTED:
            return
        if kind != PEN_TAKEN:
            self._heads.refuse_copy(
                stream, hash_, lambda: self._end_of(stream), lambda seq: self._hash_at(stream, seq)
            )
        self._firsts[stream] = hash_

    def _remember(self, stream: str, events: Sequence[Event]) -> None:
        if self._heads is None or not events:
            return
        if events[0].kind == STARTED:
            self._firsts[stream] = events[0].hash
        if events[0].kind in (STARTED, PEN_TAKEN):
            self._heads.writes_here()
        if stream in self._firsts:
            self._heads.wrote(stream, self._firsts[stream], Head(events[-1].seq, events[-1].hash))

    def _end_of(self, stream: str) -> Head:
        return Head._make(next(iter(self._rows(_LAST, (stream,)))))

    def _hash_at(self, stream: str, seq: int) -> str | None:
        return next((hash_ for hash_, _kind in self._rows(_AT, (stream, seq))), None)

    def _conflict(self, stream: str, head: Head) -> Conflict:
        seq, _hash = next(iter(self._rows(_LAST, (stream,))), NOTHING)
        _LOG.info("somebody else wrote first: %s ends with event %d, not with %d", stream, seq, head.seq)
        return Conflict(
            f"somebody else wrote first: {stream} ends with event {seq}, not with {head.seq} as read",
            "look at what was written, then give the command again",
        )


def _number(row: tuple[Any, ...]) -> int:
    """The number of an event; below all of them where a damaged page holds something else."""
    return row[1] if isinstance(row[1], int) else -1


def _row(event: Event) -> tuple[object, ...]:
    before = (event.seq - 1, event.prev) if event.prev != NOTHING.hash else (None, None)
    return (event.stream, event.seq, event.kind, event.body, event.hash, *before)
