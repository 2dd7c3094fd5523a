"""What a web server answered, read byte by byte with a bound on all of it, and why there is none."""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import h11

from bcp.i18n import _
from bcp.probe.base import Attempt
from bcp.probe.dial import BUFFER, SocketStream
from bcp.probe.trouble import Trouble

MOST_BODY = 1 << 20
_SETTINGS = b"\x04"  # the kind of the frame with which HTTP/2 begins (RFC 9113 §3.4)


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """What a web server answered.

    `body` is unpacked, and a megabyte at most (`is_cut`). It is empty if it was not wanted, or if we cannot unpack it:
    `packing` names the kind then. `is_broken`: the connection ended before the page did. `proxy` is the one that it
    came through, and then `address` is that of the proxy.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    is_cut: bool
    address: str
    is_broken: bool = False
    packing: str = ""
    proxy: str = ""


class NoHttpHere(Trouble):
    """The other side took the connection and did not answer in HTTP/1.1."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """Status and headers as they came, and as much of the body as was wanted."""

    status: int
    version: bytes
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes = b""
    is_cut: bool = False
    is_broken: bool = False

    def all_of(self, name: bytes) -> list[str]:
        """The values of all headers of a name (in small letters)."""
        return [value.decode("latin-1") for key, value in self.headers if key == name]

    def page(self, url: str, address: str, proxy: str = "") -> FetchedPage:
        """As somebody asks for it who wants to know what it says."""
        told = {name.decode("latin-1"): value.decode("latin-1") for name, value in self.headers}
        encoding = told.get("content-encoding", "") if self.body else ""
        if not encoding:
            return FetchedPage(
                url, self.status, told, self.body, self.is_cut, address, self.is_broken, proxy=proxy
            )
        from bcp.probe.packed import unpacked

        plain = unpacked(self.body, encoding, MOST_BODY)
        cut = self.is_cut or plain.is_cut
        broken = self.is_broken or (plain.is_torn and not self.is_cut)
        return FetchedPage(url, self.status, told, plain.body, cut, address, broken, plain.packing, proxy)


async def talk(stream: SocketStream, request: h11.Request, want_body: bool) -> HttpAnswer:
    """Send the request and read the answer. Raises EOFError where none comes, NoHttpHere for anything that is none."""
    line = h11.Connection(h11.CLIENT, max_incomplete_event_size=BUFFER)
    stream.writer.write((line.send(request) or b"") + (line.send(h11.EndOfMessage()) or b""))
    head: h11.Response | None = None
    body, first, is_broken = bytearray(), b"", False
    try:
        while True:
            event = line.next_event()
            if event is h11.NEED_DATA:
                piece = await stream.reader.read(BUFFER)
                first = first or piece
                line.receive_data(piece)
            elif isinstance(event, h11.Response):
                head = event
                if not want_body:
                    break
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > MOST_BODY:
                    break
            elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed) or event is h11.PAUSED:
                break
    except h11.RemoteProtocolError:
        if head is None:
            if not first:
                raise EOFError from None
            raise _no_http(first) from None
        is_broken = True
    if head is None:
        raise EOFError
    cut = len(body) > MOST_BODY
    headers = list(head.headers)
    return HttpAnswer(head.status_code, head.http_version, headers, bytes(body[:MOST_BODY]), cut, is_broken)


def _no_http(first: bytes) -> Trouble:
    if first[3:9] == _SETTINGS + first[4:5] + bytes(4):
        return only_http_2()
    if first.startswith(b"HTTP/1."):
        return NoHttpHere(_("its answer breaks the rules of HTTP, so it cannot be read"))
    return NoHttpHere(_("the answer is not HTTP"))


def unreadable(page: FetchedPage) -> Trouble:
    """What is said of a page that its server packed in a way of which we asked for none and know none."""
    words = _("its server sends the page packed as {packing}, which was not asked for and cannot be read")
    return Trouble(words.format(packing=page.packing), "inconclusive")


def only_http_2() -> Trouble:
    """What is said of a server that has no HTTP/1.1: nobody looked at its page."""
    words = _("it speaks HTTP/2 only, and checks speak HTTP/1.1: use tls: or tcp: instead of http:")
    return Trouble(words, "inconclusive")


async def speaks_only_http_2(attempt: Attempt, host: str, port: int) -> bool:
    """Whether a server chooses HTTP/2 where that is offered alone, and refuses HTTP/1.1 where that is."""
    return await _chooses(attempt, host, port, "h2") and not await _chooses(attempt, host, port, "http/1.1")


async def _chooses(attempt: Attempt, host: str, port: int, protocol: str) -> bool:
    offer = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Who it is was proved before; here nothing is asked of it but which languages it knows.
    offer.check_hostname, offer.verify_mode = False, ssl.CERT_NONE
    offer.set_alpn_protocols([protocol])
    try:
        async with SocketStream(attempt, host, port, offer) as stream:
            layer: ssl.SSLObject = stream.writer.get_extra_info("ssl_object")
            return layer.selected_alpn_protocol() == protocol
    except (OSError, EOFError, Trouble):
        return False
