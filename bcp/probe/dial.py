"""Dialling: a TCP connection for a look, over the line it is bound to, with TLS if wanted."""

from __future__ import annotations

import asyncio
import socket
import ssl
from functools import partial

from bcp.host_name import ascii_name, is_address
from bcp.i18n import _
from bcp.probe.base import Attempt
from bcp.probe.bind import bound_socket, family
from bcp.probe.public import TWINS
from bcp.probe.race import first
from bcp.probe.route import source_to
from bcp.probe.trouble import Trouble

NEXT_ADDRESS = 0.25  # seconds until the next address is tried beside the first (RFC 8305)
MOST_ADDRESSES = 4
BUFFER = 1 << 16


async def connect(attempt: Attempt, host: str, port: int, segment: int | None = None) -> socket.socket:
    """A connected socket to the first of the addresses of `host` that answers; `segment`: see `small_segments`.

    Where this computer speaks both families, those of the other one are asked for when the first ones are late or
    fail: what is well costs one question. Raises what the first ones raised where the others fail, too.
    """
    addresses = await attempt.addresses(host)
    attempt.doing = _("connecting to {host} port {port}").format(host=host, port=port)
    if host in TWINS and source_to(host, attempt.via) is None and source_to(TWINS[host], attempt.via):
        addresses = [TWINS[host]]
    if attempt.shared.names.has_both_families(attempt.via) and not is_address(host):
        line = await _of_both_families(attempt, host, addresses, port, segment)
    else:
        line = await _any_of(addresses, port, attempt.via, segment)
    attempt.stage = "conversation"
    return line


async def _of_both_families(
    attempt: Attempt, host: str, addresses: list[str], port: int, segment: int | None
) -> socket.socket:
    failures: list[OSError] = []

    async def usual() -> socket.socket:
        try:
            return await _any_of(addresses, port, attempt.via, segment)
        except OSError as error:
            failures.append(error)
            raise

    async def other() -> socket.socket:
        found = await attempt.shared.names.of_the_other_family(host, addresses, attempt.via)
        try:
            if found:
                return await _any_of(found, port, attempt.via, segment)
        except OSError:
            if not failures:
                raise
        while not failures:  # the usual ones may still answer; the look has the time-out
            await asyncio.sleep(NEXT_ADDRESS)
        raise failures[0]

    line = await first([usual, other], NEXT_ADDRESS, socket.socket.close)
    if family(addresses[0]) != line.family:
        one, another = ("IPv4", "IPv6") if line.family == socket.AF_INET6 else ("IPv6", "IPv4")
        attempt.note = _("it answered over {other}, not over {one}").format(one=one, other=another)
    return line


async def _any_of(addresses: list[str], port: int, via: str | None, segment: int | None) -> socket.socket:
    ways = [partial(_connect, each, port, via, segment) for each in addresses[:MOST_ADDRESSES]]
    return await first(ways, NEXT_ADDRESS, socket.socket.close)


async def _connect(address: str, port: int, via: str | None, segment: int | None) -> socket.socket:
    line = bound_socket(address, socket.SOCK_STREAM, via)
    try:
        if segment:
            small_segments(line, segment)
        await asyncio.get_running_loop().sock_connect(line, (address, port))
    except BaseException:
        line.close()
        raise
    return line


def small_segments(line: socket.socket, most: int) -> None:
    """Let neither side send packets of more than so many bytes; to be said before the socket is connected.

    Where the system lets nobody say that (Windows), a small window does it: nobody sends more than fits in.
    """
    try:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, most)
    except (OSError, AttributeError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2 * most)


class SocketStream:
    """A conversation over one connection: reader, writer, and the end of it whatever happens."""

    def __init__(
        self,
        attempt: Attempt,
        host: str,
        port: int,
        tls: ssl.SSLContext | None = None,
        name: str | None = None,
        *,
        segment: int | None = None,
    ) -> None:
        self._attempt, self._host, self._port, self._tls = attempt, host, port, tls
        self._name, self._segment = ascii_name(name or host).removesuffix("."), segment
        self.address = ""

    async def __aenter__(self) -> SocketStream:
        line = await connect(self._attempt, self._host, self._port, self._segment)
        self.address = str(line.getpeername()[0])
        try:
            if self._tls:
                self._attempt.doing = _("agreeing on encryption with {host}").format(host=self._host)
            self.reader, self.writer = await asyncio.open_connection(
                sock=line, limit=BUFFER, ssl=self._tls, server_hostname=self._name if self._tls else None
            )
        except BaseException:
            line.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.transport.abort()

    async def line(self) -> str:
        """The next line, without its end. Raises EOFError at the end, Trouble for a line that never ends."""
        try:
            raw = await self.reader.readline()
        except ValueError:
            raise Trouble(_("it sends a line that never ends")) from None
        if not raw.endswith(b"\n"):
            raise EOFError
        self._attempt.reached = True
        return raw.decode("utf-8", errors="replace").rstrip("\r\n")

    def say(self, text: str) -> None:
        """Send one line."""
        self.writer.write(text.encode() + b"\r\n")

    async def encrypt(self, tls: ssl.SSLContext) -> None:
        """Go on encrypted (STARTTLS)."""
        self._attempt.doing = _("agreeing on encryption with {host}").format(host=self._host)
        await self.writer.start_tls(tls, server_hostname=self._name)
