"""Echo requests by ICMP (RFC 792, RFC 4443) through whichever kind of socket this computer allows.

A datagram socket needs no privilege but a kernel setting (net.ipv4.ping_group_range; in a fresh network
namespace it forbids everybody), a raw socket needs root or a capability. Windows has a call of its own for it.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Protocol

from bcp.probe.bind import bound_socket

_ECHO: dict[int, tuple[int, int]] = {socket.AF_INET: (8, 0), socket.AF_INET6: (128, 129)}  # request and reply
_IP_RECVERR, _IPV6_RECVERR = 11, 25  # Linux: errors that routers report come back on the socket
_HEAD = struct.Struct("!BBxxHH")
BETWEEN = 0.2  # seconds between two requests


class EchoNotAllowed(PermissionError):
    """This computer does not let us send echo requests."""


class EchoRequests(Protocol):
    """Requests under way; `took` fills with the seconds that each reply needed."""

    took: dict[int, float]

    async def first(self) -> float:
        """Send and receive; ends with the seconds that the first answer took."""
        ...

    async def all_of_them(self) -> dict[int, float]:
        """Send and receive; ends when every request is answered."""
        ...


@contextmanager
def echo_requests(address: str, via: str | None, count: int, patience: float) -> Iterator[EchoRequests]:
    """Requests to `address`, in the way of this system. None is waited for longer than `patience` seconds there
    where a request cannot be given up.

    Raises EchoNotAllowed, there or when they are sent.
    """
    if sys.platform == "win32":
        from bcp.probe.windows.echoes import WindowsEchoes

        yield WindowsEchoes(address, via, count, patience)
    else:
        try:
            line = open_socket(address, via)
        except PermissionError as error:
            raise EchoNotAllowed(*error.args) from None
        with line:
            yield Echoes(line, count)


def open_socket(address: str, via: str | None) -> socket.socket:
    """A socket for echo requests to `address`, connected. Raises PermissionError where none is allowed."""
    protocol = socket.IPPROTO_ICMPV6 if ":" in address else socket.IPPROTO_ICMP
    try:
        line = bound_socket(address, socket.SOCK_DGRAM, via, protocol)
    except OSError as error:
        if not _is_refusal(error):
            raise
        line = bound_socket(address, socket.SOCK_RAW, via, protocol)
    try:
        if sys.platform == "linux":
            is_six = line.family == socket.AF_INET6
            level, option = (
                (socket.IPPROTO_IPV6, _IPV6_RECVERR) if is_six else (socket.IPPROTO_IP, _IP_RECVERR)
            )
            line.setsockopt(level, option, 1)
        line.connect((address, 0))
    except OSError:
        line.close()
        raise
    return line


def _is_refusal(error: OSError) -> bool:
    """Kinds of sockets that a system does not know or not allow are no fault of the network."""
    return isinstance(error, PermissionError) or error.errno in (93, 94, 10043, 10044)


def request(family: int, number: int, sequence: int) -> bytes:
    """An echo request. The kernel puts its own id on datagram sockets and its own checksum in IPv6."""
    kind, payload = _ECHO[family][0], b"bcp" + bytes(29)
    bare = struct.pack("!BBHHH", kind, 0, 0, number, sequence) + payload
    return struct.pack("!BBHHH", kind, 0, checksum(bare), number, sequence) + payload


def checksum(data: bytes) -> int:
    """The ones' complement sum of RFC 1071."""
    padded = data + bytes(len(data) % 2)
    total: int = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def read_reply(data: bytes, family: int, number: int | None) -> int | None:
    """The sequence number of an echo reply to us, else None. Without `number` any id is ours."""
    if family == socket.AF_INET and data[:1] and data[0] >> 4 == 4:
        data = data[(data[0] & 0x0F) * 4 :]
    if len(data) < 8:
        return None
    kind, code, told, sequence = _HEAD.unpack_from(data)
    if (kind, code) != (_ECHO[family][1], 0) or (number is not None and told != number):
        return None
    return int(sequence)


class Echoes:
    """Requests under way on one socket; `took` fills with the seconds that each reply needed."""

    def __init__(self, line: socket.socket, count: int) -> None:
        self._line, self._count = line, count
        self._number = secrets.randbelow(0x10000)
        self._sent: dict[int, float] = {}
        self.took: dict[int, float] = {}

    async def first(self) -> float:
        """Send and receive; ends with the seconds that the first answer took."""
        await self._until(1)
        return next(iter(self.took.values()))

    async def all_of_them(self) -> dict[int, float]:
        """Send and receive; ends when every request is answered."""
        await self._until(self._count)
        return self.took

    async def _until(self, wanted: int) -> None:
        sending = asyncio.ensure_future(self._send())
        try:
            await self._receive(wanted)
        finally:
            sending.cancel()

    async def _send(self) -> None:
        loop = asyncio.get_running_loop()
        for sequence in range(1, self._count + 1):
            self._sent[sequence] = loop.time()
            with suppress(OSError):
                await loop.sock_sendall(self._line, request(self._line.family, self._number, sequence))
            await asyncio.sleep(BETWEEN)

    async def _receive(self, wanted: int) -> None:
        loop = asyncio.get_running_loop()
        is_raw = self._line.type == socket.SOCK_RAW
        while len(self.took) < wanted:
            data = await loop.sock_recv(self._line, 4096)
            sequence = read_reply(data, self._line.family, self._number if is_raw else None)
            if sequence in self._sent:
                self.took.setdefault(sequence, loop.time() - self._sent[sequence])
