"""sms-liveall: text messages through LiveAll of Greece (https://github.com/terracom/liveall.eu_docs, HTTP API).

The answer is one line: `OK ID:123456789`, or `Error: <code> - <message>`; the codes are not published there,
so an error about the number is known by its words.
"""

from __future__ import annotations

import re

from pydantic import Field

from bcp.notice.channel.base import Envelope, Handed
from bcp.notice.channel.sms import Gateway
from bcp.outside import HttpResponse, Request
from bcp.secret_text import Sendable, with_secret
from bcp.yaml.types import Line, Secret

_NUMBER = re.compile(r"destination|recipient|phone|number", re.I)


class LiveAll(Gateway):
    """Text messages through LiveAll."""

    token: Secret = Field(examples=["keyring:liveall"])
    sender: Line = Field(alias="from", max_length=11)
    api: Line = "https://sms.liveall.eu"

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


Kind = LiveAll
