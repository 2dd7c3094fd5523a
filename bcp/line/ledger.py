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

from bcp.event import Log, Stream

STREAM = "lines"


@dataclass(frozen=True, slots=True)
class Switched:
    """A switch that was not put back: to which line, which interface led out before, the saved state, since when."""

    line: str
    before: str
    saved: Mapping[str, Any]
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LineTest:
    """How the last test of a line went, and when."""

    at: datetime
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class LineJournal:
    """The stream of the lines, read and written; `by` is who acts."""

    log: Log
    by: str

    @property
    def _stream(self) -> Stream:
        return Stream(self.log, STREAM, self.by)

    def open(self, incident: str) -> list[Switched]:
        """The switches of an incident that were not put back, oldest first; one for each line."""
        found: dict[str, Switched] = {}
        for event in self._stream.events():
            told = event.data
            if told.get("incident") != incident:
                continue
            if event.kind == "line.switching":
                switched = Switched(told["line"], told["before"], told["saved"], event.at)
                found.setdefault(switched.line, switched)
            else:
                found.pop(told["line"], None)
        return list(found.values())

    def tests(self) -> dict[str, LineTest]:
        """The last test of each line."""
        last = self._stream.last("line.tested", "line")
        return {
            name: LineTest(each.at, each.data["state"], each.data["reason"]) for name, each in last.items()
        }

    def switching(self, incident: str, switched: Switched) -> None:
        """Write down what is true before anything is changed."""
        self._stream.write(
            "line.switching",
            {
                "incident": incident,
                "line": switched.line,
                "before": switched.before,
                "saved": dict(switched.saved),
            },
        )

    def put_back(self, incident: str, line: str) -> None:
        """Write that what was saved before the switch to `line` is true again."""
        self._stream.write("line.put-back", {"incident": incident, "line": line})

    def tested(self, line: str, check: str, state: str, reason: str) -> None:
        """Write how a test went."""
        self._stream.write("line.tested", {"line": line, "check": check, "state": state, "reason": reason})
