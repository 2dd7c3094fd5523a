"""dns: a name server knows a name, and says of it what it should."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from ipaddress import ip_address
from typing import Annotated, Literal

from pydantic import Field

from bcp.host_name import ascii_name, is_address
from bcp.i18n import _
from bcp.probe import dns_message
from bcp.probe.base import Attempt, Remote, Result
from bcp.probe.name_settings import Server
from bcp.probe.names import ask
from bcp.probe.trouble import Trouble
from bcp.yaml.types import ONE_OR_MORE, AskedName, Host, Line


class Dns(Remote):
    """A name can be looked up; the system's name servers are asked, or one that is named here."""

    name: AskedName = Field(description="the name to ask for", examples=["www.example.com"])
    type: Literal["A", "AAAA", "CNAME", "MX", "NS", "TXT"] = Field(
        default="A", description="the kind of record"
    )
    server: Host | None = Field(
        default=None,
        description="the name server to ask; the system's own where nothing is said",
        examples=["9.9.9.9"],
    )
    port: int = Field(default=53, ge=1, le=65535, description="the port of the server")
    expect: Annotated[list[Line], ONE_OR_MORE] = Field(
        default=[], description="what must be among the answers", examples=["203.0.113.7"]
    )

    def describe(self) -> str:
        """One line: who is asked for what."""
        server = self.server or _("the system's name server")
        asked = _("ask {server} for {type} of {name}").format(server=server, type=self.type, name=self.name)
        return (
            _("{asked} and be told {values}").format(asked=asked, values=", ".join(self.expect))
            if self.expect
            else asked
        )

    def targets(self) -> tuple[str, ...]:
        """The name server, if one is named."""
        return (self.server,) if self.server else ()

    async def see(self, attempt: Attempt) -> Result:
        """Ask, without remembering an earlier answer."""
        servers = await self._servers(attempt)
        attempt.doing = _("waiting for the name server {server}").format(server=self.server or servers[0][0])
        answer = await ask(servers, self.name, self.type, attempt.via)
        values = answer.values(self.type)
        evidence = {"code": answer.code, "values": values[:20]}
        wrong = self._wrong(answer.code, values)
        if wrong:
            raise Trouble(wrong, evidence=evidence)
        return Result(
            "up",
            _("{name} is {values}").format(name=self.name, values=", ".join(values[:4])),
            evidence=evidence,
        )

    async def _servers(self, attempt: Attempt) -> tuple[Server, ...]:
        if self.server:
            return tuple((address, self.port) for address in await attempt.addresses(self.server))
        servers = attempt.shared.names.servers(attempt.via)
        if not servers:
            raise Trouble(
                _("this computer does not say which name servers it uses: name one"), "inconclusive"
            )
        return servers

    def _wrong(self, code: int, values: Sequence[str]) -> str:
        if code == dns_message.NO_SUCH_NAME:
            return _("there is no such name as {name}").format(name=self.name)
        if not values:
            return _("there is no {type} for {name}").format(type=self.type, name=self.name)
        known = {self._compared(value) for value in values}
        if self.type == "MX":  # its preference may be left out
            known |= {value.split()[-1] for value in known}
        missing = [wanted for wanted in self.expect if self._compared(wanted) not in known]
        if missing:
            return _("{name} is {values}, not {wanted}").format(
                name=self.name, values=", ".join(values[:4]), wanted=", ".join(missing)
            )
        return ""

    def _compared(self, value: str) -> str:
        """A value as it is compared: an address in its one form, a name as it is sent."""
        plain = value.strip().lower().rstrip(".")
        if is_address(plain):
            return str(ip_address(plain))
        if self.type == "TXT":
            return plain
        *before, name = plain.split()
        with suppress(ValueError):
            name = ascii_name(name)
        return " ".join([*before, name])


Kind = Dns
