"""Controls: what neither we nor our website can be to blame for, looked at before anybody is blamed.

1. The beginnings of two foreign sites over https, and plain http answers of the same sites and of the known page: those
   say what time it is.
2. Where no site works: handshakes with the well-known addresses, and who it is that answers in their place.
3. In a whole diagnosis only, since it takes time and data: a few hundred kilobytes for the rate of the line; and where
   connections are made but nothing more comes, the same with small packets.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bcp.check.clock_reading import ClockReading, reading
from bcp.check.network_path import References
from bcp.host_name import web_address
from bcp.i18n import _
from bcp.probe.base import Attempt, Shared
from bcp.probe.certificate_names import CertificateNames, certificate_names
from bcp.probe.dial import SocketStream
from bcp.probe.failure import Failure, failure_of
from bcp.probe.route import source_to
from bcp.probe.transfer import SMALL_SEGMENT, Excerpt, Transfer
from bcp.probe.trouble import Trouble, explain

BODY = 8192
"""So much of a page has filled packets of full size, which a handshake need not have done."""
_MOST, _SECONDS = 150_000, 3.0
"""Bytes of each site for the rate, and seconds: a slow line shows itself in less, a metered one minds no more."""
_PATIENCE = 3.0
"""Seconds in which a page must begin in a whole diagnosis, before the size of its packets is to blame, not the rate."""
_HEAD, _ENCRYPTED = 512, 443
_SHARE = 0.75
"""What a control may take of the time that a look may take (see `network_path`)."""

ControlState = Literal["works", "late", "stuck", "refused", "cut", "foreign", "dates", "nameless"]
"""`late`: no connection; `stuck`: a connection, and nothing more; `foreign`: the certificate of somebody else;
`dates`: one that is out of date; `nameless`: its address could not be found."""


@dataclass(frozen=True, slots=True)
class Control:
    """One thing that is not ours, and what was seen of it.

    `names` are those of a certificate that is not accepted; `is_trusted`: only its name is wrong.
    """

    host: str
    state: ControlState
    words: str
    is_site: bool = False
    transfer: Transfer | None = None
    is_trusted: bool = True
    names: CertificateNames | None = None
    fingerprint: bytes = b""


@dataclass(frozen=True, slots=True)
class PlainAnswer:
    """What came unencrypted from a site: its status, where it sends us, how its page begins, and from which address."""

    host: str
    status: int
    leads_to: str
    body: bytes
    address: str


@dataclass(frozen=True, slots=True)
class Controls:
    """What was seen of all controls.

    `is_small_enough`: with small packets something works that does not without; None where that was not tried.
    `is_by_proxy`: they come through the office's proxy, which may be at fault itself.
    """

    sites: tuple[Control, ...] = ()
    addresses: tuple[Control, ...] = ()
    plain: tuple[PlainAnswer, ...] = ()
    clock: ClockReading | None = None
    is_small_enough: bool | None = None
    is_by_proxy: bool = False

    @property
    def works(self) -> bool | None:
        """Whether the web works from here; None where no control could be asked, so that nobody can tell.

        A handshake with an address alone proves less than a page: it counts where no site is known.
        """
        asked = [each for each in self.sites if each.state != "nameless"] or list(self.addresses)
        if any(each.state == "works" for each in asked):
            return True
        # A certificate for another name, of somebody whom we trust, says that something answers, and not who.
        is_unclear = any(each.state == "foreign" and each.is_trusted and not each.is_site for each in asked)
        return None if is_unclear or not asked else False

    @property
    def rate(self) -> float | None:
        """Bytes a second of the transfers that were long enough to tell: of all together, or of the fastest alone.

        One packet that is lost holds up a transfer for longer than all of it takes, and is no slowness of the line.
        """
        told = [each.transfer for each in self.sites if each.transfer is not None]
        return max(_rate(told), *(_rate([each]) for each in told)) if told else None


def _rate(transfers: Sequence[Transfer]) -> float:
    took = max(each.ended for each in transfers) - min(each.began for each in transfers)
    waited = max(each.waited for each in transfers)
    return sum(each.size for each in transfers) / max(took - waited, took / 4, 0.001)


async def look_at_controls(shared: Shared, references: References, *, is_whole: bool = False) -> Controls:
    """Look at all of them at once, within two time-outs; `is_whole`: with the controls of rate and size, three more."""
    readings: list[ClockReading] = []
    async with asyncio.TaskGroup() as together:
        sites = [together.create_task(_site(shared, url, is_whole)) for url in references.sites]
        plain = [
            together.create_task(_plain(shared, url, "HEAD", readings))
            for url in (*_unencrypted(references.sites), references.page)
        ]
    seen = Controls(
        tuple(each.result() for each in sites),
        (),
        tuple(answer for each in plain if (answer := each.result()) is not None),
        ClockReading.agreed(readings),
        is_by_proxy=shared.proxy is not None,
    )
    return seen if seen.works else await _closer(seen, shared, references, is_whole)


async def _closer(seen: Controls, shared: Shared, references: References, is_whole: bool) -> Controls:
    """Where no site works: the well-known addresses, who answers in place of them all, and small packets."""
    both = list(zip(references.sites, seen.sites, strict=True))
    stuck = [url for url, site in both if is_whole and site.state == "stuck"]
    async with asyncio.TaskGroup() as together:
        # Behind a proxy nothing else need be let out.
        known = (
            []
            if shared.proxy
            else [each for each in references.addresses if each[1] == _ENCRYPTED and source_to(each[0], None)]
        )
        addresses = [together.create_task(_handshake(shared, *each)) for each in known]
        shown = [together.create_task(_with_names(shared, site, _port(url))) for url, site in both]
        plain = [
            together.create_task(_plain(shared, url, "GET", [])) for url in _unencrypted(references.sites)
        ]
        small = [together.create_task(_small(shared, url)) for url in stuck]
    return replace(
        seen,
        sites=tuple(each.result() for each in shown),
        addresses=tuple(each.result() for each in addresses),
        plain=tuple(answer for each in plain if (answer := each.result()) is not None) or seen.plain,
        is_small_enough=any(each.result().state == "works" for each in small) if small else None,
    )


async def _site(shared: Shared, url: str, is_whole: bool) -> Control:
    from bcp.probe.excerpt import begin  # brings h11, which a round in which all is well does not need

    found: list[Excerpt] = []
    most, seconds = (_MOST, _SECONDS) if is_whole else (BODY, shared.timeout * _SHARE)

    async def see(attempt: Attempt) -> None:
        limit = _PATIENCE if is_whole else shared.timeout * _SHARE
        found.append(await begin(attempt, url, most=most, limit=limit, seconds=seconds))

    control = await _tried(shared, _host(url), see)
    transfer = found[0].transfer if found and is_whole else None
    is_telling = transfer is not None and (transfer.size >= BODY or not found[0].status)
    return replace(control, is_site=True, transfer=transfer if is_telling else None)


async def _plain(
    shared: Shared, url: str, method: Literal["GET", "HEAD"], readings: list[ClockReading]
) -> PlainAnswer | None:
    """What comes unencrypted from a site; by HEAD at first, for a slow line takes long for pages that nobody reads."""
    from bcp.probe.excerpt import begin

    found: list[Excerpt] = []

    async def see(attempt: Attempt) -> None:
        found.append(await begin(attempt, url, method=method, most=_HEAD, limit=shared.timeout * _SHARE))

    await _tried(shared, _host(url), see)
    if not found:
        return None
    seen = reading(_host(url), found[0].headers, shared.clock.now())
    if seen is not None:
        readings.append(seen)
    leads_to = found[0].headers.get("location", "")
    return PlainAnswer(_host(url), found[0].status, leads_to, found[0].body[:_HEAD], found[0].address)


async def _handshake(shared: Shared, host: str, port: int) -> Control:
    async def see(attempt: Attempt) -> None:
        async with asyncio.timeout(shared.timeout * _SHARE), SocketStream(attempt, host, port, shared.tls):
            pass

    return await _with_names(shared, await _tried(shared, host, see), port)


async def _with_names(shared: Shared, control: Control, port: int) -> Control:
    """The same with the names in the certificate that was shown there, if it was not accepted."""
    from hashlib import sha256

    from bcp.probe.excerpt import shown_certificate

    if control.state != "foreign":
        return control
    try:
        async with asyncio.timeout(shared.timeout * _SHARE):
            attempt = Attempt(shared, shared.interface(None))
            der = await shown_certificate(attempt, control.host, port)
    except (Trouble, OSError, EOFError, ValueError):
        return control
    return replace(control, names=certificate_names(der), fingerprint=sha256(der).digest())


async def _small(shared: Shared, url: str) -> Control:
    from bcp.probe.excerpt import begin

    async def see(attempt: Attempt) -> None:
        await begin(attempt, url, most=BODY, limit=shared.timeout, segment=SMALL_SEGMENT)

    return await _tried(shared, _host(url), see)


async def _tried(shared: Shared, host: str, see: Callable[[Attempt], Awaitable[None]]) -> Control:
    """How a look at one of them ends, as a state and in plain words."""
    attempt = Attempt(shared, shared.interface(None))
    try:
        await see(attempt)
    except (Trouble, OSError, EOFError, ValueError) as error:
        why = error if isinstance(error, Trouble) else explain(error)
        words = _("no answer") if isinstance(error, TimeoutError) else why.reason
        failure = failure_of(error)
        return Control(host, _state(attempt, failure), words, is_trusted=failure != "signature")
    return Control(host, "works", _("{host} answers").format(host=host))


def _state(attempt: Attempt, failure: Failure | None) -> ControlState:
    if attempt.stage in (None, "name"):
        return "nameless"
    if failure == "late":
        return "late" if attempt.stage == "connection" else "stuck"
    known: dict[Failure | None, ControlState] = {
        "refused": "refused",
        "name": "foreign",
        "signature": "foreign",
        "dates": "dates",
    }
    return known.get(failure, "cut")


def _host(url: str) -> str:
    return str(web_address(url).hostname)


def _port(url: str) -> int:
    return web_address(url).port or _ENCRYPTED


def _unencrypted(sites: tuple[str, ...]) -> list[str]:
    """The same sites over plain http, where they have no port of their own."""
    return [f"http://{_host(url)}/" for url in sites if not web_address(url).port]
