"""Levers: what a step can switch over, a protocol for each, through which an action reaches the rooms above it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol

from bcp.event import Event
from bcp.fact import Fact


class LastTest(NamedTuple):
    """How the last test of a line or a place went, and when; `state` is `up`, or what else it was."""

    at: datetime
    state: str
    reason: str

    @classmethod
    def of(cls, event: Event) -> LastTest:
        """The test that an event tells of."""
        return cls(event.at, event.data["state"], event.data["reason"])


class Lever(Protocol):
    """A line that the office can be switched to; everything it says is for the person at the desk."""

    def describe(self) -> Sequence[str]:
        """What will happen, and what is worth knowing before: data left, the date of the last test."""
        ...

    def hand(self) -> str:
        """What a person must do for it; nothing where programs do it all."""
        ...

    def switch(self) -> Mapping[str, Any]:
        """Save the present state, switch, see that the line leads out; the evidence.

        Raises BcpError where that did not succeed, after the old state was put back.
        """
        ...

    def put_back(self) -> str:
        """Put back what `switch` changed; why that did not succeed, or nothing."""
        ...

    def afterwards(self) -> str:
        """What a person must see to now that the line is another one, or nothing."""
        ...


class Forwarding(Protocol):
    """Sending a number's calls elsewhere, or taking that back; everything it says is for the person at the desk."""

    def describe(self) -> Sequence[str]:
        """What will happen, and what is worth knowing before."""
        ...

    def hand(self) -> str:
        """What a person must do for it; nothing where a program does it all."""
        ...

    def asks(self) -> Sequence[Fact]:
        """What the person is asked when that is done; a yes-no among them must be answered with yes."""
        ...

    def switch(self, answers: Mapping[str, str]) -> Mapping[str, Any]:
        """Write down what was before, do it, read it back; the evidence. Raises BcpError where it did not succeed."""
        ...


class Forwarded(Forwarding, Protocol):
    """One that can be put back at once."""

    def put_back(self) -> str:
        """Put back what `switch` changed; why that did not succeed, or nothing."""
        ...


class NumberLever(Protocol):
    """A phone number whose calls can be sent elsewhere, and which can be called to see where it rings."""

    @property
    def phone(self) -> str:
        """The number itself, as E.164."""
        ...

    @property
    def said(self) -> str:
        """The number itself, as people say it."""
        ...

    @property
    def usual(self) -> str:
        """The number that the office is known by, as E.164."""
        ...

    @property
    def rehearsed(self) -> bool:
        """Whether nothing is really done."""
        ...

    def phones(self, forward_to: str) -> Mapping[str, str]:
        """Whose phone can take the calls: E.164 by name, the first choice first. Raises BcpError for none."""
        ...

    def forward(self, whose: str, to: str) -> Forwarded:
        """Send its calls to the phone `to` of `whose`; to none where its own phone takes them."""
        ...

    def back(self) -> Forwarding:
        """Make its calls go where they went before this incident."""
        ...

    def call(self) -> str:
        """Place a test call through the provider; the digits that it says. Nothing where a person must call."""
        ...

    def fate(self) -> str:
        """What the provider says became of that call, or nothing."""
        ...

    def heard(self, heard: bool, words: str) -> None:
        """Write down how a test call went, with the date."""
        ...


@dataclass(frozen=True, slots=True)
class Preview:
    """What a place would say: in lines for the desk, and as a page for the browser (its file).

    `hand` is what a person does to put it there; nothing where a program does it.
    """

    words: tuple[str, ...]
    page: str = ""
    rehearsed: bool = False
    hand: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What was done at a place: a sentence, and the evidence."""

    note: str
    evidence: Mapping[str, Any] = field(default_factory=dict)


class PlaceLever(Protocol):
    """A place on the web at which the office can write."""

    def plan(self, notice: str, number: str) -> Preview:
        """Fetch what is there, and show what would stand there; nothing is written. Raises BcpError."""
        ...

    def publish(self) -> Shown:
        """Write what was planned, keep what was there, see that it stands there. Raises BcpError."""
        ...

    def hand_back(self) -> str:
        """What a person must do to take it back; nothing where a program does it all."""
        ...

    def take_back(self) -> Shown:
        """Put back what was there, our part only. Raises BcpError where that did not succeed."""
        ...

    def elsewhere(self) -> Sequence[str]:
        """The other places at which it could be told instead."""
        ...

    def instead(self, name: str) -> PlaceLever:
        """The lever of one of them; what it writes is taken back together with this one's."""
        ...

    def published(self) -> Sequence[str]:
        """The places that a person corrects by hand, each with how."""
        ...


class Spot(NamedTuple):
    """A place where our numbers can be read: who corrects it, how, what it must show and what no longer (E.164)."""

    place: str
    title: str
    url: str
    who: str
    how: str
    shows: tuple[str, ...]
    gone: tuple[str, ...]


class PageSeen(NamedTuple):
    """What a look at a place gave: right, the old number still, or that it could not be seen; and words about it."""

    state: Literal["fine", "old", "unseen"]
    words: str


class PublishedLever(Protocol):
    """The register of the places where our numbers can be read."""

    @property
    def rehearsed(self) -> bool:
        """Whether nothing is really done."""
        ...

    def phone(self, shown: str) -> str:
        """The phone of a number of bcp.yaml, as E.164."""
        ...

    def has_places(self, number: str) -> bool:
        """Whether anybody listed a place where this number of bcp.yaml can be read. Raises BcpError for none such."""
        ...

    def to_show(self, show: str, instead_of: str) -> Sequence[Spot]:
        """The places that must show the phone `show` and do not yet. Raises BcpError for an unknown number."""
        ...

    def to_restore(self, number: str) -> Sequence[Spot]:
        """The places of a number that show something else than usual. Raises BcpError for an unknown number."""
        ...

    def describe(self, spot: Spot) -> Sequence[str]:
        """Where it is, what it must show, who corrects it and how."""
        ...

    def look(self, spot: Spot) -> PageSeen:
        """Fetch the place, where that is possible."""
        ...

    def confirmed(self, spot: Spot, how: str) -> None:
        """Write down that it shows what it must, and how that is known."""
        ...


class Levers(Protocol):
    """What can be switched over."""

    def line(self, name: str) -> Lever:
        """The way to a line of bcp.yaml. Raises BcpError where there is none."""
        ...

    def number(self, name: str) -> NumberLever:
        """A number of bcp.yaml. Raises BcpError where there is none."""
        ...

    def place(self, name: str) -> PlaceLever:
        """A place of bcp.yaml. Raises BcpError where there is none."""
        ...

    def published(self) -> PublishedLever:
        """The places where our numbers can be read."""
        ...
