"""A connection over one line of several, for those who have no loop of their own: a message while the other is dead."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable

from bcp.clock import SystemClock
from bcp.probe.base import Attempt, Shared
from bcp.probe.dial import connect
from bcp.probe.interfaces import named, read_interfaces, ways_out
from bcp.probe.kinds.link import what_is_missing
from bcp.probe.trouble import Trouble


def connect_over(host: str, port: int, via: str, within: float) -> socket.socket:
    """A connected socket over the interface `via`; names are asked for over it, too. `within` is in seconds.

    Raises OSError with a sentence, TimeoutError among it.
    """

    async def dial() -> socket.socket:
        async with asyncio.timeout(within):
            return await connect(Attempt(Shared(SystemClock()), via), host, port)

    try:
        line = asyncio.run(dial())
    except Trouble as trouble:
        raise OSError(trouble.reason) from None
    line.settimeout(within)
    return line


def other_lines(own: Iterable[str]) -> list[str]:
    """The interfaces that may lead out besides the one that this computer takes by itself.

    First those of `own` lines that are connected, then the others that have a way out; none where the computer does
    not tell.
    """
    try:
        found = asyncio.run(read_interfaces())
    except Trouble:
        return []
    out = ways_out(found)
    usual = out[0].name if out else ""
    first = [each for name in own if (each := named(found, name)) and not what_is_missing(each)]
    rest = [each for each in out[1:] if not what_is_missing(each)]
    return [name for name in dict.fromkeys(each.name for each in (*first, *rest)) if name != usual]
