"""NumberDriver: how calls of a number are sent elsewhere, by a provider or a person; and how that is undone.

A kind is one file in `kinds/`. Its fields are the YAML below `way:` of a number in bcp.yaml. Each deed goes through
the World and raises StepFailed with a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from bcp.clock import Clock, SystemClock
from bcp.errors import StepFailed
from bcp.fact import Fact
from bcp.i18n import _
from bcp.normalize import say_phone
from bcp.office.line import OfficeLine
from bcp.office.number import OfficeNumber
from bcp.outside import World
from bcp.yaml.types import Model

BEFORE = "before"

Saved = Mapping[str, Any]
"""What was true before, as plain JSON: the input of putting it back."""

Evidence = Mapping[str, Any]
"""What was seen of a deed, as plain JSON for the journal of the incident."""


@dataclass(frozen=True, slots=True)
class NumberRequest:
    """What is wanted: the calls of `number`, which hangs on `line`, go to the phone `to` (E.164) of `whose`."""

    number: OfficeNumber
    line: OfficeLine | None
    to: str = ""
    whose: str = ""
    language: str = "en"
    country: str = "PL"
    clock: Clock = field(default_factory=SystemClock)

    @property
    def phone(self) -> str:
        """The number itself, as E.164."""
        return self.number.phone or ""

    def fill(self, words: str, **more: str) -> str:
        """A sentence about it: {number}, {to} and {whose} as people say them, and `more`."""
        number, to = say_phone(self.phone), say_phone(self.to)
        return words.format(number=number, to=to, whose=self.whose, **more)


class Overruled(StepFailed):
    """It was seen that the calls cannot go where a forwarding sends them: the number is gone, or led otherwise."""


class NumberFinding(NamedTuple):
    """One thing that was looked at in peacetime: how it is, and a sentence about it."""

    state: Literal["fine", "unknown", "due", "bad"]
    words: str


class NumberDriver(Model):
    """How the calls of a number are sent elsewhere."""

    def describe(self, order: NumberRequest) -> Sequence[str]:
        """What will happen, and what is worth knowing before."""
        raise TypeError(f"{type(self).__name__} has no words")

    def hand(self, order: NumberRequest) -> str:
        """What a person does; nothing where a program does it."""
        return ""

    def hand_back(self, order: NumberRequest, saved: Saved) -> str:
        """What a person does to put back what was before; nothing where a program does it."""
        return ""

    def asks(self, order: NumberRequest) -> tuple[Fact, ...]:
        """What the person is asked when that is done; a yes-no among them must be answered with yes."""
        return ()

    def asks_back(self, order: NumberRequest) -> tuple[Fact, ...]:
        """The same after it was put back."""
        return ()

    def present(self, world: World, order: NumberRequest) -> Saved:
        """What is true now and would have to be put back."""
        return {}

    def forward(self, world: World, order: NumberRequest) -> Evidence:
        """Send the calls to `order.to`, and read back that they go there; the evidence. Twice does no harm."""
        return {}

    def put_back(self, world: World, order: NumberRequest, saved: Saved) -> Evidence:
        """Make true again what `saved` says, and read that back; the evidence. Twice does no harm."""
        return {}

    def is_same(self, saved: Saved, present: Saved) -> bool:
        """Whether what is true now is what was true when `saved` was read."""
        return all(saved.get(key) == value for key, value in present.items())

    def is_ours(self, order: NumberRequest, present: Saved) -> bool | None:
        """Whether `present` is exactly what `forward` sets for this order; None where that cannot be known."""
        return None

    def rehearse(self, world: World, order: NumberRequest) -> None:
        """Say in a drill what would stand in the way, such as a secret that is not there. Raises StepFailed."""

    def call(self, world: World, order: NumberRequest, digits: str) -> str:
        """Call the number and say `digits` to whoever answers; the call's name. Nothing where a person must call."""
        return ""

    def fate(self, world: World, order: NumberRequest, call: str) -> str:
        """What became of a call."""
        return ""

    def check(self, world: World, order: NumberRequest) -> list[NumberFinding]:
        """What can be found out in peacetime, without changing anything."""
        return []


class Offer(NamedTuple):
    """A number that can be bought: as E.164, where it is, and what papers it needs, as the provider says it."""

    phone: str
    place: str = ""
    papers: str = ""


class OwnedNumber(NamedTuple):
    """A number that is ours: as E.164, and the provider's name for it."""

    phone: str
    name: str


class Price(NamedTuple):
    """What a number costs a month: `1.00`, `USD`."""

    amount: str
    currency: str

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class Shop(NumberDriver):
    """A way whose provider sells numbers. Nothing is bought twice: `owned` is asked before each `buy`."""

    def offers(self, world: World, order: NumberRequest, kind: str, contains: str) -> list[Offer]:
        """Numbers that can be bought in the office's country; `kind` is local, mobile or toll-free."""
        raise TypeError(f"{type(self).__name__} offers nothing")

    def price(self, world: World, order: NumberRequest, kind: str) -> Price:
        """What such a number costs a month."""
        raise TypeError(f"{type(self).__name__} knows no price")

    def owned(self, world: World, order: NumberRequest, mark: str, phone: str = "") -> list[OwnedNumber]:
        """The numbers that are ours and carry `mark`, or are `phone`."""
        raise TypeError(f"{type(self).__name__} owns nothing")

    def buy(self, world: World, order: NumberRequest, phone: str, mark: str) -> str:
        """Buy it, marked; the provider's name for it. Raises Unsure where nobody knows whether it was bought."""
        raise TypeError(f"{type(self).__name__} sells nothing")


class Hand(NumberDriver):
    """What all ways have in common in which a person has the calls forwarded."""

    def of_no_use(self, order: NumberRequest) -> list[str]:
        """The warning of what bcp.yaml says about a dead line, if it says so."""
        warning = _("bcp.yaml says that this is of no use when the line is dead.")
        return [warning] if order.number.works_when_line_dead == "no" else []

    def asks(self, order: NumberRequest) -> tuple[Fact, ...]:
        """What was before, and whether it is done."""
        return (before(), Fact("forwarded", _("Is that done, and was it confirmed?"), "yes-no"))

    def asks_back(self, order: NumberRequest) -> tuple[Fact, ...]:
        """Whether it is done."""
        return (Fact("put_back", _("Is that done, and was it confirmed?"), "yes-no"),)


def saved_by_another_way(order: NumberRequest) -> StepFailed:
    """What was saved before cannot be written by this way: bcp.yaml had another one then."""
    words = _("what was set for {number} before was written down by another way, so a person must set it")
    return StepFailed(
        order.fill(words), "look at the provider's website where the calls go, and set it there"
    )


def before() -> Fact:
    """What the calls did before, so that it can be put back."""
    words = _("Where did its calls go before? (a number; Enter: nowhere else)")
    return Fact(BEFORE, words, "phone", required=False)


def from_before(saved: Saved) -> str:
    """The sentence about what was set before, or nothing."""
    was = saved.get(BEFORE)
    return (
        _("Then have the calls forwarded to {number} again, as before.").format(number=say_phone(str(was)))
        if was
        else ""
    )
