"""The trials that really forwarded a number: written down before, so that one that was cut short can be put back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bcp.lever.number.base import Saved
from bcp.stream import Stream


@dataclass(frozen=True, slots=True)
class OpenNumberTrial:
    """A trial that forwarded a number and did not put it back: to whom, what was before, and since when."""

    number: str
    to: str
    whose: str
    saved: Saved
    at: datetime


@dataclass(frozen=True, slots=True)
class ForwardingTrial:
    """How the last trial of a forwarding went: whether a call was heard, and which caller's number the phone showed."""

    at: datetime
    heard: bool
    whose: str
    shown: str


class NumberTrials(Stream):
    """A stream of its own.

    trial.forwarding {number, to, whose, saved}   before anything is changed
    trial.put-back   {number}                     nothing of it is left
    trial.heard      {number, whose, heard, shown}
    """

    NAME = "number-trials"

    def cut_short(self) -> dict[str, OpenNumberTrial]:
        """The trials that were not put back, by number; of several at one number the first knows what was before."""
        found: dict[str, OpenNumberTrial] = {}
        for event in self.events():
            told = event.data
            if event.kind == "trial.forwarding":
                made = OpenNumberTrial(told["number"], told["to"], told["whose"], told["saved"], event.at)
                found.setdefault(made.number, made)
            elif event.kind == "trial.put-back":
                found.pop(told["number"], None)
        return found

    def last_heard(self) -> dict[str, ForwardingTrial]:
        """How the last trial of each number went."""
        return {
            name: ForwardingTrial(event.at, event.data["heard"], event.data["whose"], event.data["shown"])
            for name, event in self.last("trial.heard", "number").items()
        }

    def forwarding(self, number: str, to: str, whose: str, saved: Saved) -> None:
        """Write down what is true before anything is changed."""
        self.write("trial.forwarding", {"number": number, "to": to, "whose": whose, "saved": dict(saved)})

    def put_back(self, number: str) -> None:
        """Write that nothing of the trial is left."""
        self.write("trial.put-back", {"number": number})

    def heard(self, number: str, whose: str, heard: bool, shown: str) -> None:
        """Write how it went."""
        self.write("trial.heard", {"number": number, "whose": whose, "heard": heard, "shown": shown})
