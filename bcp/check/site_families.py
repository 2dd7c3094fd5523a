"""Whether what we look at answers over IPv4 and over IPv6: where one of them is dead, some visitors see nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from urllib.parse import urlsplit

from bcp.check.model import Check
from bcp.host_name import ascii_name, is_address
from bcp.i18n import _
from bcp.probe.base import Attempt, Remote, Shared
from bcp.probe.dial import connect
from bcp.probe.names import Names, ask
from bcp.probe.trouble import Trouble

_TRIES, _PATIENCE = 2, 1.6
"""Twice, and longer than until the first repetition of a lost packet: one that is lost is no dead family."""


async def dead_family(check: Check, shared: Shared) -> str:
    """What is wrong, in plain words, where a server of this check answers over one family and not over the other.

    Nothing where this computer speaks only one family itself.
    """
    if not shared.names.has_both_families(None):
        return ""
    told = await asyncio.gather(*(_dead(shared, *each) for each in dict.fromkeys(_servers(check))))
    return "; ".join(filter(None, told))


def _servers(check: Check) -> Iterator[tuple[str, int]]:
    """The names and ports to which the probes of a check connect by TCP."""
    for probe in check.probes:
        if not isinstance(probe, Remote) or probe.via is not None or getattr(probe, "transport", "") == "udp":
            continue
        url = urlsplit(getattr(probe, "url", ""))
        port = url.port or {"http": 80, "https": 443}.get(url.scheme) or getattr(probe, "port", None)
        for host in probe.targets():
            if port and "." in host and not is_address(host):
                yield host, port


async def _dead(shared: Shared, host: str, port: int) -> str:
    four, six = await asyncio.gather(_one_of(shared.names, host, "A"), _one_of(shared.names, host, "AAAA"))
    if not four or not six:
        return ""
    by_four, by_six = await asyncio.gather(_answers(shared, four, port), _answers(shared, six, port))
    if by_four == by_six:
        return ""
    family, address = ("IPv6", six) if by_four else ("IPv4", four)
    words = _("{host} does not answer over {family} ({address}): some visitors see nothing")
    return words.format(host=host, family=family, address=address)


async def _one_of(names: Names, host: str, kind: str) -> str:
    """An address of one family; none where there is none, or nobody says so in time."""
    try:
        async with asyncio.timeout(_PATIENCE):
            values = (await ask(names.servers(None), ascii_name(host), kind)).values(kind)
    except (TimeoutError, Trouble):
        return ""
    return values[0] if values else ""


async def _answers(shared: Shared, address: str, port: int) -> bool:
    """Whether a connection is taken."""
    for _time in range(_TRIES):
        try:
            async with asyncio.timeout(_PATIENCE):
                (await connect(Attempt(shared), address, port)).close()
                return True
        except (OSError, Trouble):
            continue
    return False
