"""sms-bulkgate: text messages through BulkGate of Czechia (https://help.bulkgate.com/docs/en/http-simple-transactional.html).

`duplicates_check` makes the gateway drop the same text to the same number within five minutes.

It tells what became of a message only to a web address of yours (Delivery confirmations, the same site), and nothing
asks it: so that is not known here.
"""

from __future__ import annotations

from pydantic import Field

from bcp.notice.channel.base import Envelope, Handed
from bcp.notice.channel.sms import Gateway
from bcp.notice.text.gsm import segments
from bcp.outside import HttpResponse, Request
from bcp.secret_text import with_secret
from bcp.yaml.types import Line, Secret

# https://help.bulkgate.com/docs/en/api-error-types.html
_NUMBER = frozenset({"invalid_phone_number", "blacklisted_number"})


class BulkGate(Gateway):
    """Text messages through BulkGate."""

    application: Line = Field(description="application_id")
    token: Secret = Field(description="where the token of the account is kept", examples=["keyring:bulkgate"])
    sender: Line | None = Field(default=None, alias="from", max_length=11, description="a text sender")
    api: Line = Field(default="https://portal.bulkgate.com", description="another address of the interface")

    def describe(self) -> str:
        """The gateway."""
        return "text messages through BulkGate"

    def request(self, envelope: Envelope) -> Request:
        """Send one transactional message."""
        text = envelope.content.decode()
        body = {
            "application_id": self.application,
            "application_token": with_secret(self.token),
            "number": envelope.address.removeprefix("+"),
            "text": text,
            "unicode": bool(segments(text).odd_letter),
            "duplicates_check": "on",
        }
        if self.sender:
            body |= {"sender_id": "gText", "sender_id_value": self.sender}
        return Request("POST", f"{self.api}/api/1.0/simple/transactional", json=body, timeout=30)

    def read(self, answer: HttpResponse) -> Handed:
        """`data` with the message's id, or an error with its type."""
        assert answer.status is not None
        told = answer.json_object() or {}
        data = told.get("data")
        if answer.status == 200 and isinstance(data, dict) and data.get("sms_id"):
            return Handed("sent", str(data.get("status", "")), answer.status, "sms", str(data["sms_id"]))
        kind = str(told.get("type", ""))
        reply = str(told.get("error") or answer.text[:200])
        if answer.status >= 500 or not kind:
            return Handed("unknown", reply, answer.status, "sms")
        return Handed("failed" if kind in _NUMBER else "account", reply, answer.status, "sms")


Kind = BulkGate
