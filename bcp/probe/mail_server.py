"""What the probes of mail servers share: where to dial, how it is encrypted, and who logs in."""

from __future__ import annotations

import base64
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from bcp.i18n import _
from bcp.mask import KNOWN
from bcp.probe.base import Attempt, Remote
from bcp.probe.dial import SocketStream
from bcp.probe.trouble import Trouble
from bcp.yaml.keyed import fail, told
from bcp.yaml.rules import both_or_none
from bcp.yaml.types import Host, Line, Secret

Security = Literal["tls", "starttls", "none"]
KNOWN_WAYS = ("PLAIN", "LOGIN", "CRAM-MD5")
"""The ways to log in that we know, in the order in which they are taken."""


class MailProbe(Remote):
    """A mail server and, if wanted, a login."""

    model_config = ConfigDict(json_schema_extra=both_or_none("user", "password"))

    host: Host = Field(examples=["mail.example.com"], description="the mail server")
    port: int | None = Field(default=None, ge=1, le=65535, description="its port, if not the usual one")
    user: Line | None = Field(
        default=None, examples=["office@example.com"], description="the mailbox, to see that it can log in"
    )
    password: Secret | None = Field(
        default=None, description="where the password is kept", examples=["env:MAIL_PASSWORD"]
    )
    trust: Line | None = Field(default=None, description="a file with the certificates to trust instead")

    @model_validator(mode="after")
    def _whole_login(self) -> MailProbe:
        if (self.user is None) != (self.password is None):
            missing = "password" if self.password is None else "user"
            fail("MailServer", [told((), f"a login needs user and password: {missing} is missing")])
        return self

    def targets(self) -> tuple[str, ...]:
        """The host that this looks at."""
        return (self.host,)

    def stream(self, attempt: Attempt, port: int, is_encrypted: bool) -> SocketStream:
        """A conversation with the server, encrypted from its first byte or not."""
        context = attempt.shared.tls_trusting(self.trust) if is_encrypted else None
        return SocketStream(attempt, self.host, port, context)

    def login(self, offered: Collection[str], password: str) -> MailLogin:
        """How we log in where the server offers these ways. Raises Trouble where we know none of them."""
        for way in KNOWN_WAYS:
            if way in offered:
                return MailLogin(way, self.user or "", password)
        if not offered:
            raise Trouble(_("{host} offers no login here").format(host=self.host))
        words = _("{host} offers no login of a kind that is known here ({kinds})")
        kinds = ", ".join(sorted(offered))[:80]
        raise Trouble(words.format(host=self.host, kinds=kinds), "inconclusive")

    def said(self, words: str) -> str:
        """What the server said, as a reason quotes it."""
        words = KNOWN.without_secrets(words)
        plain = "".join(letter if letter.isprintable() else " " for letter in words).strip()
        return _("{host} says: {words}").format(host=self.host, words=plain[:120] or "-")


@dataclass(frozen=True, slots=True, repr=False)
class MailLogin:
    """One login by SASL: PLAIN (RFC 4616), CRAM-MD5 (RFC 2195), or LOGIN, which never was more than a draft."""

    way: str
    user: str
    password: str

    @property
    def first(self) -> str:
        """What may be sent at once, without being asked; nothing where the server speaks first."""
        return _coded(f"\0{self.user}\0{self.password}".encode()) if self.way == "PLAIN" else ""

    def answer(self, asked: str, turn: int) -> str:
        """The answer to what the server asks in its turn (0, 1 …). Raises Trouble where it asks more than it may."""
        if turn >= (2 if self.way == "LOGIN" else 1):
            raise Trouble(_("the server asks more for a login than it may"))
        if self.way == "LOGIN":
            return _coded((self.user, self.password)[turn].encode())
        if self.way == "CRAM-MD5":
            import hmac

            digest = hmac.new(self.password.encode(), _decoded(asked), "md5").hexdigest()
            return _coded(f"{self.user} {digest}".encode())
        return self.first


def _coded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except ValueError:
        raise Trouble(_("the server asks for a login in a way that makes no sense")) from None
