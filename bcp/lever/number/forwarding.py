"""Sending a number's calls elsewhere, and back (the protocol Forwarding of action/levers.py).

1. What is true is read and written down before the first change; a second try keeps what was written then.
2. After the change it is read back. Where it did not succeed, what was before is put back at once.
3. To end it is to take its layer off the stack: the calls go to whom the layer then on top sends them, or exactly
   where they went before the first. That is read back, too. Where another layer lies on it, nothing is changed.
4. What stands there must be ours before it is changed again. What somebody else set since is named, and kept.
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
from bcp.lever.number.ledger import NumberJournal
from bcp.lever.older import CALLS
from bcp.lever.stack import LeverLayer, Stack, StepKey
from bcp.mask import KNOWN
from bcp.outside import World
from bcp.secret_text import each_leaf
from bcp.times import local


@dataclass(frozen=True, slots=True)
class ForwardingContext:
    """For which step, through what, and where it is written down; `rehearsed` changes nothing.

    `has_undo` is about the step; `undoes` says that what is done is the undo of it.
    """

    incident: str
    world: World
    ledger: NumberJournal
    zone: ZoneInfo
    clock: Clock
    rehearsed: bool = False
    step: str = ""
    has_undo: bool = True
    undoes: bool = False

    @property
    def key(self) -> StepKey:
        """Whose layer it is."""
        return StepKey(self.incident, self.step, self.has_undo)

    def tested(self, order: NumberRequest) -> str:
        """The sentence about the last test call."""
        name, seen = order.number.number, self.ledger.tests().get(order.number.number)
        if seen is None and not order.number.tested:
            return _("it was never tested: bcp number test {name}").format(name=name)
        when = local(seen.at, self.zone) if seen else order.number.tested
        how = _("it was heard") if seen is None or seen.heard else _("it was NOT heard")
        return _("last test call {time}: {state}").format(time=when, state=how)

    def insist_on_ours(self, order: NumberRequest, stack: Stack, now: Mapping[str, Any]) -> None:
        """Raises StepFailed where the calls go where none of our layers, nor anything before them, sent them."""
        base, way = stack.base.get(CALLS), way_of(order.number)
        if base is None or not now or way.is_same(base, now):
            return
        puts = stack.known.get(CALLS, ())
        ours = [way.is_ours(replace(order, to=put["to"], whose=put["whose"]), now) for put in puts]
        if any(each is not False for each in ours):
            return
        new = ", ".join(f"{key}: {value}" for key, value in now.items() if base.get(key) != value)
        words = _(
            "somebody else changed where the calls of {number} go since it was set here, so nothing was changed"
        )
        raise StepFailed(
            f"{order.fill(words)} ({new})",
            _("ask who set it; if it may go, set it back at the provider, then try again"),
        )


@dataclass(slots=True)
class NumberForwarding:
    """The calls go to `order.to`; to nobody where the number's own phone takes them."""

    affair: ForwardingContext
    order: NumberRequest

    def describe(self) -> Sequence[str]:
        """How, to whom, and when the number was tested."""
        if self.order.to:
            return [*self._way.describe(self.order), *self._now(), self.affair.tested(self.order)]
        said = self.order.fill(_("Callers dial {number}, and its own phone rings"))
        return [said, self.affair.tested(self.order)]

    def hand(self) -> str:
        """What a person does."""
        return self._way.hand(self.order) if self.order.to else ""

    def asks(self) -> Sequence[Fact]:
        """What the person is asked then; not what was before, where another incident wrote that down already."""
        asked = self._way.asks(self.order) if self.order.to else ()
        return [fact for fact in asked if fact.name != BEFORE or CALLS not in self._stack.base]

    def switch(self, answers: Mapping[str, str]) -> Mapping[str, Any]:
        """Save, lay, forward, read back; else put back and raise."""
        affair, order = self.affair, self.order
        name = order.number.number
        evidence = {"number": name, "phone": order.phone, "to": order.to, "whose": order.whose}
        if affair.rehearsed:
            if order.to:
                self._way.rehearse(affair.world, order)
            return {**evidence, "rehearsed": True}
        if not order.to:
            affair.ledger.lay(name, affair.key, {}, {})
            return evidence
        before = self._before(answers)
        put = {"to": order.to, "whose": order.whose}
        affair.ledger.lay(name, affair.key, {CALLS: put}, {CALLS: before})
        try:
            seen = self._way.forward(affair.world, order)
        except BcpError as error:
            raise taken_back(error, self.put_back(), _("what was before is set again")) from None
        affair.ledger.stood(name, affair.key)
        return {**evidence, **answers, "before": _told(before), **seen}

    def put_back(self) -> str:
        """This step's layer, off again; a person must take back what was done by hand."""
        if self.affair.rehearsed:
            return ""
        back = NumberRestore(self.affair, replace(self.order, to="", whose=""), is_at_once=True)
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

    @property
    def _stack(self) -> Stack:
        return self.affair.ledger.stack(self.order.number.number)

    def _now(self) -> list[str]:
        """Where another incident sends the calls until then."""
        top = self._stack.said(CALLS)
        if top is None or top.key.incident in ("", self.affair.incident):
            return []
        words = _("until now they go to {whose} ({to}), because of the incident {incident}")
        told = replace(self.order, to=_to(top), whose=_whose(top))
        return [told.fill(words, incident=top.key.incident)]

    def _before(self, answers: Mapping[str, str]) -> Mapping[str, Any]:
        """What was before the first layer, kept through every try; else what is true now."""
        stack, now = self._stack, self._way.present(self.affair.world, self.order)
        known: Mapping[str, Any] | None = stack.base.get(CALLS)
        if known is None:
            return {**({BEFORE: answers[BEFORE]} if answers.get(BEFORE) else {}), **now}
        self.affair.insist_on_ours(self.order, stack, now)
        return known


