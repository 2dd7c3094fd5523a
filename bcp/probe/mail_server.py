"""What the probes of mail servers share: where to dial, how it is encrypted, and who logs in."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from bcp.i18n import _
from bcp.mask import KNOWN
from bcp.probe.base import Attempt, Remote
from bcp.probe.dial import SocketStream
from bcp.yaml.keyed import fail, told
from bcp.yaml.types import Host, Line, Secret

Security = Literal["tls", "starttls", "none"]


class MailProbe(Remote):
    """A mail server and, if wanted, a login."""

    host: Host = Field(examples=["mail.example.com"])
    port: int | None = Field(default=None, ge=1, le=65535)
    user: Line | None = Field(default=None, examples=["office@example.com"])
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

    def said(self, words: str) -> str:
        """What the server said, as a reason quotes it."""
        words = KNOWN.without_secrets(words)
        plain = "".join(letter if letter.isprintable() else " " for letter in words).strip()
        return _("{host} says: {words}").format(host=self.host, words=plain[:120] or "-")
