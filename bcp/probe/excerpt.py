"""The beginning of a page, as far as it proves something: that it comes, when, how much, how fast, and whose it is.

Nobody reads what it says. A page of strangers stands for "the web" here, and its server for "everybody else's".
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import SplitResult

import h11

from bcp.host_name import web_address
from bcp.i18n import _
from bcp.probe.base import Attempt
from bcp.probe.dial import BUFFER, SocketStream
from bcp.probe.http_client import fetch
from bcp.probe.trouble import Trouble

SMALL_SEGMENT = 536
"""Bytes of a TCP segment that pass any way through the internet (RFC 9293, 3.7.1)."""
_STANDSTILL = 0.6
"""The part of the time that was given to the rest of a page, after which silence is no slowness any more."""


class Transfer(NamedTuple):
    """So many bytes that followed the first piece of a page, from when to when (monotonic seconds)."""

    size: int
    began: float
    ended: float


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What came of a page; `transfer` is what followed its first piece, if anything did."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    transfer: Transfer | None = None


async def begin(
    attempt: Attempt,
    url: str,
    *,
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
    async with asyncio.timeout(limit) as patience:
        proxy = attempt.shared.proxy
        if proxy is not None and proxy.is_for(host):
            page = await fetch(attempt, url, tls=tls, follow=False)
            return Excerpt(page.status, page.headers, page.body[: most or None])
        async with SocketStream(attempt, host, port, context, segment=segment) as stream:
            attempt.doing = _("waiting for the answer of {host}").format(host=host)
            talk = h11.Connection(h11.CLIENT, max_incomplete_event_size=BUFFER)
            stream.writer.write((talk.send(_request(parts)) or b"") + (talk.send(h11.EndOfMessage()) or b""))
            reading = _Reading(stream, talk, attempt.shared.clock.monotonic)
            try:
                await reading.until(lambda: bool(reading.body))
                patience.reschedule(None)
                await reading.rest(most, seconds)
            except h11.RemoteProtocolError:
                raise Trouble(_("the answer is not HTTP")) from None
            return reading.excerpt()


async def shown_certificate(attempt: Attempt, host: str, port: int) -> bytes:
    """The certificate that is shown there, whoever it is for: unverified, as evidence (DER)."""
    anybody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    async with SocketStream(attempt, host, port, anybody) as stream:
        layer: ssl.SSLObject = stream.writer.get_extra_info("ssl_object")
        return layer.getpeercert(binary_form=True) or b""


def _request(parts: SplitResult) -> h11.Request:
    host = str(parts.hostname)
    shown = f"[{host}]" if ":" in host else host
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    named = {
        "Host": f"{shown}:{parts.port}" if parts.port else shown,
        "User-Agent": "bcp (is the line well?)",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Cache-Control": "no-cache",
        "Connection": "close",
    }
    return h11.Request(method="GET", target=target, headers=list(named.items()))


class _Reading:
    """An answer that is being read."""

    def __init__(self, stream: SocketStream, talk: h11.Connection, now: Callable[[], float]) -> None:
        self._stream, self._talk, self._now = stream, talk, now
        self._head: h11.Response | None = None
        self._is_over = False
        self._first, self._began, self._last = 0, 0.0, 0.0
        self.body = bytearray()

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
                if not self._began:
                    self._began, self._first = self._last, len(self.body)
            elif not isinstance(event, h11.InformationalResponse):
                self._is_over = True

    async def rest(self, most: int, seconds: float) -> None:
        """What else comes in so many seconds, to so many bytes. Raises TimeoutError where it stopped long ago."""
        try:
            async with asyncio.timeout(seconds):
                await self.until(lambda: len(self.body) >= most)
        except TimeoutError:
            if self._now() - self._last > seconds * _STANDSTILL:
                raise

    def excerpt(self) -> Excerpt:
        """What came."""
        if self._head is None:
            raise EOFError
        rest = len(self.body) - self._first
        transfer = Transfer(rest, self._began, self._last) if rest else None
        told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in self._head.headers}
        return Excerpt(self._head.status_code, told, bytes(self.body), transfer)
