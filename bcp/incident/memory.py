"""A log that keeps nothing: for a dry run, which must leave no trace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bcp.clock import Clock
from bcp.errors import Conflict
from bcp.event import NOTHING, Entry, Event, Head, Row, seal


class Memory:
    """Events of this process alone; the same rules as the store's."""

    def __init__(self, clock: Clock) -> None:
        """`clock` tells when an event is recorded."""
        self._clock = clock
        self._rows: dict[str, list[Row]] = {}

    def append(self, stream: str, head: Head, entries: Sequence[Entry]) -> list[Event]:
        """Keep `entries` after `head`. Raises Conflict if the stream has grown since."""
        rows = self._rows.setdefault(stream, [])
        last = Head(rows[-1].seq, rows[-1].hash) if rows else NOTHING
        if last != head:
            raise Conflict(f"{stream} has grown since it was read")
        events = []
        for entry in entries:
            event = seal(stream, last, entry, self._clock.now())
            last = Head(event.seq, event.hash)
            events.append(event)
        rows.extend(Row(stream, event.seq, event.kind, event.body, event.hash) for event in events)
        return events

    def rows(self, stream: str, after: int = 0) -> Iterator[Row]:
        """The rows behind event number `after`."""
        return iter(self._rows.get(stream, [])[after:])

    def streams(self, kind: str) -> list[str]:
        """The streams that hold an event of `kind`."""
        return [stream for stream, rows in self._rows.items() if any(row.kind == kind for row in rows)]