@dataclass(slots=True)
class NumberRestore:
    """The calls go where they went before this step, or where another one that is not undone sends them.

    `is_at_once`: what stands there is what this step itself left half done a moment ago.
    """

    affair: ForwardingContext
    order: NumberRequest
    is_at_once: bool = False

    def describe(self) -> Sequence[str]:
        """What is taken back, and where the calls go then."""
        stack, top = self._stack, self._stack.said(CALLS)
        rest = stack.without(self._ends).said(CALLS)
        if not self._ends:
            words = _("nothing is written down of what was set for {number}")
        elif top is None or not any(CALLS in each.put for each in self._ends):
            words = _("{number} was not forwarded: its own phone took the calls")
        elif rest is not None:
            words = _("Calls to {number} go to {whose} ({to}), because of the incident {incident}")
            told = replace(self.order, to=_to(rest), whose=_whose(rest))
            return [told.fill(words, incident=rest.key.incident)]
        else:
            words = _("Calls to {number} go no longer to {whose} ({to}), but where they went before")
        return [self._past().fill(words)]

    def hand(self) -> str:
        """What a person does."""
        if self._is_set_by_nobody():
            return ""
        rest = self._stack.without(self._ends).said(CALLS)
        if rest is not None:
            return self._way.hand(replace(self.order, to=_to(rest), whose=_whose(rest)))
        return self._way.hand_back(self._past(), self._base())

    def asks(self) -> Sequence[Fact]:
        """What the person is asked then."""
        if self._is_set_by_nobody():
            return ()
        rest = self._stack.without(self._ends).said(CALLS)
        if rest is not None:
            order = replace(self.order, to=_to(rest), whose=_whose(rest))
            return [fact for fact in self._way.asks(order) if fact.name != BEFORE]
        return self._way.asks_back(self._past())

    def switch(self, answers: Mapping[str, str]) -> Mapping[str, Any]:
        """Look, set what then holds, read back, write the layer off."""
        affair, name = self.affair, self.order.number.number
        if affair.rehearsed:
            if not self._is_set_by_nobody():
                self._way.rehearse(affair.world, self.order)
            return {"number": name, "rehearsed": True}
        if self._is_set_by_nobody():
            affair.ledger.lift(name, self._ends)
            return {"number": name}
        if not self._ends and not self.hand():
            words = _("nothing is written down of what was set before, so a person must set it")
            raise StepFailed(words, "look at the provider's website where the calls go, and set it there")
        base, seen = _told(self._base()), self._set()
        affair.ledger.lift(name, self._ends)
        return {"number": name, **answers, "before": base, **seen}

    def _set(self) -> Mapping[str, Any]:
        """Make true what holds without these layers, if what stands there now is ours."""
        stack, world = self._stack, self.affair.world
        rest = stack.without(self._ends).said(CALLS)
        if not self.is_at_once:
            self.affair.insist_on_ours(self.order, stack, self._way.present(world, self.order))
        if rest is not None:
            order = replace(self.order, to=_to(rest), whose=_whose(rest))
            return {"to": order.to, "whose": order.whose, **self._way.forward(world, order)}
        return self._way.put_back(world, self._past(), self._base())

    @property
    def _way(self) -> NumberDriver:
        return way_of(self.order.number)

    @property
    def _stack(self) -> Stack:
        return self.affair.ledger.stack(self.order.number.number)

    @property
    def _ends(self) -> list[LeverLayer]:
        """The layers of this step; of the whole incident where the step is no undo and laid none."""
        key, stack = self.affair.key, self._stack
        own = stack.of(key.incident, key.step)
        return own if own or self.affair.undoes else stack.of(key.incident)

    def _past(self) -> NumberRequest:
        """The order that is taken back."""
        told = [each for each in self._ends if CALLS in each.put]
        return replace(self.order, to=_to(told[-1]), whose=_whose(told[-1])) if told else self.order

    def _base(self) -> Mapping[str, Any]:
        base: Mapping[str, Any] = self._stack.base.get(CALLS) or {}
        return base

    def _is_set_by_nobody(self) -> bool:
        """Whether nothing outside changes: its own phone took the calls, another layer lies on it, or it is undone
        already; in a rehearsal, whether nobody said how it could be forwarded."""
        if self.affair.rehearsed:
            return not has_way(self.order.number)
        key, stack = self.affair.key, self._stack
        if not self._ends:
            return self.affair.undoes and self.affair.ledger.was_lifted(
                self.order.number.number, key.incident, key.step
            )
        return stack.said(CALLS) not in self._ends


def _told(saved: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was saved, as evidence for an incident: a provider may answer with a secret that it was sent."""
    told: Mapping[str, Any] = each_leaf(saved, KNOWN.without_secrets)
    return told


def _to(layer: LeverLayer) -> str:
    return str(layer.put[CALLS]["to"])


def _whose(layer: LeverLayer) -> str:
    return str(layer.put[CALLS]["whose"])
