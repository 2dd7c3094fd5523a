"""Dialling: a TCP connection for a look, over the line it is bound to, with TLS if wanted."""

from __future__ import annotations

import asyncio
import socket
import ssl
from functools import partial

from bcp.probe._bind import bound_socket
from bcp.probe._race import first
from bcp.probe.base import Attempt
from bcp.tongue import _

NEXT_ADDRESS = 0.25  # seconds until the next address is tried beside the first (RFC 8305)
MOST_ADDRESSES = 4
BUFFER = 1 << 16


async def connect(attempt: Attempt, host: str, port: int) -> socket.socket:
    """A connected socket to the first of the addresses of `host` that answers."""
    addresses = await attempt.addresses(host)
    attempt.doing = _("connecting to {host} port {port}").format(host=host, port=port)
    ways = [partial(_connect, each, port, attempt.via) for each in addresses[:MOST_ADDRESSES]]
    return await first(ways, NEXT_ADDRESS, socket.socket.close)


async def _connect(address: str, port: int, via: str | None) -> socket.socket:
    line = bound_socket(address, socket.SOCK_STREAM, via)
    try:
        await asyncio.get_running_loop().sock_connect(line, (address, port))
    except BaseException:
        line.close()
        raise
    return line


class Stream:
    """A conversation over one connection: reader, writer, and the end of it whatever happens."""

    def __init__(self, attempt: Attempt, host: str, port: int, tls: ssl.SSLContext | None = None) -> None:
        self._attempt, self._host, self._port, self._tls = attempt, host, port, tls
        self.address = ""

    async def __aenter__(self) -> Stream:
        line = await connect(self._attempt, self._host, self._port)
        self.address = str(line.getpeername()[0])
        try:
            if self._tls:
                self._attempt.doing = _("agreeing on encryption with {host}").format(host=self._host)
            self.reader, self.writer = await asyncio.open_connection(
                sock=line, limit=BUFFER, ssl=self._tls, server_hostname=self._host if self._tls else None
            )
        except BaseException:
            line.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.transport.abort()

    @property
    def certificate(self) -> bytes | None:
        """The certificate that the other side showed, as DER."""
        layer = self.writer.get_extra_info("ssl_object")
        return layer.getpeercert(binary_form=True) if layer else None
