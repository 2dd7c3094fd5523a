"""One HTTP request for a look: h11 over a stream of our own, with everything bounded.

h11 and not httpx, because a look needs a socket bound before it connects (httpx sets its options after), no
pool to search, and little CPU: 0.3 s per 1,000 looks, against 0.75 to 1.0 with one shared httpx client.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal
from urllib.parse import SplitResult, quote, urljoin

import h11

from bcp.host_name import ascii_name, web_address
from bcp.i18n import _
from bcp.office.proxy import Proxy
from bcp.outside import PUBLIC_HEADERS
from bcp.private_address import is_inside
from bcp.probe.base import Attempt
from bcp.probe.cookies import Cookies
from bcp.probe.dial import SocketStream
from bcp.probe.http_answer import (
    FetchedPage,
    HttpAnswer,
    NoHttpHere,
    only_http_2,
    speaks_only_http_2,
    talk,
)
from bcp.probe.trouble import Trouble

MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ALWAYS = {
    "User-Agent": "bcp",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Cache-Control": "no-cache",
    "Connection": "close",
}
_IN_PATH, _IN_QUERY = "/%:@!$&'()*+,;=~", "/%:@!$&()*+,;=~?"


@dataclass(frozen=True, slots=True)
class _Wanted:
    url: str
    method: str
    headers: Mapping[str, str | bytes]
    body: bool
    proxy: Proxy | Literal["no"] | None
    may_be_inside: bool = True
    cookies: Cookies | None = None

    def request(self, known_as: Mapping[str, str] | None = None) -> h11.Request:
        """What is sent to the server; to a proxy that knows us by these headers, with the whole address."""
        if not self.headers and self.cookies is None and known_as is None:
            return _plain_request(self.url, self.method)
        sent = (*self.headers.items(), *(known_as or {}).items())
        if self.cookies is not None:
            parts = web_address(self.url)
            given = self.cookies.header(
                ascii_name(str(parts.hostname)), parts.path, is_safe=parts.scheme == "https"
            )
            own = [value for name, value in sent if name.lower() == "cookie"]
            both = b"; ".join(filter(None, (*map(_sendable, own), given.encode("latin-1"))))
            sent = (*sent, ("Cookie", both)) if both else sent
        return _request(self.url, self.method, sent, by_proxy=known_as is not None)


@dataclass(frozen=True, slots=True)
class _Way:
    """How one page is asked for: the parts of its address, the encryption, and the proxy if there is one."""

    parts: SplitResult
    tls: ssl.SSLContext | None
    proxy: Proxy | None

    @property
    def host(self) -> str:
        return str(self.parts.hostname)

    @property
    def port(self) -> int:
        return _port(self.parts)


async def fetch(
    attempt: Attempt,
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str | bytes] | None = None,
    tls: ssl.SSLContext | None = None,
    want_body: bool = True,
    follow: bool = True,
    proxy: Proxy | Literal["no"] | None = None,
) -> FetchedPage:
    """The page at `url` after its redirects. Raises Trouble, OSError or ValueError where there is none.

    A page of the internet may send a look to no address inside a private network, which an office's own page may. Where
    a login page does that, its answer would else be taken for the page. It comes through `proxy`; where none is named,
    through that of the office, if it is for this page and the look is not bound to one line.
    """
    wanted = _Wanted(url, method, headers or {}, want_body, proxy)
    for _hop in range(MOST_REDIRECTS + 1):
        attempt.reached = False
        way = _way(attempt, wanted, tls)
        answer, address = await _once(attempt, wanted, way)
        attempt.reached = True
        is_moved = follow and answer.status in _REDIRECTS
        target = next(iter(answer.all_of(b"location")), "") if is_moved else ""
        if not target:
            return answer.page(wanted.url, address, way.proxy.shown if way.proxy else "")
        cookies = wanted.cookies or Cookies()
        told, now = answer.all_of(b"set-cookie"), attempt.shared.clock.now()
        cookies.keep(told, ascii_name(way.host), way.parts.path, now)
        is_from_inside = way.proxy is None and is_inside(address)
        wanted = _sent_on(replace(wanted, cookies=cookies), _next(wanted.url, target), is_from_inside)
    raise Trouble(_("it redirects more than {count} times").format(count=MOST_REDIRECTS))


def _way(attempt: Attempt, wanted: _Wanted, tls: ssl.SSLContext | None) -> _Way:
    parts = web_address(wanted.url)
    context = (tls or attempt.shared.tls) if parts.scheme == "https" else None
    proxy = attempt.shared.proxy if wanted.proxy is None else wanted.proxy
    if proxy == "no" or proxy is None:
        return _Way(parts, context, None)
    # A line of one's own is looked at without what the office has put before its usual one.
    is_meant = proxy is wanted.proxy or (attempt.via is None and proxy.is_for(str(parts.hostname)))
    return _Way(parts, context, proxy if is_meant else None)


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
    """Where a redirect leads, read as browsers do: with letters of every alphabet, and with spaces in its path."""
    raw = target.strip().replace("\t", "").encode("latin-1")
    try:
        text = raw.decode()
    except UnicodeDecodeError:  # in an encoding that nobody names: the very same bytes go back
        text = quote(raw, safe=bytes(range(0x21, 0x7F)))
    try:
        found = urljoin(url, text)
        start = found.find("/", found.find("//") + 2)
        if start > 0:
            found = found[:start] + "".join(map(_in_path, found[start:]))
        web_address(found)
    except ValueError:
        raise Trouble(_("it redirects to something that is no web address")) from None
    return found


def _in_path(letter: str) -> str:
    return letter if letter.isprintable() and not letter.isspace() else quote(letter)


async def _once(attempt: Attempt, wanted: _Wanted, way: _Way) -> tuple[HttpAnswer, str]:
    """What the server says, and the address of whom we talked to."""
    if way.proxy is not None:
        return await _by_proxy(attempt, wanted, way, way.proxy)
    if not wanted.may_be_inside:
        _outside(await attempt.addresses(way.host))
    try:
        async with SocketStream(attempt, way.host, way.port, way.tls) as stream:
            if not wanted.may_be_inside:
                # The name may have been looked up once more, with another answer.
                _outside([stream.address])
            attempt.doing = _("waiting for the answer of {host}").format(host=way.host)
            answer = await talk(stream, wanted.request(), wanted.body)
    except (NoHttpHere, EOFError, ssl.SSLError, ConnectionError) as error:
        if _may_want_http_2(error) and await _wants_http_2(attempt, way):
            raise only_http_2() from None
        raise
    # Node.js says it with 403 in HTTP/1.0, others by a status that is meant for it.
    is_strange = answer.status in (426, 505) or (answer.status, answer.version) == (403, b"1.0")
    if is_strange and await _wants_http_2(attempt, way):
        raise only_http_2()
    return answer, stream.address


def _may_want_http_2(error: Exception) -> bool:
    return not isinstance(error, ssl.SSLError) or "NO_APPLICATION_PROTOCOL" in (error.reason or "")


async def _wants_http_2(attempt: Attempt, way: _Way) -> bool:
    return way.tls is not None and await speaks_only_http_2(attempt, way.host, way.port)


async def _by_proxy(attempt: Attempt, wanted: _Wanted, way: _Way, proxy: Proxy) -> tuple[HttpAnswer, str]:
    """The same through a proxy: an encrypted page inside a tunnel, any other asked for by its whole address."""
    from bcp.probe import through_proxy

    known_as = through_proxy.login(proxy, attempt.shared.secret)
    async with through_proxy.connection(attempt, proxy, way.host) as stream:
        if way.tls is not None:
            await through_proxy.tunnel(stream, proxy, f"{_sent_host(way.parts)}:{way.port}", known_as)
            await stream.encrypt(way.tls)
            attempt.doing = _("waiting for the answer of {host}").format(host=way.host)
            return await talk(stream, wanted.request(), wanted.body), stream.address
        request = wanted.request(known_as)
        answer = await through_proxy.asked(stream, proxy, request, wanted.body)
        if through_proxy.is_by_proxy(answer):
            raise through_proxy.refused(proxy, way.host, answer, is_known=bool(known_as))
        return answer, stream.address


def _outside(addresses: Iterable[str]) -> None:
    """Raises Trouble where one of the addresses is inside a private network, and a page of the internet led there."""
    inside = next(filter(is_inside, addresses), None)
    if inside is not None:
        words = _("it redirects into a private network ({address}), perhaps to a login page")
        raise Trouble(words.format(address=inside))


@lru_cache(maxsize=1024)
def _plain_request(url: str, method: str) -> h11.Request:
    """The request for a page with our headers alone.

    It is kept: in a watch the same pages are asked for again and again, and checking one costs more than sending it.
    """
    return _request(url, method, (), by_proxy=False)


def _request(
    url: str, method: str, sent: Iterable[tuple[str, str | bytes]], *, by_proxy: bool
) -> h11.Request:
    """The request for a page with these headers besides ours; one by a proxy names the whole address."""
    parts = web_address(url)
    host = _sent_host(parts)
    address = f"{host}:{parts.port}" if parts.port else host
    target = quote(parts.path or "/", safe=_IN_PATH) + (
        f"?{quote(parts.query, safe=_IN_QUERY)}" if parts.query else ""
    )
    named = {
        "host": ("Host", address),
        **{name.lower(): (name, value) for name, value in (*_ALWAYS.items(), *sent)},
    }
    try:
        return h11.Request(
            method=method,
            target=f"http://{address}{target}" if by_proxy else target,
            headers=[(name.encode("ascii"), _sendable(value)) for name, value in named.values()],
        )
    except (h11.LocalProtocolError, UnicodeError):
        raise Trouble(_("these headers cannot be sent"), "inconclusive") from None


def _sent_host(parts: SplitResult) -> str:
    host = str(parts.hostname)
    return f"[{host}]" if ":" in host else ascii_name(host)


def _sendable(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()
