"""The trials that really switched: each is written down before, so that one that was cut short can be put back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bcp.lever.line.base import Saved
from bcp.stream import Stream


@dataclass(frozen=True, slots=True)
class OpenLineTrial:
    """A trial that switched to a line and did not put it back: what was before, and since when.

    `way_out` is the interface that led out before, empty where that was not known.
    """

    line: str
    saved: Saved
    way_out: str
    at: datetime


class LineTrials(Stream):
    """A stream of its own: trial.switching {line, saved, way_out} before anything is changed, trial.put-back {line}."""

    NAME = "line-trials"

    def cut_short(self) -> list[OpenLineTrial]:
        """The trials that were not put back, one for each line."""
        found: dict[str, OpenLineTrial] = {}
        for event in self.events():
            line = event.data["line"]
            if event.kind == "trial.switching":
                found.setdefault(
                    line, OpenLineTrial(line, event.data["saved"], event.data["way_out"], event.at)
                )
            else:
                found.pop(line, None)
        return list(found.values())

    def switching(self, line: str, saved: Saved, way_out: str) -> OpenLineTrial:
        """Write down what is true before anything is changed; the trial that begins."""
        self.write("trial.switching", {"line": line, "saved": dict(saved), "way_out": way_out})
        return OpenLineTrial(line, saved, way_out, self.events()[-1].at)

    def put_back(self, line: str) -> None:
        """Write that the trial is over and nothing of it is left."""
        self.write("trial.put-back", {"line": line})
