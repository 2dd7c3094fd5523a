"""Writing to a journal that others write to at the same time; and the streams that belong to no incident."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from bcp.errors import ChainBroken, Conflict
from bcp.event import KEEP, NOTHING, Entry, Event, Head, Log, unseal

_MOST_IN_VAIN = 5
"""How often in a row somebody may have written first of whom nothing is to be read."""


class Overtaken:
    """Tells a writer whom somebody overtook from one whose damaged store hides what is written in it.

    The first one reads and tries again. The other one would do so for ever.
    """

    def __init__(self, stream: str) -> None:
        """Of one attempt to write to `stream`."""
        self._stream = stream
        self._in_vain = 0

    def refuse_in_vain(self, head: Head, is_new: bool) -> None:
        """After a Conflict behind `head`: whether something new was read since.

        Raises ChainBroken where nothing was, again and again.
        """
        self._in_vain = 0 if is_new else self._in_vain + 1
        if self._in_vain == _MOST_IN_VAIN:
            words = "is damaged: it goes on behind event {seq}, and what follows cannot be read"
            raise ChainBroken(f"the journal of {self._stream} {words.format(seq=head.seq)}", KEEP)


class Stream:
    """A stream that belongs to no incident and is read as a whole; each class of them says how it is called."""

    NAME: ClassVar[str]

    def __init__(self, log: Log, by: str) -> None:
        """`by` is who writes."""
        self.log = log
        self.by = by

    def events(self) -> list[Event]:
        """All that was written, in order."""
        return [unseal(row) for row in self.log.rows(self.NAME)]

    def last(self, kind: str, key: str) -> dict[str, Event]:
        """The last event of `kind` for each value of `key` in its data."""
        return {event.data[key]: event for event in self.events() if event.kind == kind}

    def write(self, kind: str, data: Mapping[str, Any]) -> None:
        """Write one more event, whoever else writes at the same time."""
        overtaken, known = Overtaken(self.NAME), NOTHING
        while True:
            events = self.events()
            head = Head(events[-1].seq, events[-1].hash) if events else NOTHING
            try:
                self.log.append(self.NAME, head, [Entry(kind, self.by, data)])
            except Conflict:
                overtaken.refuse_in_vain(head, head != known)
                known = head
                continue
            return
