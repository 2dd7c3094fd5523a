"""tcp: something listens on a port, and perhaps greets with the right words."""

from __future__ import annotations

import asyncio
import socket

from pydantic import Field

from bcp.i18n import _
from bcp.probe.base import Attempt, Remote, Result
from bcp.probe.dial import connect
from bcp.probe.trouble import Trouble
from bcp.yaml.types import Host, Text

_MOST = 4096


class Tcp(Remote):
    """A connection to a port can be made."""

    host: Host = Field(description="a name or an address", examples=["mail.example.com"])
    port: int = Field(ge=1, le=65535, examples=[443])
    greets: Text | None = Field(
        default=None, description="words the other side must say first", examples=["SSH-2.0"]
    )

    def describe(self) -> str:
        """One line: what is looked at."""
        if self.greets:
            return _("connect to {host} port {port} and be greeted with “{words}”").format(
                host=self.host, port=self.port, words=self.greets
            )
        return _("connect to {host} port {port}").format(host=self.host, port=self.port)

    def targets(self) -> tuple[str, ...]:
        """The host that this looks at."""
        return (self.host,)

    async def see(self, attempt: Attempt) -> Result:
        """Connect, and read the greeting if one is wanted."""
        with await connect(attempt, self.host, self.port) as line:
            evidence = {"address": line.getpeername()[0], "port": self.port}
            if self.greets:
                attempt.doing = _("waiting for the greeting of {host}").format(host=self.host)
                await self._greeting(attempt, line)
        return Result(
            "up", _("{host} port {port} answers").format(host=self.host, port=self.port), evidence=evidence
        )

    async def _greeting(self, attempt: Attempt, line: socket.socket) -> None:
        wanted, heard = (self.greets or "").encode(), b""
        while wanted not in heard:
            piece = await asyncio.get_running_loop().sock_recv(line, _MOST)
            heard += piece
            if not piece or len(heard) > _MOST:
                attempt.reached = bool(heard)
                said = heard[:60].decode(errors="replace").strip()
                raise Trouble(
                    _("{host} greets with other words: {said}").format(host=self.host, said=said or "-")
                )


Kind = Tcp
