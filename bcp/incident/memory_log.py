"""A log in memory, perhaps over another one that is only read: what a drill does must leave no trace in that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bcp.clock import Clock
from bcp.errors import Conflict
from bcp.event import NOTHING, Entry, Event, Head, Log, Row, seal_all


class InMemoryLog:
    """Events of this process alone, behind those of `below`; the same rules as the store's.

    A stream is a copy from the moment that something is appended to it: what others write into it later, a drill
    does not see.
    """

    def __init__(self, clock: Clock, below: Log | None = None) -> None:
        """`clock` tells when an event is recorded; nothing is ever written to `below`."""
        self._clock = clock
        self._below = below
        self._rows: dict[str, list[Row]] = {}

    def append(self, stream: str, head: Head, entries: Sequence[Entry]) -> list[Event]:
        """Keep `entries` after `head`. Raises Conflict if the stream has grown since."""
        rows = list(self.rows(stream))
        if (Head(rows[-1].seq, rows[-1].hash) if rows else NOTHING) != head:
            raise Conflict(f"{stream} has grown since it was read")
        events = seal_all(stream, head, entries, self._clock.now())
        rows.extend(Row(stream, event.seq, event.kind, event.body, event.hash) for event in events)
        self._rows[stream] = rows
        return events

    def rows(self, stream: str, after: int = 0, but: str = "") -> Iterator[Row]:
        """The rows behind event number `after`, without those of the kind `but`, but with the last one."""
        if stream in self._rows:
            rows = self._rows[stream]
            yield from (row for row in rows if row.seq > after and (row.kind != but or row is rows[-1]))
        elif self._below is not None:
            yield from self._below.rows(stream, after, but)

    def streams(self, kind: str) -> list[str]:
        """The streams that hold an event of `kind`."""
        below = self._below.streams(kind) if self._below else []
        ours = (stream for stream, rows in self._rows.items() if any(row.kind == kind for row in rows))
        return list(dict.fromkeys([*below, *ours]))
