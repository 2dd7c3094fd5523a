"""sms-smsapi: text messages through SMSAPI.pl (https://www.smsapi.pl/docs), with its own guard against doubles.

`idx` names a message and `check_idx` makes the gateway refuse a name that it had within a day (error 53): so
a request may be repeated, and a refused double is a message that is out.

What became of a message is asked for at the same address with `status=ID`
(https://github.com/smsapi/smsapi-python-client, GetAction); the states are those of its delivery reports.
"""

from __future__ import annotations

from hashlib import sha256
from typing import ClassVar

from pydantic import Field

from bcp.notice.channel.base import DeliveryReport, Envelope, Handed
from bcp.notice.channel.sms import Gateway
from bcp.outside import HttpResponse, Request
from bcp.secret_text import with_secret
from bcp.yaml.types import Line, Secret

_NUMBER = frozenset({13, 17, 18, 40})
_DOUBLE = 53
_NOT_DELIVERED = frozenset({"UNDELIVERED", "EXPIRED", "REJECTED", "FAILED", "STOP"})
_TEMPORARY = frozenset({8, 201, 999, 1001})


class SmsApi(Gateway):
    """Text messages through SMSAPI.pl."""

    reports: ClassVar[bool] = True
    token: Secret = Field(description="where the token of the account is kept", examples=["keyring:smsapi"])
    sender: Line = Field(alias="from", max_length=11, description="a sender name that SMSAPI has approved")
    api: Line = Field(default="https://api.smsapi.pl", description="another address of the interface")

    def describe(self) -> str:
        """The sender."""
        return f"text messages from {self.sender} through SMSAPI.pl"

    def request(self, envelope: Envelope) -> Request:
        """Send one message under a name of its own."""
        form = {
            "to": envelope.address.removeprefix("+"),
            "message": envelope.content.decode(),
            "from": self.sender,
            "format": "json",
            "encoding": "utf-8",
            "idx": sha256("|".join(envelope.key).encode()).hexdigest()[:36],
            "check_idx": "1",
        }
        headers = {"Authorization": with_secret(self.token, "Bearer ")}
        return Request("POST", f"{self.api}/sms.do", headers, form=form, timeout=30)

    def read(self, answer: HttpResponse) -> Handed:
        """A list with the message, or an error with its number; both may come with 200."""
        assert answer.status is not None
        told = answer.json_object() or {}
        sent = told.get("list") or []
        if sent and sent[0].get("id"):
            return Handed("sent", str(sent[0].get("status", "")), answer.status, "sms", str(sent[0]["id"]))
        code = int(told.get("error") or answer.status)
        reply = str(told.get("message") or answer.text[:200])
        if code == _DOUBLE:
            return Handed("sent", "the gateway had it already", code, "sms")
        if answer.status >= 500 or code in _TEMPORARY:
            return Handed("later", reply, code, "sms")
        return Handed("failed" if code in _NUMBER else "account", reply, code, "sms")

    def report_request(self, provider_id: str) -> Request:
        """Ask for one message."""
        headers = {"Authorization": with_secret(self.token, "Bearer ")}
        form = {"status": provider_id, "format": "json"}
        return Request("POST", f"{self.api}/sms.do", headers, form=form, timeout=10)

    def read_report(self, answer: HttpResponse) -> DeliveryReport:
        """A list with the message, or an error with its number, which is about the question."""
        told = answer.json_object() or {}
        if told.get("error"):
            return DeliveryReport("unheard", str(told.get("message") or told["error"]))
        found = next((one for one in told.get("list") or [] if isinstance(one, dict)), {})
        status = str(found.get("status", ""))
        if status == "DELIVERED":
            return DeliveryReport("delivered", status)
        if status in _NOT_DELIVERED:
            return DeliveryReport("failed", " ".join(filter(None, (status, str(found.get("error") or "")))))
        return DeliveryReport("on its way", status)


Kind = SmsApi
