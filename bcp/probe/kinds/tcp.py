"""tcp: something listens on a port, and perhaps greets with the right words."""

from __future__ import annotations

import asyncio
import socket
from functools import partial
from typing import Annotated

from pydantic import Field

from bcp.host_name import is_address
from bcp.i18n import _
from bcp.probe.base import Attempt, Remote, Result
from bcp.probe.dial import NEXT_ADDRESS, connect
from bcp.probe.race import first
from bcp.probe.route import source_to
from bcp.probe.trouble import Trouble
from bcp.yaml.types import ONE_OR_MORE, Host, Text

_MOST = 4096


class Tcp(Remote):
    """A connection to a port can be made; of several hosts, to one that this computer knows a way to."""

    host: Annotated[list[Host], ONE_OR_MORE] = Field(
        min_length=1,
        description="a name or an address, or a list of them of which one must answer",
        examples=["mail.example.com"],
    )
    port: int = Field(ge=1, le=65535, examples=[443], description="the port that must be open")
    greets: Text | None = Field(
        default=None, description="words the other side must say first", examples=["SSH-2.0"]
    )

    def describe(self) -> str:
        """One line: what is looked at."""
        if self.greets:
            return _("connect to {host} port {port} and be greeted with “{words}”").format(
                host=self._hosts(), port=self.port, words=self.greets
            )
        return _("connect to {host} port {port}").format(host=self._hosts(), port=self.port)

    def _hosts(self) -> str:
        return _(" or ").join(self.host)

    def targets(self) -> tuple[str, ...]:
        """The hosts that this looks at."""
        return tuple(self.host)

    async def see(self, attempt: Attempt) -> Result:
        """Connect, and read the greeting if one is wanted."""
        with await self._connected(attempt) as line:
            address = line.getpeername()[0]
            told = address if len(self.host) > 1 else self.host[0]
            if self.greets:
                attempt.doing = _("waiting for the greeting of {host}").format(host=told)
                await self._greeting(attempt, line, told)
        evidence = {"address": address, "port": self.port}
        return Result(
            "up", _("{host} port {port} answers").format(host=told, port=self.port), evidence=evidence
        )

    async def _connected(self, attempt: Attempt) -> socket.socket:
        """A connection to the first host that answers, among those to which there is a way: IPv6 is not everywhere."""
        if len(self.host) == 1:
            return await connect(attempt, self.host[0], self.port)
        known = [each for each in self.host if not is_address(each) or source_to(each, attempt.via)]
        ways = [partial(connect, attempt, each, self.port) for each in known or self.host[:1]]
        return await first(ways, NEXT_ADDRESS, socket.socket.close)

    async def _greeting(self, attempt: Attempt, line: socket.socket, host: str) -> None:
        wanted, heard = (self.greets or "").encode(), b""
        while wanted not in heard:
            piece = await asyncio.get_running_loop().sock_recv(line, _MOST)
            heard += piece
            if not piece or len(heard) > _MOST:
                attempt.reached = bool(heard)
                said = heard[:60].decode(errors="replace").strip()
                raise Trouble(_("{host} greets with other words: {said}").format(host=host, said=said or "-"))


Kind = Tcp
