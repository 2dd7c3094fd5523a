"""How an address on the web is reached when pages of strangers may name it: looked up once, checked, then connected.

A page, a style sheet or a redirect from the internet could else make this computer ask its router, its printer or a
program of its own, and keep the answer. Addresses inside a private network are reached only if the start is there.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from threading import Timer
from typing import Any, Literal
from urllib.request import getproxies, proxy_bypass

import httpx

from bcp.i18n import _
from bcp.outside import PUBLIC_HEADERS
from bcp.private_address import is_inside

REDIRECTS = 5
_MOST_ADDRESSES = 4


class NotAsked(httpx.TransportError):
    """Nothing was sent there; the message is a sentence that names the address."""


class Guarded(httpx.BaseTransport):
    """A transport for one start, which is the first address that it is asked for; it checks every redirect, too.

    It connects to the very address that it checked: a second look-up could give another one (DNS rebinding). The name
    stays in TLS and in the header Host. Where the system names a proxy, the proxy looks names up and connects; then an
    address is checked as far as it is known here.
    """

    def __init__(self) -> None:
        """Nothing is looked up or connected before the first request."""
        self.starts_inside: bool | None = None
        """Whether the start is inside a private network; None before the first request."""
        self._inner: dict[tuple[str, str | None], httpx.HTTPTransport] = {}
        self._tls: ssl.SSLContext | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer to one request. Raises NotAsked, or what httpx raises for a connection."""
        url = request.url
        if url.scheme not in ("http", "https") or not url.host:
            words = _('it leads to an address that begins with "{kind}:", which is no web page')
            raise NotAsked(words.format(kind=url.scheme))
        proxy = _proxy_for(url)
        addresses = self._checked(url, is_reached_by_us=proxy is None)
        if proxy is not None:
            return self._through(proxy, url).handle_request(request)
        tried = addresses[:_MOST_ADDRESSES]
        for address in tried[:-1]:
            with suppress(httpx.ConnectError, httpx.ConnectTimeout):
                return self._at(address, request)
        return self._at(tried[-1], request)

    def close(self) -> None:
        """Close every connection."""
        for each in self._inner.values():
            each.close()

    def _checked(self, url: httpx.URL, *, is_reached_by_us: bool) -> list[str]:
        """The addresses of its host, each of them checked; none where only the proxy can look the name up."""
        try:
            addresses = _addresses(url)
        except httpx.ConnectError:
            if is_reached_by_us:
                raise
            addresses = []
        if self.starts_inside is None:
            # A name that has one of each kind is nobody's router: its owner wants it to be taken for one.
            self.starts_inside = bool(addresses) and all(map(is_inside, addresses))
        inside = [] if self.starts_inside else [each for each in addresses if is_inside(each)]
        if inside:
            words = _(
                "{address} is inside a private network ({number}), and nothing on the internet may lead there"
            )
            raise NotAsked(words.format(address=shown(url), number=inside[0]))
        return addresses

    def _at(self, address: str, request: httpx.Request) -> httpx.Response:
        """Ask this address, and let the host keep its name."""
        host = request.url.raw_host.decode("ascii")
        if address == host:
            return self._through(None, request.url).handle_request(request)
        there = httpx.Request(
            request.method,
            request.url.copy_with(host=address),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        return self._through(None, request.url).handle_request(there)

    def _through(self, proxy: str | None, url: httpx.URL) -> httpx.HTTPTransport:
        """The connections for this host alone: two names at one address may not share one, its TLS is for one name."""
        key = (url.host, proxy)
        if key not in self._inner:
            self._tls = self._tls or httpx.create_ssl_context()
            try:
                self._inner[key] = httpx.HTTPTransport(verify=self._tls, proxy=proxy)
            except (ImportError, ValueError, httpx.InvalidURL):
                words = _("this computer's settings name a proxy that cannot be used here: {proxy}")
                raise NotAsked(words.format(proxy=proxy and proxy.rpartition("@")[2])) from None
        return self._inner[key]


class AskedWithin:
    """Ends what is asked inside of its block so many seconds later, also while a server sends its headers bit by bit.

    The time-outs of httpx begin anew with each byte that comes. `extensions` belong to each request of the block.
    `sockets` are those of the client, where it lives longer than the block and keeps its connections.
    """

    def __init__(self, within: float, sockets: list[socket.socket] | None = None) -> None:
        """The clock begins with the block."""
        self.is_over = False
        self.extensions: dict[str, Any] = {"trace": self._keep}
        self._sockets = [] if sockets is None else sockets
        self._timer = Timer(within, self._end)
        self._timer.daemon = True

    def __enter__(self) -> AskedWithin:
        """For `with`."""
        self._timer.start()
        return self

    def __exit__(self, *_how: object) -> None:
        """Let the clock be."""
        self._timer.cancel()

    def _keep(self, event: str, told: Mapping[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._sockets.append(told["return_value"].get_extra_info("socket"))

    def _end(self) -> None:
        self.is_over = True
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


def send(
    client: httpx.Client,
    request: httpx.Request,
    public: Mapping[str, str],
    login: tuple[str, str] | httpx.Auth | None = None,
    *,
    follow: bool = True,
) -> httpx.Response:
    """The answer to a request, with `follow` after its redirects; its body is yet unread, and it is to be closed.

    Raises NotAsked, and what httpx raises.

    Another server is told nothing that was meant for the first one: of the headers it gets those of `public` that say
    who asks and for what kind of page. A request with a body is not sent on to it at all.
    """
    for _hop in range(REDIRECTS + 1):
        response = client.send(request, stream=True, auth=login, follow_redirects=False)
        following = response.next_request
        if following is None or not follow:
            return response
        response.close()
        request, login = _sent_on(client, request, following, public), None
    raise httpx.TooManyRedirects(
        _("it redirects more than {count} times").format(count=REDIRECTS), request=request
    )


def shown(url: httpx.URL) -> str:
    """The address as a sentence may hold it: without a login or a query, at most 200 letters."""
    plain = url.copy_with(userinfo=b"", query=None, fragment=None) if url.userinfo or url.query else url
    return str(plain)[:200]


def _sent_on(
    client: httpx.Client, before: httpx.Request, following: httpx.Request, public: Mapping[str, str]
) -> httpx.Request:
    if _server(before.url) == _server(following.url):
        return following
    if following.method not in ("GET", "HEAD"):
        words = _("the server sends us on to {address}; what was meant for {host} alone is not sent there")
        raise NotAsked(words.format(address=shown(following.url), host=before.url.host))
    headers = {name: value for name, value in public.items() if name.lower() in PUBLIC_HEADERS}
    return client.build_request(
        following.method, following.url, headers=headers, extensions=following.extensions
    )


def _server(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _addresses(url: httpx.URL) -> list[str]:
    """What the system looks up, in its order. Raises ConnectError where there is no such name."""
    host = url.raw_host.decode("ascii")
    usual: dict[str, Literal[443, 80]] = {"https": 443, "http": 80}
    try:
        found = socket.getaddrinfo(host, url.port or usual[url.scheme], type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError(str(error)) from None
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def _proxy_for(url: httpx.URL) -> str | None:
    """The proxy that this system's settings name for an address, as its browser would use it."""
    named = getproxies()
    proxy = named.get(url.scheme) or named.get("all")
    if not proxy or proxy_bypass(url.host):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"
