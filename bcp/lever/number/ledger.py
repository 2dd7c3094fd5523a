"""What was forwarded, what was before, and when each number was tested: a stream of events of its own.

number.forwarding {incident, number, to, whose, saved}   written before anything is changed: a crash loses nothing
number.put-back   {incident, number}                     what `saved` said is true again
number.tested     {number, heard, words}
number.checked    {number, findings: [{state, words}]}
number.buying     {number, phone, price}                 what is about to be bought; written before it is asked for
number.bought     {number, phone, name}
number.not-bought {number, phone, why}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bcp.lever.number.base import NumberFinding
from bcp.stream import Stream

STREAM = "numbers"


@dataclass(frozen=True, slots=True)
class OpenForwarding:
    """A forwarding that was not put back: in which incident, since when, to whom, and what was before."""

    incident: str
    at: datetime
    number: str
    to: str
    whose: str
    saved: Mapping[str, Any]


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


class NumberJournal(Stream):
    """The stream of the numbers, read and written."""

    NAME = STREAM

    def forwarded(self) -> list[OpenForwarding]:
        """What was forwarded and not put back, oldest first; the last forwarding of a number in an incident."""
        found: dict[tuple[str, str], OpenForwarding] = {}
        for event in self.events():
            told = event.data
            if event.kind == "number.forwarding":
                key = (told["incident"], told["number"])
                found[key] = OpenForwarding(
                    key[0], event.at, key[1], told["to"], told["whose"], told["saved"]
                )
            elif event.kind == "number.put-back":
                found.pop((told["incident"], told["number"]), None)
        return list(found.values())

    def open(self, incident: str, number: str) -> OpenForwarding | None:
        """The forwarding of a number in this incident, if it was not put back."""
        wanted = (incident, number)
        return next((each for each in self.forwarded() if (each.incident, each.number) == wanted), None)

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

    def forwarding(self, incident: str, number: str, to: str, whose: str, saved: Mapping[str, Any]) -> None:
        """Write down what is true before anything is changed."""
        told = {"incident": incident, "number": number, "to": to, "whose": whose, "saved": dict(saved)}
        self.write("number.forwarding", told)

    def put_back(self, incident: str, number: str) -> None:
        """Write that what was saved before the forwarding is true again."""
        self.write("number.put-back", {"incident": incident, "number": number})

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
