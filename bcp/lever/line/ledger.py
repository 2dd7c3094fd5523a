"""What was switched, what was before, and when each line was tested: a stream of events of its own.

line.tested      {line, check, state, reason}

All lines have one stack, for the office goes out over one of them at a time. Its parts are the lines; of each `before`
is {way_out, saved}: which interface led out, and what its way saved; `made` is what its way saw of ours.
"""

from __future__ import annotations

from typing import ClassVar

from bcp.action.levers import LastTest
from bcp.lever.journal import LeverJournal
from bcp.lever.older import WAY_OUT
from bcp.lever.stack import Stack

STREAM = "lines"


class LineJournal(LeverJournal):
    """The stream of the lines, read and written."""

    NAME = STREAM
    KIND: ClassVar[str] = "line"

    def way_out(self) -> Stack:
        """What the office was switched to."""
        return self.stack(WAY_OUT)

    def tests(self) -> dict[str, LastTest]:
        """The last test of each line."""
        last = self.last("line.tested", "line")
        return {name: LastTest.of(event) for name, event in last.items()}

    def tested(self, line: str, check: str, state: str, reason: str) -> None:
        """Write how a test went."""
        self.write("line.tested", {"line": line, "check": check, "state": state, "reason": reason})
