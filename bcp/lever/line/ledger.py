"""What was switched, what was before, and when each line was tested: a stream of events of its own.

line.switching   {incident, line, before, saved}   written before anything is changed, so a crash loses nothing
line.put-back    {incident, line}                  what `saved` said is true again
line.tested      {line, check, state, reason}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bcp.action.levers import LastTest
from bcp.stream import Stream

STREAM = "lines"


@dataclass(frozen=True, slots=True)
class Switched:
    """A switch that was not put back: to which line, which interface led out before, the saved state, since when."""

    line: str
    before: str
    saved: Mapping[str, Any]
    at: datetime | None = None


class LineJournal(Stream):
    """The stream of the lines, read and written."""

    NAME = STREAM

    def open(self, incident: str) -> list[Switched]:
        """The switches of an incident that were not put back, oldest first; one for each line."""
        found: dict[str, Switched] = {}
        for event in self.events():
            told = event.data
            if told.get("incident") != incident:
                continue
            if event.kind == "line.switching":
                switched = Switched(told["line"], told["before"], told["saved"], event.at)
                found.setdefault(switched.line, switched)
            else:
                found.pop(told["line"], None)
        return list(found.values())

    def tests(self) -> dict[str, LastTest]:
        """The last test of each line."""
        last = self.last("line.tested", "line")
        return {name: LastTest.of(event) for name, event in last.items()}

    def switching(self, incident: str, switched: Switched) -> None:
        """Write down what is true before anything is changed."""
        told = {"line": switched.line, "before": switched.before, "saved": dict(switched.saved)}
        self.write("line.switching", {"incident": incident, **told})

    def put_back(self, incident: str, line: str) -> None:
        """Write that what was saved before the switch to `line` is true again."""
        self.write("line.put-back", {"incident": incident, "line": line})

    def tested(self, line: str, check: str, state: str, reason: str) -> None:
        """Write how a test went."""
        self.write("line.tested", {"line": line, "check": check, "state": state, "reason": reason})
