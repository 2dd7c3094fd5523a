"""The trials that really switched: each is written down before, so that one that was cut short can be put back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bcp.lever.line.base import Saved
from bcp.stream import Stream


@dataclass(frozen=True, slots=True)
class CutShort:
    """A trial that switched to a line and did not put it back: what was before, and since when."""

    line: str
    saved: Saved
    at: datetime


class LineTrials(Stream):
    """A stream of its own: trial.switching {line, saved} before anything is changed, trial.put-back {line} after."""

    NAME = "line-trials"

    def cut_short(self) -> list[CutShort]:
        """The trials that were not put back, one for each line."""
        found: dict[str, CutShort] = {}
        for event in self.events():
            line = event.data["line"]
            if event.kind == "trial.switching":
                found.setdefault(line, CutShort(line, event.data["saved"], event.at))
            else:
                found.pop(line, None)
        return list(found.values())

    def switching(self, line: str, saved: Saved) -> None:
        """Write down what is true before anything is changed."""
        self.write("trial.switching", {"line": line, "saved": dict(saved)})

    def put_back(self, line: str) -> None:
        """Write that the trial is over and nothing of it is left."""
        self.write("trial.put-back", {"line": line})
