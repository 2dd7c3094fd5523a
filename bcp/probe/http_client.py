"""One HTTP request for a look: h11 over a stream of our own, with everything bounded.

h11 and not httpx, because a look needs a socket bound before it connects (httpx sets its options after), no
pool to search, and little CPU: 0.3 s per 1,000 looks, against 0.75 to 1.0 with one shared httpx client.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import h11

from bcp.i18n import _
from bcp.outside import PUBLIC_HEADERS
from bcp.private_address import is_inside
from bcp.probe.base import Attempt
from bcp.probe.dial import BUFFER, SocketStream
from bcp.probe.trouble import Trouble

MOST_BODY = 1 << 20
MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ALWAYS = {
    "User-Agent": "bcp",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Cache-Control": "no-cache",
    "Connection": "close",
}


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """What a web server answered; `body` is empty if it was not wanted, and a megabyte at most."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    is_cut: bool
    address: str


@lru_cache(maxsize=4096)
def web_address(text: str) -> SplitResult:
    """The parts of an http or https address. Raises ValueError with a sentence for anything else."""
    try:
        parts = urlsplit(text)
        well = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        well = False
    if not well or any(letter.isspace() or not letter.isprintable() for letter in text):
        raise ValueError('expected a web address such as "https://www.example.com/"')
    if parts.username or parts.password:
        raise ValueError("expected a web address without a name and password in it")
    return parts


@dataclass(frozen=True, slots=True)
class _Wanted:
    url: str
    method: str
    headers: Mapping[str, str | bytes]
    body: bool
    may_be_inside: bool = True


async def fetch(
    attempt: Attempt,
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str | bytes] | None = None,
    tls: ssl.SSLContext | None = None,
    want_body: bool = True,
    follow: bool = True,
) -> FetchedPage:
    """The page at `url` after its redirects. Raises Trouble, OSError or ValueError where there is none.

    A page of the internet may send a look to no address inside a private network, which an office's own page may. Where
    a login page does that, its answer would else be taken for the page.
    """
    wanted = _Wanted(url, method, headers or {}, want_body)
    for _hop in range(MOST_REDIRECTS + 1):
        attempt.reached = False
        page = await _once(attempt, wanted, tls)
        attempt.reached = True
        target = page.headers.get("location")
        if not follow or page.status not in _REDIRECTS or not target:
            return page
        wanted = _sent_on(wanted, _next(wanted.url, target), is_inside(page.address))
    raise Trouble(_("it redirects more than {count} times").format(count=MOST_REDIRECTS))


def _sent_on(wanted: _Wanted, url: str, from_inside: bool) -> _Wanted:
    """The next request. Another server gets nothing that was meant for the first one."""
    headers = wanted.headers
    if _server(url) != _server(wanted.url):
        headers = {name: value for name, value in headers.items() if name.lower() in PUBLIC_HEADERS}
    return replace(wanted, url=url, headers=headers, may_be_inside=wanted.may_be_inside and from_inside)


def _server(url: str) -> tuple[str, str | None, int]:
    parts = web_address(url)
    return parts.scheme, parts.hostname, _port(parts)


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _next(url: str, target: str) -> str:
    try:
        found = urljoin(url, target)
        web_address(found)
    except ValueError:
        raise Trouble(_("it redirects to something that is no web address")) from None
    return found


async def _once(attempt: Attempt, wanted: _Wanted, tls: ssl.SSLContext | None) -> FetchedPage:
    parts = web_address(wanted.url)
    host = str(parts.hostname)
    context = (tls or attempt.shared.tls) if parts.scheme == "https" else None
    if not wanted.may_be_inside:
        _outside(await attempt.addresses(host))
    async with SocketStream(attempt, host, _port(parts), context) as stream:
        if not wanted.may_be_inside:
            # The name may have been looked up once more, with another answer.
            _outside([stream.address])
        attempt.doing = _("waiting for the answer of {host}").format(host=host)
        return await _talk(stream, wanted, _request(parts, wanted))


def _outside(addresses: Iterable[str]) -> None:
    """Raises Trouble where one of the addresses is inside a private network, and a page of the internet led there."""
    inside = next(filter(is_inside, addresses), None)
    if inside is not None:
        words = _("it redirects into a private network ({address}), perhaps to a login page")
        raise Trouble(words.format(address=inside))


def _request(parts: SplitResult, wanted: _Wanted) -> h11.Request:
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~") + (
        f"?{quote(parts.query, safe='/%:@!$&()*+,;=~?')}" if parts.query else ""
    )
    host = str(parts.hostname)
    shown = f"[{host}]" if ":" in host else host.encode("ascii" if host.isascii() else "idna").decode()
    address = f"{shown}:{parts.port}" if parts.port else shown
    named: dict[str, str | bytes] = {"Host": address, **_ALWAYS, **wanted.headers}
    try:
        headers = [
            (name.encode("ascii"), value if isinstance(value, bytes) else value.encode("ascii"))
            for name, value in named.items()
        ]
        return h11.Request(method=wanted.method, target=target, headers=headers)
    except (h11.LocalProtocolError, UnicodeError):
        raise Trouble(_("these headers cannot be sent"), "inconclusive") from None


async def _talk(stream: SocketStream, wanted: _Wanted, request: h11.Request) -> FetchedPage:
    talk = h11.Connection(h11.CLIENT, max_incomplete_event_size=BUFFER)
    stream.writer.write((talk.send(request) or b"") + (talk.send(h11.EndOfMessage()) or b""))
    head: h11.Response | None = None
    body = bytearray()
    try:
        while True:
            event = talk.next_event()
            if event is h11.NEED_DATA:
                talk.receive_data(await stream.reader.read(BUFFER))
            elif isinstance(event, h11.Response):
                head = event
                if not wanted.body:
                    break
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > MOST_BODY:
                    break
            elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
                break
    except h11.RemoteProtocolError as error:
        if head is None:
            raise Trouble(_broken(error)) from None
    if head is None:
        raise EOFError
    told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in head.headers}
    cut = len(body) > MOST_BODY
    return FetchedPage(wanted.url, head.status_code, told, bytes(body[:MOST_BODY]), cut, stream.address)


def _broken(error: h11.RemoteProtocolError) -> str:
    if "closed connection" in str(error):
        return _("the connection was closed before the answer was complete")
    return _("the answer is not HTTP")
