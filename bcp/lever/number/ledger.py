"""What was forwarded, what was before, and when each number was tested: a stream of events of its own.

number.tested     {number, heard, words}
number.checked    {number, findings: [{state, words}]}
number.buying     {number, phone, price}                 what is about to be bought; written before it is asked for
number.bought     {number, phone, name}
number.not-bought {number, phone, why}

Each number is a lever with one part, its calls: `put` is {to, whose}, `before` what its way saved. A number whose own
phone takes the calls is laid without any part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from bcp.lever.journal import LeverJournal
from bcp.lever.number.base import NumberFinding
from bcp.lever.older import CALLS
from bcp.lever.stack import TRIAL

STREAM = "numbers"


@dataclass(frozen=True, slots=True)
class OpenForwarding:
    """A forwarding that was not ended: in which incident, since when, to whom, and whether no other lies on it."""

    incident: str
    at: datetime
    number: str
    to: str
    whose: str
    holds: bool


@dataclass(frozen=True, slots=True)
class CallTest:
    """How the last test call of a number went, and when."""

    at: datetime
    heard: bool
    words: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What the last check of a number found, and when."""

    at: datetime
    findings: Sequence[NumberFinding]


@dataclass(frozen=True, slots=True)
class Bought:
    """A number that was bought, or is being bought: `name` is what the provider calls it, once that is known."""

    at: datetime
    phone: str
    price: str = ""
    name: str = ""


class NumberJournal(LeverJournal):
    """The stream of the numbers, read and written."""

    NAME = STREAM
    KIND: ClassVar[str] = "number"

    def forwarded(self) -> list[OpenForwarding]:
        """What was forwarded and is not ended, oldest first; without `to` where the number's own phone takes the calls.

        `holds` of the last one of a number says where its calls go.
        """
        found = [
            OpenForwarding(
                layer.key.incident,
                layer.at,
                name,
                layer.put.get(CALLS, {}).get("to", ""),
                layer.put.get(CALLS, {}).get("whose", ""),
                layer is stack.said(CALLS),
            )
            for name, stack in self.stacks().items()
            for layer in stack.open
            if layer.key != TRIAL
        ]
        return sorted(found, key=lambda each: each.at)

    def tests(self) -> dict[str, CallTest]:
        """The last test of each number."""
        last = self.last("number.tested", "number")
        return {
            name: CallTest(each.at, each.data["heard"], each.data["words"]) for name, each in last.items()
        }

    def checks(self) -> dict[str, Checked]:
        """The last check of each number."""
        last = self.last("number.checked", "number")
        return {
            name: Checked(each.at, [NumberFinding(**one) for one in each.data["findings"]])
            for name, each in last.items()
        }

    def buying(self, number: str) -> Bought | None:
        """What was about to be bought when everything ended, and of which nobody knows how it went."""
        last = None
        for event in self.events():
            if event.data.get("number") != number:
                continue
            if event.kind in ("number.bought", "number.not-bought"):
                last = None
            elif event.kind == "number.buying":
                last = Bought(event.at, event.data["phone"], event.data["price"])
        return last

    def bought(self) -> dict[str, Bought]:
        """What was bought for each number of bcp.yaml, the last one."""
        last = self.last("number.bought", "number")
        return {
            name: Bought(each.at, each.data["phone"], name=each.data["name"]) for name, each in last.items()
        }

    def tested(self, number: str, heard: bool, words: str) -> None:
        """Write how a test call went."""
        self.write("number.tested", {"number": number, "heard": heard, "words": words})

    def checked(self, number: str, findings: Sequence[NumberFinding]) -> None:
        """Write what a check found."""
        told = [finding._asdict() for finding in findings]
        self.write("number.checked", {"number": number, "findings": told})

    def to_buy(self, number: str, phone: str, price: str) -> None:
        """Write what is about to be bought."""
        self.write("number.buying", {"number": number, "phone": phone, "price": price})

    def has_bought(self, number: str, phone: str, name: str) -> None:
        """Write that it is ours."""
        self.write("number.bought", {"number": number, "phone": phone, "name": name})

    def not_bought(self, number: str, phone: str, why: str) -> None:
        """Write that it is not."""
        self.write("number.not-bought", {"number": number, "phone": phone, "why": why})
