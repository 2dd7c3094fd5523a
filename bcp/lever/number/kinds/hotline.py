"""hotline: a guided call to the provider, who forwards the calls: what to say, to write down and to read back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pydantic import Field

from bcp.fact import Fact
from bcp.i18n import _
from bcp.lever.number.base import BEFORE, Hand, NumberFinding, NumberRequest, Saved, before
from bcp.outside import World
from bcp.yaml.types import Dialled, Text


class Hotline(Hand):
    """Call the provider."""

    phone: Dialled | None = Field(default=None, description="else the fault number of the number's line")
    proof: Text | None = Field(
        default=None,
        description="what they ask for to know that it is us, and where that lies; never the password itself",
        examples=["Customer password, in the sealed envelope"],
    )
    say: Text | None = Field(default=None, description="said besides, or a way through the voice menu")

    def describe(self, order: NumberRequest) -> Sequence[str]:
        """To whom, and who does it."""
        said = _("Calls to {number} go to {whose} ({to}); the provider does it, on the phone")
        return [order.fill(said), *self.of_no_use(order)]

    def hand(self, order: NumberRequest) -> str:
        """The whole call."""
        wish = _(
            'Say: "Please forward all calls to {number} to {to}, at once and until we end it. '
            'Where do they go now? When does it take effect, and what does it cost?"'
        )
        return "\n".join((*self._opening(order), order.fill(wish), *self._closing(_goes_to(), order)))

    def hand_back(self, order: NumberRequest, saved: Saved) -> str:
        """The call that ends it."""
        wish = _('Say: "Please end the forwarding of {number} at once."')
        back = _('Read back: "Calls to {number} are forwarded no more."')
        if saved.get(BEFORE):
            order = replace(order, to=str(saved[BEFORE]))
            wish = _('Say: "Please forward all calls to {number} to {to} again, as before, at once."')
            back = _goes_to()
        return "\n".join((*self._opening(order), order.fill(wish), *self._closing(back, order)))

    def asks(self, order: NumberRequest) -> tuple[Fact, ...]:
        """Where calls went before, who promised what, whether the read-back was confirmed."""
        return (before(), *self._notes(), self._confirmed("forwarded"))

    def asks_back(self, order: NumberRequest) -> tuple[Fact, ...]:
        """Who promised what, whether the read-back was confirmed."""
        return (*self._notes(), self._confirmed("put_back"))

    def check(self, world: World, order: NumberRequest) -> list[NumberFinding]:
        """Whether everything is at hand that the provider will ask for."""
        found = []
        if not self._support(order):
            words = _("nobody wrote down whom to call: way: {hotline: {phone: …}}, or support of its line")
            found.append(NumberFinding("bad", words))
        else:
            found.append(NumberFinding("fine", _("hotline: {phone}").format(phone=self._support(order))))
        if not (order.line and order.line.contract):
            found.append(NumberFinding("bad", _("the contract number of its line is missing in bcp.yaml")))
        if not self.proof:
            words = _("nobody wrote down what the provider asks for to know that it is you")
            found.append(NumberFinding("unknown", words))
        return found

    def _support(self, order: NumberRequest) -> str:
        return self.phone or (order.line.support if order.line and order.line.support else "")

    def _opening(self, order: NumberRequest) -> list[str]:
        line = order.line
        provider = (line.provider if line and line.provider else "") or _("the provider")
        dial = _("Call {provider}: {phone}").format(
            provider=provider, phone=self._support(order) or "________________"
        )
        known = [
            (_("contract {number}"), line.contract if line else None),
            (_("their name for the line: {number}"), line.line_id if line else None),
        ]
        said = ", ".join(words.format(number=value) for words, value in known if value)
        have = _("Have at hand: {what}.").format(what=said) if said else ""
        proof = _("They ask for: {what}").format(what=self.proof) if self.proof else ""
        return [*filter(None, (dial, have, proof, self.say))]

    def _closing(self, read_back: str, order: NumberRequest) -> list[str]:
        return [
            _("Write down: the name of the person, the number of your request, from when it holds."),
            order.fill(read_back, digits=" ".join(order.to.removeprefix("+"))),
        ]

    def _notes(self) -> tuple[Fact, ...]:
        return (
            Fact("agent", _("Who spoke with you? (or: refused; the name stays in the record)")),
            Fact("reference", _("Which number has your request? (or: refused)")),
            Fact("from_when", _("From when does it hold, as they said?")),
        )

    def _confirmed(self, name: str) -> Fact:
        return Fact(name, _("Did they confirm what you read back?"), "yes-no")


def _goes_to() -> str:
    return _('Read back: "All calls to {number} go to {to}, digit by digit {digits}, from now on."')


Kind = Hotline
