"""What can be found out about a number at Twilio in peacetime: account, money, ownership, forwarding, papers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from bcp.errors import StepFailed
from bcp.i18n import _
from bcp.lever.number.base import NumberFinding, NumberRequest
from bcp.lever.number.twilio_api import Resource, TwilioAccount
from bcp.normalize import say_phone

_APPROVED = ("twilio-approved", "provisionally-approved")
_UNDER_WAY = ("pending-review", "in-review")


@dataclass(frozen=True, slots=True)
class TwilioCheck:
    """A look at one number: `bundle`, `caller` and `least_balance` are what bcp.yaml says of its way.

    `goes_to` tells in words where calls go that are answered by an address.
    """

    account: TwilioAccount
    order: NumberRequest
    bundle: str | None
    caller: str | None
    least_balance: Decimal
    goes_to: Callable[[str], str]

    def run(self) -> list[NumberFinding]:
        """Each thing with how it is; what could not be asked is unknown, and a refused login ends it."""
        found: list[NumberFinding] = []
        for looks in (self._account(), self._balance(), self._number()):
            try:
                found.extend(looks)
            except StepFailed as failed:
                found.append(NumberFinding("bad" if not found else "unknown", failed.message))
                if len(found) == 1:
                    break
        if self.caller is None:
            words = _("no caller: in its way, so a person must place the test calls")
            found.append(NumberFinding("unknown", words))
        elif self.caller == self.order.phone:
            words = _("its caller: is the number itself, which cannot call itself")
            found.append(NumberFinding("bad", words))
        return found

    def _account(self) -> Iterator[NumberFinding]:
        told = self.account.get("")
        status = told.get("status")
        if status != "active":
            yield NumberFinding("bad", _("the account at Twilio is {status}").format(status=status))
        elif told.get("type") == "Trial":
            words = _(
                "a trial account: it calls and forwards only to numbers that were confirmed there as yours"
            )
            yield NumberFinding("bad", words)
        else:
            yield NumberFinding("fine", _("the account at Twilio is active"))

    def _balance(self) -> Iterator[NumberFinding]:
        told = self.account.get("/Balance")
        try:
            amount = Decimal(str(told.get("balance")))
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite():
            yield NumberFinding("unknown", _("Twilio does not say how much money is left"))
            return
        left = _("{amount} {currency} left at Twilio")
        words = left.format(amount=f"{amount:.2f}", currency=told.get("currency"))
        if amount < self.least_balance:
            least = _("{words}, less than {least}: pay in").format(words=words, least=self.least_balance)
            yield NumberFinding("bad" if amount <= 0 else "due", least)
        else:
            yield NumberFinding("fine", words)

    def _number(self) -> Iterator[NumberFinding]:
        order = self.order
        if not order.phone:
            words = _("not bought yet: bcp number buy {name}")
            yield NumberFinding("bad", words.format(name=order.number.number))
            yield from self._papers(self.bundle)
            return
        found = self.account.number(order.phone)
        if found is None:
            words = _("{number} is not, or no longer, in this account at Twilio")
            yield NumberFinding("bad", order.fill(words))
            return
        yield NumberFinding("fine", order.fill(_("{number} is ours")))
        if not (found.get("capabilities") or {}).get("voice", True):
            yield NumberFinding("bad", order.fill(_("{number} takes no calls, only messages")))
        yield self._route(found)
        bundle = found.get("bundle_sid") or self.bundle
        if bundle:
            yield from self._papers(bundle)

    def _route(self, found: Resource) -> NumberFinding:
        if found.get("trunk_sid") or found.get("voice_application_sid"):
            words = _("its calls are led by a SIP trunk or an application, which would overrule a forwarding")
            return NumberFinding("bad", words)
        where = self.goes_to(found.get("voice_url") or "")
        words = _("its calls go to {where}").format(where=say_phone(where) if where else _("nowhere"))
        return NumberFinding("fine" if where else "unknown", words)

    def _papers(self, bundle: str | None) -> Iterator[NumberFinding]:
        """https://www.twilio.com/docs/phone-numbers/regulatory/api/bundles: the states of the papers."""
        if not bundle:
            words = _(
                "no bundle of papers is named; outside the US and Canada most numbers need one (error 21649)"
            )
            yield NumberFinding("unknown", words)
            return
        path = f"/v2/RegulatoryCompliance/Bundles/{bundle}"
        status = str(self.account.get_from("numbers", path).get("status"))
        if status in _APPROVED:
            yield NumberFinding("fine", _("the bundle of papers is approved"))
        elif status in _UNDER_WAY:
            yield NumberFinding("due", _("the bundle of papers is being looked at by Twilio"))
        else:
            words = _("the bundle of papers is {status}: no number can be bought with it (error 21649)")
            yield NumberFinding("bad", words.format(status=status.removeprefix("twilio-")))
