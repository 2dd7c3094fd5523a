"""Pages through the office's proxy: asked for as it wants it, and what goes wrong at the proxy told as its trouble."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

import h11

from bcp.i18n import _
from bcp.office.proxy import Proxy
from bcp.probe.base import Attempt
from bcp.probe.dial import SocketStream
from bcp.probe.http_answer import HttpAnswer, NoHttpHere, talk
from bcp.probe.trouble import Trouble, explain

_OF_THE_PROXY = ("x-squid-error", "proxy-status", "proxy-authenticate")
"""Headers that a proxy sends where it answers in the place of a page (RFC 9209, RFC 9110 §11.7.1, and Squid's)."""


def login(proxy: Proxy, secret: Callable[[str], str]) -> dict[str, str]:
    """The header by which it knows us; none where no login is named."""
    if not proxy.user or not proxy.password:
        return {}
    pair = f"{proxy.user}:{secret(proxy.password)}".encode()
    return {"Proxy-Authorization": f"Basic {b64encode(pair).decode()}"}


@asynccontextmanager
async def connection(attempt: Attempt, proxy: Proxy, name: str) -> AsyncIterator[SocketStream]:
    """A conversation with the proxy, to become one with `name`. Raises Trouble where the proxy cannot be reached."""
    stream = SocketStream(attempt, proxy.host, proxy.port, name=name)
    try:
        await stream.__aenter__()
    except asyncio.CancelledError:
        # The time is over: it is said what we were waiting for.
        attempt.doing = _("connecting to the proxy {proxy}").format(proxy=proxy.shown)
        raise
    except (Trouble, OSError, EOFError) as error:
        why = error if isinstance(error, Trouble) else explain(error)
        words = _("the proxy {proxy} cannot be reached: {why}").format(proxy=proxy.shown, why=why.reason)
        raise Trouble(words, why.state) from None
    attempt.reached = False  # by now only the proxy was
    try:
        attempt.doing = _("waiting for the proxy {proxy}").format(proxy=proxy.shown)
        yield stream
    finally:
        await stream.__aexit__()


async def tunnel(stream: SocketStream, proxy: Proxy, target: str, known_as: Mapping[str, str]) -> None:
    """Let the proxy connect us with `target` (`host:port`). Raises Trouble with what it says where it does not."""
    request = h11.Request(method="CONNECT", target=target, headers=[("Host", target), *known_as.items()])
    answer = await asked(stream, proxy, request, want_body=False)
    if not 200 <= answer.status <= 299:
        raise refused(proxy, target, answer, is_known=bool(known_as))


async def asked(stream: SocketStream, proxy: Proxy, request: h11.Request, want_body: bool) -> HttpAnswer:
    """What comes back through the proxy. Raises Trouble where it says nothing that can be understood."""
    try:
        return await talk(stream, request, want_body)
    except (EOFError, OSError, NoHttpHere) as error:
        why = error if isinstance(error, Trouble) else explain(error)
        words = _("the proxy {proxy} gives no answer: {why}")
        raise Trouble(words.format(proxy=proxy.shown, why=why.reason)) from None


def is_by_proxy(answer: HttpAnswer) -> bool:
    """Whether the proxy itself answers instead of the page."""
    return answer.status == 407 or any(answer.all_of(name.encode()) for name in _OF_THE_PROXY)


def refused(proxy: Proxy, target: str, answer: HttpAnswer, *, is_known: bool) -> Trouble:
    """What a proxy means that answers in the place of the page: whose trouble it is, and what to do.

    Where it is what the proxy wants of us, nothing is known of the page: `refused_by` is in the evidence then.
    """
    named = {"proxy": proxy.shown, "host": target, "status": answer.status}
    if answer.status >= 500:
        return Trouble(_("the proxy {proxy} cannot reach {host}: it answers {status}").format(**named))
    words = _("the proxy {proxy} does not allow {host}: it answers {status}")
    if answer.status == 407:
        ways = {each.split(" ")[0].lower() for each in answer.all_of(b"proxy-authenticate")}
        named["kinds"] = ", ".join(sorted(ways))[:60]
        if ways and "basic" not in ways:
            words = _("the proxy {proxy} wants a login of a kind that is not known here ({kinds})")
        elif is_known:
            words = _("the proxy {proxy} does not take the login of bcp.yaml (407)")
        else:
            words = _("the proxy {proxy} wants a login (407): give it user and password in bcp.yaml")
    return Trouble(
        words.format(**named), "inconclusive", {"refused_by": proxy.shown, "status": answer.status}
    )
