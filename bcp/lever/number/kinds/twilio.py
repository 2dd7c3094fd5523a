"""twilio: a number in the cloud; its calls go where a document says that Twilio fetches when somebody calls.

https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource and …/docs/voice/api/call-resource. What
stands in where the document cannot be had: https://www.twilio.com/docs/usage/security/availability-reliability.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from pydantic import Field, field_validator

from bcp.errors import StepFailed, Unsure, read_back
from bcp.i18n import _
from bcp.lever.number.base import (
    Evidence,
    NumberFinding,
    NumberRequest,
    Offer,
    Overruled,
    OwnedNumber,
    Price,
    Saved,
    Shop,
    saved_by_another_way,
)
from bcp.lever.number.twilio_api import BY_HAND, Resource, TwilioAccount
from bcp.lever.number.twilio_words import (
    ECHO,
    OLD_FORWARD,
    TO,
    TWIML,
    filled,
    forwarding,
    number_in,
    test_call,
)
from bcp.outside import World
from bcp.yaml.types import Line, Phone, Secret

# What decides where a call goes; all of it is saved, and set again at the end.
_ROUTE = {
    "voice_url": "VoiceUrl",
    "voice_method": "VoiceMethod",
    "voice_fallback_url": "VoiceFallbackUrl",
    "voice_fallback_method": "VoiceFallbackMethod",
}
_OTHERS = {"trunk_sid": "SIP trunk", "voice_application_sid": "application"}
_KINDS = {"local": "Local", "mobile": "Mobile", "toll-free": "TollFree"}
_PRICED = {"local": "local", "mobile": "mobile", "toll-free": "toll free"}
_OFFERED = ("locality", "address_requirements")
_RINGS = 40
_LONGEST_CALL = 120
_LONGEST_NAME = 64


class Twilio(Shop):
    """A number at Twilio."""

    account: Line = Field(pattern=r"^AC[0-9a-fA-F]{32}$", description="the account's SID")
    token: Secret = Field(examples=["keyring:twilio"], description="where the token of the account is kept")
    caller: Phone | None = Field(
        default=None,
        description="the number from which test calls come: at Twilio, or confirmed there as yours",
    )
    answer: Line = Field(
        default=ECHO,
        description="the address of the document that forwards a call: {to} in it for the number, or {twiml} for ours",
        examples=["https://handler.twilio.com/twiml/EH…?Forward={to}"],
    )
    fallback: Line = Field(default=ECHO, description="the address that stands in where answer fails")
    bundle: Line | None = Field(
        default=None,
        pattern=r"^BU[0-9a-fA-F]{32}$",
        description="the approved papers, for numbers that need them",
    )
    address: Line | None = Field(
        default=None, pattern=r"^AD[0-9a-fA-F]{32}$", description="the address, for numbers that need one"
    )
    least_balance: Decimal = Field(default=Decimal(5), ge=0, description="below this much money it is due")
    api: Line = Field(
        default="https://api.twilio.com",
        description="another address of Twilio's interface, such as one in Ireland",
    )

    @field_validator("answer")
    @classmethod
    def _names_the_number(cls, value: str) -> str:
        if not (TO in value or TWIML in value) or not value.startswith(("https://", "http://")):
            raise ValueError(
                f'expected an address with {TO} in it, such as "https://…?Forward={TO}"; without answer: ours is used'
            )
        return value

    @field_validator("fallback")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if not value.startswith(("https://", "http://")):
            raise ValueError(f'expected an address, such as "https://…?Forward={TO}"')
        return value

    def describe(self, order: NumberRequest) -> Sequence[str]:
        """To whom."""
        said = _("Calls to {number} go to {whose} ({to}), through Twilio")
        shown = _(
            "The phone shows {number} as the caller; messages are in Twilio's console, Monitor, Recordings."
        )
        return [order.fill(said), *([order.fill(shown)] if TWIML in self.answer else [])]

    def present(self, world: World, order: NumberRequest) -> Saved:
        """Where its calls go now. Raises StepFailed where something else than a document decides that."""
        found = self._find(world, order)
        for key, what in _OTHERS.items():
            if found.get(key):
                words = _("its calls are led by a {what} at Twilio, which would overrule a forwarding")
                raise Overruled(words.format(what=what), "detach it in Twilio's console, then try again")
        return {"sid": found["sid"], **{key: found.get(key) or "" for key in _ROUTE}}

    def is_ours(self, order: NumberRequest, present: Saved) -> bool | None:
        """Whether the address is one of ours for this phone, and what stands in for it, too.

        The words in it may be those of another version of ours: nobody else would have set them.
        """
        url, fallback = str(present.get("voice_url") or ""), str(present.get("voice_fallback_url") or "")
        if number_in(url, self.answer) != order.to or present.get("voice_method") != "GET":
            return False
        if url == filled(OLD_FORWARD, order.to, ""):
            return True  # it had nothing of ours that stood in for it
        return fallback == self._route(order)["voice_fallback_url"] or number_in(fallback, ECHO) == order.to

    def forward(self, world: World, order: NumberRequest) -> Evidence:
        """Name the document and what stands in for it, and read back that they are named."""
        return {"goes_to": self._set(world, order, self._route(order))}

    def put_back(self, world: World, order: NumberRequest, saved: Saved) -> Evidence:
        """Name what was named before."""
        if "voice_url" not in saved:
            raise saved_by_another_way(order)
        # A method that Twilio did not name is none that could be set.
        wanted = {key: str(saved[key]) for key in _ROUTE if saved.get(key) or key.endswith("url")}
        return {"goes_to": self._set(world, order, wanted)}

    def rehearse(self, world: World, order: NumberRequest) -> None:
        """Whether the token is there."""
        trouble = self._account(world, order).missing()
        if trouble:
            raise StepFailed(trouble, "store the token, then try again")

    def call(self, world: World, order: NumberRequest, digits: str) -> str:
        """From the caller's number; the voice says the digits until the call is hung up."""
        if self.caller is None:
            return ""
        form = {
            "To": order.phone,
            "From": self.caller,
            "Twiml": test_call(digits, order.language),
            "Timeout": str(_RINGS),
            "TimeLimit": str(_LONGEST_CALL),
        }
        return str(self._account(world, order).post("/Calls", form).get("sid", ""))

    def fate(self, world: World, order: NumberRequest, call: str) -> str:
        """What Twilio says of the call."""
        try:
            status = self._account(world, order).get(f"/Calls/{call}").get("status", "")
        except StepFailed as failed:
            return failed.message
        return {
            "busy": _("Twilio says: it was busy."),
            "no-answer": _("Twilio says: nobody answered."),
            "failed": _("Twilio says: the call could not be connected."),
            "canceled": _("Twilio says: the call was cancelled."),
            "completed": _("Twilio says: somebody or something answered, and hung up."),
        }.get(str(status), _("Twilio says: it is still ringing or talking."))

    def check(self, world: World, order: NumberRequest) -> list[NumberFinding]:
        """The account, its money, the number, where its calls go, its papers, and what a caller would hear."""
        from bcp.lever.number.twilio_answer import AnswerCheck
        from bcp.lever.number.twilio_check import TwilioCheck

        account = self._account(world, order)
        found = TwilioCheck(account, order, self.bundle, self.caller, self.least_balance, self.goes_to).run()
        if order.phone:
            route = self._route(replace(order, to=order.phone))
            urls = route["voice_url"], route["voice_fallback_url"]
            found.extend(AnswerCheck(world, *urls, order.phone, self.account, self.token).run())
        return found

    def offers(self, world: World, order: NumberRequest, kind: str, contains: str) -> list[Offer]:
        """Five of them, with voice."""
        query = {"PageSize": "5", "VoiceEnabled": "true", **({"Contains": contains} if contains else {})}
        path = f"/AvailablePhoneNumbers/{order.country}/{_KINDS[kind]}"
        told = self._account(world, order).get(path, **query).get("available_phone_numbers") or []
        return [
            Offer(str(each["phone_number"]), *(str(each.get(key) or "") for key in _OFFERED))
            for each in told
            if each.get("phone_number")
        ]

    def price(self, world: World, order: NumberRequest, kind: str) -> Price:
        """As https://www.twilio.com/docs/phone-numbers/pricing says; the current one, with this account's discounts."""
        told = self._account(world, order).get_from("pricing", f"/v1/PhoneNumbers/Countries/{order.country}")
        for each in told.get("phone_number_prices") or []:
            if each.get("number_type") == _PRICED[kind]:
                try:
                    amount = Decimal(str(each.get("current_price")))
                except InvalidOperation:
                    break
                if not amount.is_finite() or amount < 0:
                    break
                return Price(f"{amount:.2f}", str(told.get("price_unit") or "USD").upper())
        words = _("Twilio names no price for a number of this kind in {country}, so nothing is bought")
        raise StepFailed(
            words.format(country=order.country), "choose another kind, or buy it in Twilio's console"
        )

    def owned(self, world: World, order: NumberRequest, mark: str, phone: str = "") -> list[OwnedNumber]:
        """By the friendly name, and by the number itself."""
        account = self._account(world, order)
        marked = account.numbers(FriendlyName=mark[:_LONGEST_NAME])
        found = [each for each in marked if each.get("friendly_name") == mark[:_LONGEST_NAME]]
        same = account.number(phone) if phone else None
        if same is not None and same not in found:
            found.append(same)
        return [OwnedNumber(str(each["phone_number"]), str(each["sid"])) for each in found]

    def buy(self, world: World, order: NumberRequest, phone: str, mark: str) -> str:
        """With the mark as its friendly name, and the papers."""
        form = {"PhoneNumber": phone, "FriendlyName": mark[:_LONGEST_NAME]}
        papers = {"BundleSid": self.bundle, "AddressSid": self.address}
        form |= {key: value for key, value in papers.items() if value}
        return str(self._account(world, order).post("/IncomingPhoneNumbers", form).get("sid", ""))

    def goes_to(self, url: str) -> str:
        """The number that a document forwards to, where it is one of ours; else the address of the document."""
        return number_in(url, self.answer) or url

    def _account(self, world: World, order: NumberRequest) -> TwilioAccount:
        return TwilioAccount(world, order.clock, self.api.rstrip("/"), self.account, self.token)

    def _route(self, order: NumberRequest) -> dict[str, str]:
        """What is set while calls are forwarded. What stands in dials without `callerId`, in case that is the fault."""
        ours = forwarding(order.to, order.phone, order.language)
        plain = forwarding(order.to, "", order.language)
        return {
            "voice_url": filled(self.answer, order.to, ours),
            "voice_method": "GET",
            "voice_fallback_url": filled(self.fallback, order.to, plain),
            "voice_fallback_method": "GET",
        }

    def _find(self, world: World, order: NumberRequest) -> Resource:
        found = self._account(world, order).number(order.phone)
        if found is None:
            words = _("{number} is not, or no longer, in this account at Twilio")
            raise Overruled(order.fill(words), BY_HAND)
        return found

    def _set(self, world: World, order: NumberRequest, wanted: Mapping[str, str]) -> str:
        """Set it, and read it back; what was done without a clear answer counts once it is seen."""
        account, lost = self._account(world, order), None
        found = self._find(world, order)
        form = {_ROUTE[key]: value for key, value in wanted.items() if (found.get(key) or "") != value}
        if form:
            try:
                account.post(f"/IncomingPhoneNumbers/{found['sid']}", form)
            except Unsure as error:
                lost = error
            with read_back(lost):
                found = self._find(world, order)
        wrong = [key for key, value in wanted.items() if (found.get(key) or "") != value]
        if wrong:
            seen = self.goes_to(found.get("voice_url") or "") or _("nowhere")
            words = lost.message if lost else _("Twilio took the change, but does not show it")
            where = _("its calls go to {where}").format(where=seen)
            raise StepFailed(f"{words}; {where}", BY_HAND)
        return self.goes_to(found.get("voice_url") or "")


Kind = Twilio
