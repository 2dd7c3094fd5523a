"""sms-twilio: text messages through Twilio (https://www.twilio.com/docs/messaging/api/message-resource).

Creating a message is not idempotent there: a request that is repeated may send twice (error 20500), so what
got no answer, or an answer of the server's own trouble, stays unknown.

What became of a message is its `status` (Fetch a Message, the same page): `delivered` and `read` where the network
reports it, `failed`, `undelivered` or `canceled`; a network without reports leaves it at `sent` for good.
"""

from __future__ import annotations

from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import ClassVar

from pydantic import Field

from bcp.notice.channel.base import DeliveryReport, Envelope, Handed
from bcp.notice.channel.sms import Gateway
from bcp.outside import HttpResponse, Request
from bcp.yaml.types import Line, Secret

# https://www.twilio.com/docs/api/errors: about this number, not about our account.
_NUMBER = frozenset({21211, 21214, 21217, 21408, 21608, 21610, 21612, 21614, 63038})


class Twilio(Gateway):
    """Text messages through Twilio."""

    reports: ClassVar[bool] = True
    account: Line = Field(pattern=r"^AC[0-9a-fA-F]{32}$", description="the account's SID")
    token: Secret = Field(description="where the token of the account is kept", examples=["keyring:twilio"])
    sender: Line = Field(alias="from", description="a number of yours, or a messaging service (MG…)")
    api: Line = Field(default="https://api.twilio.com", description="another address of the interface")

    def describe(self) -> str:
        """The sender."""
        return f"text messages from {self.sender} through Twilio"

    def request(self, envelope: Envelope) -> Request:
        """Create a message."""
        key = "MessagingServiceSid" if self.sender.startswith("MG") else "From"
        form = {"To": envelope.address, key: self.sender, "Body": envelope.content.decode()}
        url = f"{self.api}/2010-04-01/Accounts/{self.account}/Messages.json"
        return Request("POST", url, form=form, login=(self.account, self.token), timeout=30)

    def read(self, answer: HttpResponse) -> Handed:
        """201 with the message's SID, or an error with its number; a 201 without it is nobody's word."""
        assert answer.status is not None
        told = answer.json_object() or {}
        reply = f"{told.get('message') or told.get('status') or answer.text[:200]}"
        code = int(told.get("code") or answer.status)
        if answer.status == 201 and told.get("sid"):
            return Handed("sent", reply, code, "sms", str(told["sid"]))
        if answer.status == 201:
            return Handed("unknown", reply, code, "sms")
        if answer.status == 429:
            return Handed("later", reply, code, "sms")
        if answer.status >= 500:
            return Handed("unknown", reply, code, "sms")
        return Handed("failed" if code in _NUMBER else "account", reply, code, "sms")

    def report_request(self, provider_id: str) -> Request:
        """Fetch the message."""
        url = f"{self.api}/2010-04-01/Accounts/{self.account}/Messages/{provider_id}.json"
        return Request("GET", url, login=(self.account, self.token), timeout=10)

    def read_report(self, answer: HttpResponse) -> DeliveryReport:
        """Its status, with the error's number where there is one."""
        told = answer.json_object() or {}
        status, code = str(told.get("status", "")), told.get("error_code")
        at = None
        with suppress(TypeError, ValueError):
            at = parsedate_to_datetime(str(told["date_updated"])) if told.get("date_updated") else None
        if status in ("delivered", "read"):
            return DeliveryReport("delivered", status, at=at)
        if status in ("failed", "undelivered", "canceled"):
            words = " ".join(str(part) for part in (status, code, told.get("error_message")) if part)
            return DeliveryReport("failed", words, code if isinstance(code, int) else None, at)
        return DeliveryReport("on its way", status)


Kind = Twilio
