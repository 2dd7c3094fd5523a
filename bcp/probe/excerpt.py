"""The beginning of a page, as far as it proves something: that it comes, when, how much, how fast, and whose it is.

Nobody reads what it says. A page of strangers stands for "the web" here, and its server for "everybody else's".
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Literal
from urllib.parse import SplitResult

import h11

from bcp.host_name import ascii_name, web_address
from bcp.i18n import _
from bcp.probe.base import Attempt
from bcp.probe.dial import BUFFER, SocketStream
from bcp.probe.http_client import fetch
from bcp.probe.transfer import Excerpt, Transfer
from bcp.probe.trouble import Trouble

_STANDSTILL = 0.6
"""The part of the time that was given to the rest of a page, after which silence is no slowness any more."""
_SEVERAL_PACKETS, _FIRST_PACKETS = 4_000, 14_600
"""Bytes: more than a head and what encryption adds; what a server sends before anything is answered (RFC 6928)."""
_ROUNDS_OF_A_GREETING = 3
"""A name, a connection and its encryption take that many packets and answers."""
_BYTES_RECEIVED = 128
"""Where the count stands in struct tcp_info of linux/tcp.h."""


async def begin(
    attempt: Attempt,
    url: str,
    *,
    method: Literal["GET", "HEAD"] = "GET",
    tls: ssl.SSLContext | None = None,
    most: int = 0,
    limit: float = 2.0,
    seconds: float = 0.0,
    segment: int | None = None,
) -> Excerpt:
    """The head of the answer at `url` and at most `most` bytes of its body.

    The first piece of the body, or an answer without one, must be there within `limit` seconds, the rest may take
    `seconds` more: what has come by then is given, unless nothing more had come for a long while. `segment` is the most
    bytes that a packet of either side may hold. Raises Trouble, OSError (TimeoutError) or EOFError; redirects are not
    followed. Through a proxy nothing is told of rate and size.
    """
    parts = web_address(url)
    host, is_encrypted = str(parts.hostname), parts.scheme == "https"
    port = parts.port or (443 if is_encrypted else 80)
    context = (tls or attempt.shared.tls) if is_encrypted else None
    proxy, now = attempt.shared.proxy, attempt.shared.clock.monotonic
    if proxy is not None and proxy.is_for(host):
        async with asyncio.timeout(limit + seconds):
            page = await fetch(attempt, url, method=method, tls=tls, follow=False)
        return Excerpt(page.status, page.headers, page.body[: most or None], address=page.address)
    began, until = now(), asyncio.get_running_loop().time() + limit
    async with AsyncExitStack() as stack:
        async with asyncio.timeout_at(until):
            stream = await stack.enter_async_context(
                SocketStream(attempt, host, port, context, segment=segment)
            )
        attempt.doing = _("waiting for the answer of {host}").format(host=host)
        reading = _Reading(stream, now, (now() - began) / _ROUNDS_OF_A_GREETING)
        reading.ask(_request(parts, method))
        return await reading.excerpt(until, most, seconds)


async def shown_certificate(attempt: Attempt, host: str, port: int) -> bytes:
    """The certificate that is shown there, whoever it is for: unverified, as evidence (DER)."""
    anybody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    async with SocketStream(attempt, host, port, anybody) as stream:
        layer: ssl.SSLObject = stream.writer.get_extra_info("ssl_object")
        return layer.getpeercert(binary_form=True) or b""


def _request(parts: SplitResult, method: str) -> h11.Request:
    host = str(parts.hostname)
    shown = f"[{host}]" if ":" in host else ascii_name(host)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    named = {
        "Host": f"{shown}:{parts.port}" if parts.port else shown,
        "User-Agent": "bcp-office",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Cache-Control": "no-cache",
        "Connection": "close",
    }
    return h11.Request(method=method, target=target, headers=list(named.items()))


class _Reading:
    """An answer that is being read; `turn` is how long a packet and its answer are under way."""

    def __init__(self, stream: SocketStream, now: Callable[[], float], turn: float) -> None:
        self._stream, self._now, self._turn = stream, now, turn
        self._talk = h11.Connection(h11.CLIENT, max_incomplete_event_size=BUFFER)
        self._head: h11.Response | None = None
        self._is_over = self._has_all = False
        self._asked, self._before, self._last = 0.0, 0, 0.0
        self.body = bytearray()

    def ask(self, request: h11.Request) -> None:
        """Send the request."""
        talk, self._asked, self._before = self._talk, self._now(), received(self._stream)
        self._stream.writer.write((talk.send(request) or b"") + (talk.send(h11.EndOfMessage()) or b""))

    async def until(self, is_enough: Callable[[], bool]) -> None:
        """Read until it is enough, or until there is no more."""
        while not self._is_over and not is_enough():
            event = self._talk.next_event()
            if event is h11.NEED_DATA:
                self._talk.receive_data(await self._stream.reader.read(BUFFER))
            elif isinstance(event, h11.Response):
                self._head = event
            elif isinstance(event, h11.Data):
                self.body += event.data
                self._last = self._now()
            elif not isinstance(event, h11.InformationalResponse):
                self._is_over = True

    async def rest(self, most: int, seconds: float) -> None:
        """What else comes in so many seconds, to so many bytes. Raises TimeoutError where it stopped long ago."""
        try:
            async with asyncio.timeout(seconds):
                await self.until(lambda: len(self.body) >= most)
            self._has_all = bool(self.body)
        except TimeoutError:
            if self._now() - self._last > seconds * _STANDSTILL and not self.is_flowing:
                raise

    @property
    def _size(self) -> int:
        return max(len(self.body), received(self._stream) - self._before)

    @property
    def is_flowing(self) -> bool:
        """Whether packets of full size came, although the page is not there yet: it is slow, and not stuck."""
        return self._size > _SEVERAL_PACKETS

    async def excerpt(self, until: float, most: int, seconds: float) -> Excerpt:
        """What comes of the body: something `until` then (of the loop), and what comes in `seconds` after it."""
        try:
            async with asyncio.timeout_at(until):
                await self.until(lambda: bool(self.body))
            await self.rest(most, seconds)
        except h11.RemoteProtocolError:
            raise Trouble(_("the answer is not HTTP")) from None
        except TimeoutError:
            if not self.is_flowing:
                raise
        if self._head is None and not self.is_flowing:
            raise EOFError
        return self._told()

    def _told(self) -> Excerpt:
        headers = self._head.headers if self._head else []
        told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}
        ended = self._last if self._has_all else self._now()
        rounds = max(1, (self._size // _FIRST_PACKETS + 1).bit_length())
        transfer = Transfer(self._size, self._asked, ended, rounds * self._turn)
        status = self._head.status_code if self._head else 0
        return Excerpt(status, told, bytes(self.body), transfer, self._stream.address)


def received(stream: SocketStream) -> int:
    """The bytes that have come over a connection, encrypted as they are; 0 where the system does not tell (tcp(7))."""
    if sys.platform != "linux":
        return 0
    line = stream.writer.get_extra_info("socket")
    told: bytes = line.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _BYTES_RECEIVED + 8)
    return struct.unpack_from("=Q", told, _BYTES_RECEIVED)[0] if len(told) >= _BYTES_RECEIVED + 8 else 0
