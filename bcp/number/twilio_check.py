"""What can be found out about a number at Twilio in peacetime: account, money, ownership, forwarding, papers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from bcp.errors import StepFailed
from bcp.i18n import _
from bcp.normalize import say_phone
from bcp.number.base import NumberFinding, NumberRequest
from bcp.number.twilio_api import TwilioAccount

_APPROVED = ("twilio-approved", "provisionally-approved")
_UNDER_WAY = ("pending-review", "in-review")


class Asked(Protocol):
    """What is known of the number in bcp.yaml."""

    @property
    def bundle(self) -> str | None:
        """The papers that a number of this country needs."""
        ...

    @property
    def caller(self) -> str | None:
        """The number that test calls come from, as E.164."""
        ...

    @property
    def least_balance(self) -> Decimal:
        """Below this much money it is told."""
        ...

    def find(self, account: TwilioAccount, phone: str) -> dict[str, Any] | None:
        """What the account says of a number, or None where it is not ours."""
        ...

    def goes_to(self, url: str) -> str:
        """Where calls go that are answered by this address, in words."""
        ...


def check(way: Asked, account: TwilioAccount, order: NumberRequest) -> list[NumberFinding]:
    """Each thing with how it is; what could not be asked is unknown, and a refused login ends it."""
    found: list[NumberFinding] = []
    for looks in (_account(account), _balance(way, account), _number(way, account, order)):
        try:
            found.extend(looks)
        except StepFailed as failed:
            found.append(NumberFinding("bad" if not found else "unknown", failed.message))
            if len(found) == 1:
                break
    if way.caller is not None and way.caller == order.phone:
        found.append(NumberFinding("bad", _("its caller: is the number itself, which cannot call itself")))
    if way.caller is None:
        words = _("no caller: in its way, so a person must place the test calls")
        found.append(NumberFinding("unknown", words))
    return found


def _account(account: TwilioAccount) -> Iterator[NumberFinding]:
    told = account.get("")
    status = told.get("status")
    if status != "active":
        yield NumberFinding("bad", _("the account at Twilio is {status}").format(status=status))
    elif told.get("type") == "Trial":
        words = _("a trial account: it calls and forwards only to numbers that were confirmed there as yours")
        yield NumberFinding("bad", words)
    else:
        yield NumberFinding("fine", _("the account at Twilio is active"))


def _balance(way: Asked, account: TwilioAccount) -> Iterator[NumberFinding]:
    told = account.get("/Balance")
    try:
        amount = Decimal(str(told.get("balance")))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        yield NumberFinding("unknown", _("Twilio does not say how much money is left"))
        return
    words = _("{amount} {currency} left at Twilio").format(
        amount=f"{amount:.2f}", currency=told.get("currency")
    )
    if amount < way.least_balance:
        least = _("{words}, less than {least}: pay in").format(words=words, least=way.least_balance)
        yield NumberFinding("bad" if amount <= 0 else "due", least)
    else:
        yield NumberFinding("fine", words)


def _number(way: Asked, account: TwilioAccount, order: NumberRequest) -> Iterator[NumberFinding]:
    if not order.phone:
        yield NumberFinding(
            "bad", _("not bought yet: bcp number buy {name}").format(name=order.number.number)
        )
        yield from _bundle(way.bundle, account)
        return
    number = say_phone(order.phone)
    found = way.find(account, order.phone)
    if found is None:
        yield NumberFinding(
            "bad", _("{number} is not, or no longer, in this account at Twilio").format(number=number)
        )
        return
    yield NumberFinding("fine", _("{number} is ours").format(number=number))
    if not (found.get("capabilities") or {}).get("voice", True):
        yield NumberFinding("bad", _("{number} takes no calls, only messages").format(number=number))
    yield _route(way, found)
    if found.get("bundle_sid") or way.bundle:
        yield from _bundle(found.get("bundle_sid") or way.bundle, account)


def _route(way: Asked, found: Mapping[str, Any]) -> NumberFinding:
    if found.get("trunk_sid") or found.get("voice_application_sid"):
        words = _("its calls are led by a SIP trunk or an application, which would overrule a forwarding")
        return NumberFinding("bad", words)
    where = way.goes_to(found.get("voice_url") or "")
    words = _("its calls go to {where}").format(where=say_phone(where) if where else _("nowhere"))
    return NumberFinding("fine" if where else "unknown", words)


def _bundle(bundle: str | None, account: TwilioAccount) -> Iterator[NumberFinding]:
    """https://www.twilio.com/docs/phone-numbers/regulatory/api/bundles: the states of the papers."""
    if not bundle:
        words = _(
            "no bundle of papers is named; outside the US and Canada most numbers need one (error 21649)"
        )
        yield NumberFinding("unknown", words)
        return
    status = str(account.get_from("numbers", f"/v2/RegulatoryCompliance/Bundles/{bundle}").get("status"))
    if status in _APPROVED:
        yield NumberFinding("fine", _("the bundle of papers is approved"))
    elif status in _UNDER_WAY:
        yield NumberFinding("due", _("the bundle of papers is being looked at by Twilio"))
    else:
        words = _("the bundle of papers is {status}: no number can be bought with it (error 21649)")
        yield NumberFinding("bad", words.format(status=status.removeprefix("twilio-")))
