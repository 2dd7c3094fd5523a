"""The trials that really switch to a line: layers of no incident, so that one that was cut short can be put back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bcp.event import Log
from bcp.lever.line.base import Made, Saved
from bcp.lever.line.ledger import LineJournal
from bcp.lever.older import WAY_OUT
from bcp.lever.stack import TRIAL


@dataclass(frozen=True, slots=True)
class OpenLineTrial:
    """A trial that switched to a line and did not put it back: since when, and which interface led out before.

    `way_out` is empty where that was not known.
    """

    line: str
    way_out: str
    at: datetime


class LineTrials:
    """The trials in the ledger of the lines."""

    def __init__(self, log: Log, by: str) -> None:
        """`by` is who tries."""
        self.ledger = LineJournal(log, by)

    def cut_short(self) -> list[OpenLineTrial]:
        """The trials that were not put back, one for each line."""
        stack = self.ledger.way_out()
        return [
            OpenLineTrial(line, str((stack.base.get(line) or {}).get("way_out", "")), layer.at)
            for layer in stack.open
            if layer.key == TRIAL
            for line in layer.put
        ]

    def switching(self, line: str, saved: Saved, way_out: str) -> None:
        """Write down what is true before anything is changed."""
        self.ledger.lay(WAY_OUT, TRIAL, {line: {}}, {line: {"way_out": way_out, "saved": dict(saved)}})

    def stood(self, line: str, made: Made) -> None:
        """Write what of the present state is ours."""
        self.ledger.stood(WAY_OUT, TRIAL, {line: dict(made)})
