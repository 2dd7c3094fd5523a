"""tls: an encrypted port shows a certificate that is valid, for the right name, and for long enough."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from typing import Any

from pydantic import Field

from bcp.i18n import _
from bcp.probe.base import Attempt, Remote, Result
from bcp.probe.dial import SocketStream
from bcp.probe.trouble import Trouble
from bcp.yaml.types import Line

_DAY = 86400


class Tls(Remote):
    """The certificate of a server is in order."""

    host: Line = Field(examples=["www.example.com"])
    port: int = Field(default=443, ge=1, le=65535)
    name: Line | None = Field(
        default=None,
        description="the name that the certificate must be for, if not the host",
        examples=["example.com"],
    )
    days: int = Field(default=14, ge=0, le=3650, description="for how many days it must still be valid")
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
        """Shake hands, which proves chain and name, and count the days."""
        async with SocketStream(
            attempt, self.host, self.port, attempt.shared.tls_trusting(self.trust), self.name
        ) as stream:
            certificate = stream.certificate()
            attempt.reached = True  # nobody else has a certificate that is verified for this name
        left = _days_left(certificate, attempt.shared.clock.now().timestamp())
        evidence = {"days_left": left, "until": certificate.get("notAfter"), "issuer": _issuer(certificate)}
        if left < self.days:
            raise Trouble(
                _("its certificate ends in {left} days, sooner than {days}").format(
                    left=left, days=self.days
                ),
                evidence=evidence,
            )
        return Result("up", _("the certificate is good for {left} days").format(left=left), evidence=evidence)


def _days_left(certificate: Mapping[str, Any], now: float) -> int:
    return int((ssl.cert_time_to_seconds(certificate["notAfter"]) - now) // _DAY)


def _issuer(certificate: Mapping[str, Any]) -> str:
    parts = dict(pair for group in certificate.get("issuer", ()) for pair in group)
    return str(parts.get("organizationName") or parts.get("commonName") or "")


Kind = Tls
