"""sms-liveall: text messages through LiveAll of Greece (https://github.com/terracom/liveall.eu_docs, HTTP API).

The answer is one line: `OK ID:123456789`, or `Error: <code> - <message>`; the codes are not published there,
so an error about the number is known by its words.

What became of a message is asked for with its id (checksmsstatus, the same documents); the answer is
`id:submitted:last status:number:code:text:count:charge`, its codes are those of operationresultcodes.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import ClassVar

from pydantic import Field

from bcp.notice.channel.base import DeliveryReport, Envelope, Handed
from bcp.notice.channel.sms import Gateway
from bcp.outside import HttpResponse, Request
from bcp.secret_text import Sendable, with_secret
from bcp.yaml.types import Line, Secret

_NUMBER = re.compile(r"destination|recipient|phone|number", re.I)

_DELIVERED = frozenset({200000, 300002, 300008})
_NOT_DELIVERED = frozenset(
    {5, 6, 8, 9, 15, 50, 52, 54, 55, 718, 927, 928, 1027, 1205, 2256, 3009, 3018, 3020, 3024, 3027}
    | {100003, 100004, 100005, 300003, 300004, 300005, 300006}
)
"""Codes that end it; all others may still become a delivery, or say that the network sends no reports."""


class LiveAll(Gateway):
    """Text messages through LiveAll."""

    reports: ClassVar[bool] = True
    token: Secret = Field(description="where the token of the account is kept", examples=["keyring:liveall"])
    sender: Line = Field(alias="from", max_length=11, description="who it is from, as phones show it")
    api: Line = Field(default="https://sms.liveall.eu", description="another address of the interface")

    def describe(self) -> str:
        """The sender."""
        return f"text messages from {self.sender} through LiveAll"

    def request(self, envelope: Envelope) -> Request:
        """Send one message."""
        form: dict[str, Sendable] = {
            "apitoken": with_secret(self.token),
            "destination": envelope.address.removeprefix("+"),
            "senderid": self.sender,
            "message": envelope.content.decode(),
        }
        return Request("POST", f"{self.api}/apiext/Sendout/SendSMS", form=form, timeout=30)

    def read(self, answer: HttpResponse) -> Handed:
        """One line of text."""
        assert answer.status is not None
        said = answer.text.strip()
        found = re.match(r"OK ID:\s*(\d+)", said)
        if found:
            return Handed("sent", said[:200], answer.status, "sms", found[1])
        if answer.status >= 500 or not said.startswith("Error:"):
            return Handed("unknown", said[:200], answer.status, "sms")
        return Handed("failed" if _NUMBER.search(said) else "account", said[:200], answer.status, "sms")

    def report_request(self, provider_id: str) -> Request:
        """Ask for one message."""
        form: dict[str, Sendable] = {"apitoken": with_secret(self.token), "smsids": provider_id}
        return Request("POST", f"{self.api}/apiext/Sendout/GetSMSStatus", form=form, timeout=10)

    def read_report(self, answer: HttpResponse) -> DeliveryReport:
        """One line of fields."""
        fields = answer.text.strip().split(":")
        if len(fields) < 6 or not fields[4].isdecimal():
            return DeliveryReport("unheard", answer.text.strip()[:200])
        code, words = int(fields[4]), fields[5]
        at = datetime.fromtimestamp(int(fields[2]), UTC) if fields[2].isdecimal() and int(fields[2]) else None
        if code in _DELIVERED:
            return DeliveryReport("delivered", words, code, at)
        if code in _NOT_DELIVERED:
            return DeliveryReport("failed", words, code, at)
        return DeliveryReport("on its way", words, code)


Kind = LiveAll
