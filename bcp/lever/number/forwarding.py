"""Sending a number's calls elsewhere, and back (the protocol Forwarding of action/levers.py).

1. What is true is read and written down before the first change; a second try keeps what was written then.
2. After the change it is read back. Where it did not succeed, what was before is put back at once.
3. To end it is to put back exactly what was written down, and to read that back, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from bcp.clock import Clock
from bcp.errors import BcpError, StepFailed, taken_back
from bcp.fact import Fact
from bcp.i18n import _
from bcp.lever.number.base import BEFORE, NumberDriver, NumberRequest
from bcp.lever.number.choice import has_way, way_of
from bcp.lever.number.ledger import NumberJournal, OpenForwarding
from bcp.outside import World
from bcp.times import local


@dataclass(frozen=True, slots=True)
class ForwardingContext:
    """For which incident, through what, and where it is written down; `rehearsed` changes nothing."""

    incident: str
    world: World
    ledger: NumberJournal
    zone: ZoneInfo
    clock: Clock
    rehearsed: bool = False

    def tested(self, order: NumberRequest) -> str:
        """The sentence about the last test call."""
        name, seen = order.number.number, self.ledger.tests().get(order.number.number)
        if seen is None and not order.number.tested:
            return _("it was never tested: bcp number test {name}").format(name=name)
        when = local(seen.at, self.zone) if seen else order.number.tested
        how = _("it was heard") if seen is None or seen.heard else _("it was NOT heard")
        return _("last test call {time}: {state}").format(time=when, state=how)


@dataclass(slots=True)
class NumberForwarding:
    """The calls go to `order.to`; to nobody where the number's own phone takes them."""

    affair: ForwardingContext
    order: NumberRequest

    def describe(self) -> Sequence[str]:
        """How, to whom, and when the number was tested."""
        if self.order.to:
            return [*self._way.describe(self.order), self.affair.tested(self.order)]
        said = self.order.fill(_("Callers dial {number}, and its own phone rings"))
        return [said, self.affair.tested(self.order)]

    def hand(self) -> str:
        """What a person does."""
        return self._way.hand(self.order) if self.order.to else ""

    def asks(self) -> Sequence[Fact]:
        """What the person is asked then."""
        return self._way.asks(self.order) if self.order.to else ()

    def switch(self, answers: Mapping[str, str]) -> Mapping[str, Any]:
        """Save, forward, read back; else put back and raise."""
        affair, order = self.affair, self.order
        name = order.number.number
        evidence = {"number": name, "phone": order.phone, "to": order.to, "whose": order.whose}
        if affair.rehearsed:
            if order.to:
                self._way.rehearse(affair.world, order)
            return {**evidence, "rehearsed": True}
        known = affair.ledger.open(affair.incident, name)
        saved = self._saved(answers, known)
        affair.ledger.forwarding(affair.incident, name, order.to, order.whose, saved)
        if not order.to:
            return evidence
        try:
            seen = self._way.forward(affair.world, order)
        except BcpError as error:
            raise taken_back(error, self.put_back(), _("what was before is set again")) from None
        return {**evidence, **answers, "before": dict(saved), **seen}

    def put_back(self) -> str:
        """What was saved, once more; a person must take back what was done by hand."""
        back = NumberRestore(self.affair, replace(self.order, to="", whose=""))
        if self.affair.rehearsed:
            return ""
        if back.hand():
            words = _("what was set by hand stays set until a person takes it back: {text}")
            return words.format(text=" ".join(back.hand().split()))
        try:
            back.switch({})
        except BcpError as error:
            return _("what was before could not be set again: {why}").format(why=error.message)
        return ""

    @property
    def _way(self) -> NumberDriver:
        return way_of(self.order.number)

    def _saved(self, answers: Mapping[str, str], known: OpenForwarding | None) -> Mapping[str, Any]:
        """What was before the first try, else what is true now."""
        if known is not None and (known.to or not self.order.to):
            return known.saved
        told = {BEFORE: answers[BEFORE]} if answers.get(BEFORE) else {}
        return {**told, **(self._way.present(self.affair.world, self.order) if self.order.to else {})}


@dataclass(slots=True)
class NumberRestore:
    """The calls go where they went before; what this incident set is written down, unless it was done by hand."""

    affair: ForwardingContext
    order: NumberRequest

    def describe(self) -> Sequence[str]:
        """What is taken back."""
        forwarded = self._forwarded
        if forwarded is None:
            words = _("nothing is written down of what was set for {number}")
        elif not forwarded.to:
            words = _("{number} was not forwarded: its own phone took the calls")
        else:
            words = _("Calls to {number} go no longer to {whose} ({to}), but where they went before")
        return [self._past().fill(words)]

    def hand(self) -> str:
        """What a person does."""
        return "" if self._is_own() else self._way.hand_back(self._past(), self._saved())

    def asks(self) -> Sequence[Fact]:
        """What the person is asked then."""
        return () if self._is_own() else self._way.asks_back(self._past())

    def switch(self, answers: Mapping[str, str]) -> Mapping[str, Any]:
        """Put back, read back, write that down."""
        affair, name = self.affair, self.order.number.number
        if affair.rehearsed:
            if not self._is_own():
                self._way.rehearse(affair.world, self.order)
            return {"number": name, "rehearsed": True}
        if self._is_own():
            affair.ledger.put_back(affair.incident, name)
            return {"number": name}
        if self._forwarded is None and not self.hand():
            words = _("nothing is written down of what was set before, so a person must set it")
            raise StepFailed(words, "look at the provider's website where the calls go, and set it there")
        saved = self._saved()
        seen = self._way.put_back(affair.world, self._past(), saved)
        affair.ledger.put_back(affair.incident, name)
        return {"number": name, **answers, "before": dict(saved), **seen}

    @property
    def _way(self) -> NumberDriver:
        return way_of(self.order.number)

    @property
    def _forwarded(self) -> OpenForwarding | None:
        return self.affair.ledger.open(self.affair.incident, self.order.number.number)

    def _past(self) -> NumberRequest:
        """The order that is taken back."""
        forwarded = self._forwarded
        return replace(self.order, to=forwarded.to, whose=forwarded.whose) if forwarded else self.order

    def _saved(self) -> Mapping[str, Any]:
        return self._forwarded.saved if self._forwarded else {}

    def _is_own(self) -> bool:
        """Whether its own phone took the calls; in a rehearsal, whether nobody said how it could be forwarded."""
        if self.affair.rehearsed:
            return not has_way(self.order.number)
        return self._forwarded is not None and not self._forwarded.to
