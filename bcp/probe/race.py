"""Several ways to the same end, begun one after another without waiting for the slow ones (RFC 8305)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


async def first(
    ways: Sequence[Callable[[], Awaitable[T]]], delay: float, drop: Callable[[T], None] = lambda late: None
) -> T:
    """What the first way that succeeds returns; the next way begins after `delay` seconds or when one fails.

    A result that comes too late is handed to `drop`. Raises what the last way raised if all of them fail.
    """
    if len(ways) == 1:
        return await ways[0]()
    waiting, running = list(ways), set[asyncio.Future[T]]()
    failure: BaseException = OSError("nowhere to go")
    try:
        while waiting or running:
            if waiting:
                running.add(asyncio.ensure_future(waiting.pop(0)()))
            done, _ = await asyncio.wait(
                running, timeout=delay if waiting else None, return_when=asyncio.FIRST_COMPLETED
            )
            for each in done:
                running.discard(each)
                failed = each.exception()
                if failed is None:
                    running |= done - {each}
                    return each.result()
                failure = failed
    finally:
        for left in running:
            left.cancel()
            left.add_done_callback(lambda ended: _drop(ended, drop))
    raise failure


def _drop(ended: asyncio.Future[T], drop: Callable[[T], None]) -> None:
    if not ended.cancelled() and ended.exception() is None:
        drop(ended.result())
