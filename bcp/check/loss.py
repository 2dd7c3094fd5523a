"""Counts the packets that a line loses: a row of connections to well-known addresses, told by those that are late."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

Target = tuple[str, int]

_BURST, _SPACING, _LATE = 20, 0.11, 0.9
"""Connections to each target, the seconds between them, and from when on one lost a packet: the first repetition of
a lost SYN comes after a second (RFC 6298)."""
_STALL = 0.3
"""From how many seconds on this computer stood still, so that what was late was not the line."""


async def arrivals(
    targets: Sequence[Target], reach: Callable[[Target], Awaitable[bool]], now: Callable[[], float]
) -> list[bool]:
    """For each of a row of packets to the targets whether it arrived, in the order of sending.

    A connection during which this computer itself stood still, as a busy one does, tells nothing and is left out.
    """
    stalls: list[tuple[float, float]] = []

    async def beat() -> None:
        while True:
            began = now()
            await asyncio.sleep(_SPACING)
            if now() - began > _SPACING + _STALL:
                stalls.append((began, now()))

    async def one(number: int, target: Target) -> tuple[float, float, bool]:
        await asyncio.sleep(number * _SPACING)
        began = now()
        is_there = await reach(target)
        return began, now(), is_there

    beating = asyncio.create_task(beat())
    try:
        row = [one(number, target) for number in range(_BURST) for target in targets]
        tried = await asyncio.gather(*row)
        await asyncio.sleep(0)  # a beat that is late itself is heard before it is judged
    finally:
        beating.cancel()
    return [
        is_there and ended - began < _LATE
        for began, ended, is_there in tried
        if not any(began < until and since < ended for since, until in stalls)
    ]
