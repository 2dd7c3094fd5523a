"""tls: a port shows a certificate that is valid and for the right name; a warning where it ends soon.

What counts is the first to end of the whole chain. A certificate that is not accepted is an outage; so is one that has
ended. Ports that begin in plain text (STARTTLS) are known by their number, or by their greeting.
"""

from __future__ import annotations

import ssl
from typing import Any

from pydantic import Field

from bcp.i18n import _
from bcp.probe.base import Attempt, Remote, Result
from bcp.probe.certificates import Certificate, shown_chain
from bcp.probe.dial import SocketStream
from bcp.probe.starttls import OF_PORT, StartTls, begin, greeted_with, is_plain_text
from bcp.probe.trouble import Trouble, explain
from bcp.yaml.types import Host, Line

_DAY = 86400


class Tls(Remote):
    """The certificate of a server is in order."""

    host: Host = Field(examples=["www.example.com"], description="the server")
    port: int = Field(default=443, ge=1, le=65535, description="its port")
    name: Host | None = Field(
        default=None,
        description="the name that the certificate must be for, if not the host",
        examples=["example.com"],
    )
    days: int = Field(
        default=14,
        ge=0,
        le=3650,
        description="a warning when it, or one that vouches for it, ends in fewer days",
    )
    starttls: StartTls | None = Field(
        default=None,
        description="the protocol in which the port begins without encryption; guessed where nothing is said",
        examples=["smtp"],
    )
    trust: Line | None = Field(
        default=None,
        description="a file with the certificates to trust instead",
        examples=["certs/router.pem"],
    )

    def describe(self) -> str:
        """One line: whose certificate, and for how long."""
        return _("see a valid certificate of {host} port {port}, good for {days} days").format(
            host=self.host, port=self.port, days=self.days
        )

    def targets(self) -> tuple[str, ...]:
        """The host that this looks at."""
        return (self.host,)

    async def see(self, attempt: Attempt) -> Result:
        """Shake hands, which proves chain and name, and count the days of the certificate that ends first."""
        chain, spoken = await self._chain(attempt)
        attempt.reached = True  # nobody else has a certificate that is verified for this name
        now = attempt.shared.clock.now().timestamp()
        first = min(chain, key=lambda each: each.until)
        left = int((first.until - now) // _DAY)
        evidence: dict[str, Any] = {"days_left": left, "until": first.until_text, "issuer": first.issuer}
        evidence["chain"] = [f"{each.name}: {each.until_text}" for each in chain]
        if spoken:
            evidence["starttls"] = spoken
        if left >= self.days:
            return Result(
                "up", _("the certificate is good for {left} days").format(left=left), evidence=evidence
            )
        if first == chain[0]:
            words = _("its certificate ends in {left} days, sooner than {days}")
        else:
            words = _(
                "the certificate of {name}, which vouches for its own, ends in {left} days, sooner than {days}"
            )
        return Result(
            "warning",
            words.format(left=left, days=self.days, name=first.name or first.issuer),
            evidence=evidence,
        )

    async def _chain(self, attempt: Attempt) -> tuple[list[Certificate], StartTls | None]:
        """What it shows, and the protocol in which it was asked to go on encrypted, if it was."""
        spoken = self.starttls or OF_PORT.get(self.port)
        if spoken is not None:
            return await self._shown(attempt, spoken), spoken
        try:
            return await self._shown(attempt, None), None
        except ssl.SSLError as error:
            if isinstance(error, ssl.SSLCertVerificationError) or not is_plain_text(error):
                raise
            spoken = await greeted_with(attempt, self.host, self.port)
            if spoken is None:
                words = _(
                    "{why}. If the port begins without encryption, say starttls: smtp, imap, pop3 or ftp"
                )
                raise Trouble(words.format(why=explain(error).reason)) from None
            return await self._shown(attempt, spoken), spoken

    async def _shown(self, attempt: Attempt, spoken: StartTls | None) -> list[Certificate]:
        trusted = attempt.shared.tls_trusting(self.trust)
        async with SocketStream(
            attempt, self.host, self.port, None if spoken else trusted, self.name
        ) as stream:
            if spoken:
                await begin(stream, attempt, self.host, spoken)
                await stream.encrypt(trusted)
            return shown_chain(
                stream.writer.get_extra_info("ssl_object"), attempt.shared.clock.now().timestamp()
            )


Kind = Tls
