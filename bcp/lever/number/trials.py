"""The trials that really forward a number: layers of no incident, so that one that was cut short can be put back.

number.tried   {number, whose, heard, shown}   how a trial went
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bcp.event import Log
from bcp.lever.number.base import Saved
from bcp.lever.number.ledger import NumberJournal
from bcp.lever.older import CALLS
from bcp.lever.stack import TRIAL


@dataclass(frozen=True, slots=True)
class OpenNumberTrial:
    """A trial that forwarded a number and did not put it back: to whom, what was before, and since when.

    `is_covered`: an incident forwarded it since, so its calls go elsewhere, and stay there.
    """

    number: str
    to: str
    whose: str
    saved: Saved
    at: datetime
    is_covered: bool


@dataclass(frozen=True, slots=True)
class ForwardingTrial:
    """How the last trial of a forwarding went: whether a call was heard, and which caller's number the phone showed."""

    at: datetime
    heard: bool
    whose: str
    shown: str


class NumberTrials:
    """The trials in the ledger of the numbers."""

    def __init__(self, log: Log, by: str) -> None:
        """`by` is who tries."""
        self._ledger = NumberJournal(log, by)

    def cut_short(self) -> dict[str, OpenNumberTrial]:
        """The trials that were not put back, by number; the first of a number knows what was before."""
        return {
            name: OpenNumberTrial(
                name,
                str(layer.put[CALLS]["to"]),
                str(layer.put[CALLS]["whose"]),
                stack.base.get(CALLS) or {},
                layer.at,
                stack.said(CALLS) is not layer,
            )
            for name, stack in self._ledger.stacks().items()
            for layer in stack.open
            if layer.key == TRIAL
        }

    def last_heard(self) -> dict[str, ForwardingTrial]:
        """How the last trial of each number went."""
        return {
            name: ForwardingTrial(event.at, event.data["heard"], event.data["whose"], event.data["shown"])
            for name, event in self._ledger.last("number.tried", "number").items()
        }

    def forwarding(self, number: str, to: str, whose: str, saved: Saved) -> None:
        """Write down what is true before anything is changed."""
        self._ledger.lay(number, TRIAL, {CALLS: {"to": to, "whose": whose}}, {CALLS: dict(saved)})

    def put_back(self, number: str) -> None:
        """Write that nothing of the trial is left."""
        self._ledger.lift(number, self._ledger.stack(number).of(*TRIAL[:2]))

    def heard(self, number: str, whose: str, heard: bool, shown: str) -> None:
        """Write how it went."""
        told = {"number": number, "whose": whose, "heard": heard, "shown": shown}
        self._ledger.write("number.tried", told)
