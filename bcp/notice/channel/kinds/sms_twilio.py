"""sms-twilio: text messages through Twilio (https://www.twilio.com/docs/messaging/api/message-resource).

Creating a message is not idempotent there: a request that is repeated may send twice (error 20500), so what
got no answer, or an answer of the server's own trouble, stays unknown.
"""

from __future__ import annotations

from pydantic import Field

from bcp.notice.channel.base import Envelope, Handed
from bcp.notice.channel.sms import Gateway
from bcp.outside import HttpResponse, Request
from bcp.yaml.types import Line, Secret

# https://www.twilio.com/docs/api/errors: about this number, not about our account.
_NUMBER = frozenset({21211, 21214, 21217, 21408, 21608, 21610, 21612, 21614, 63038})


class Twilio(Gateway):
    """Text messages through Twilio."""

    account: Line = Field(pattern=r"^AC[0-9a-fA-F]{32}$", description="the account's SID")
    token: Secret = Field(examples=["keyring:twilio"])
    sender: Line = Field(alias="from", description="a number of yours, or a messaging service (MG…)")
    api: Line = "https://api.twilio.com"

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
        """201 with the message's SID, or an error with its number."""
        assert answer.status is not None
        told = answer.json_object() or {}
        reply = f"{told.get('message') or told.get('status') or answer.text[:200]}"
        code = int(told.get("code") or answer.status)
        if answer.status == 201:
            return Handed("sent", reply, code, "sms", str(told.get("sid", "")))
        if answer.status == 429:
            return Handed("later", reply, code, "sms")
        if answer.status >= 500:
            return Handed("unknown", reply, code, "sms")
        return Handed("failed" if code in _NUMBER else "account", reply, code, "sms")


Kind = Twilio
