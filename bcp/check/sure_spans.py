"""Spans for whoever looks: no store, however broken, keeps a look from being made, or what it saw from being held.

- A store that cannot be read: what was seen is held in memory, and written once the store can be read.
- One that cannot be written: it keeps by itself in memory what it could not write (`Spans.note`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from bcp.check.span import Seen, Span, Spans, grow
from bcp.clock import Clock
from bcp.errors import StoreError

AGAIN = 10.0
"""Seconds until a store that could not be read is tried again."""


class SureSpans:
    """`stored`, of which none of these raises a StoreError.

    `trouble` is what the store said to the last that was wanted of it, or None where all that was seen is written.
    """

    def __init__(self, stored: Spans, clock: Clock) -> None:
        self._stored, self._clock = stored, clock
        self._is_read = False
        self._tried: float | None = None
        self._spans: dict[str, list[Span]] = {}
        self._gaps: dict[str, timedelta] = {}
        self._observed: dict[str, Span] = {}
        self.trouble: StoreError | None = None

    def held(self) -> Mapping[str, Span]:
        """The last span of each check in which somebody looked: of the store, else of this process alone."""
        return self._stored.held() if self._can_be_read() else self._observed

    def note(self, seen: Iterable[tuple[Seen, timedelta]]) -> None:
        """Keep what was seen, each with the gap allowed."""
        if self._can_be_read():
            self._try(lambda: self._stored.note(seen))
            return
        for each, gap in seen:
            spans = self._spans.setdefault(each.check, [])
            spans[-1:] = grow(spans[-1] if spans else None, each, gap)
            self._gaps[each.check] = gap
            if each.state != "maintenance":
                self._observed[each.check] = spans[-1]

    def flush(self) -> None:
        """Write what was not written so far, if that can be done now."""
        if self._can_be_read(now=True):
            self._try(self._stored.flush)

    def _can_be_read(self, now: bool = False) -> bool:
        """Whether the store was read once, from when on it is held in memory; else it is tried every so often."""
        if self._is_read:
            return True
        at = self._clock.monotonic()
        if not now and self._tried is not None and at - self._tried < AGAIN:
            return False
        self._tried = at
        self._is_read = self._try(self._stored.held)
        if self._is_read:
            self._hand_over()
        return self._is_read

    def _hand_over(self) -> None:
        """Let the store have what was seen before it could be read; how long the looks took is not kept."""
        for name, spans in self._spans.items():
            gap = self._gaps[name]
            for span in spans:
                if span.state != "unobserved":  # that follows from the gap
                    seen = Seen(name, span.state, span.last, span.first, span.reason, span.looks)
                    self._try(lambda seen=seen, gap=gap: self._stored.note([(seen, gap)]))  # type: ignore[misc]
        self._spans.clear()

    def _try(self, do: Callable[[], object]) -> bool:
        try:
            do()
        except StoreError as error:
            self.trouble = error
            return False
        self.trouble = None
        return True
