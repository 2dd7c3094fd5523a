"""Questions to the system that it may never answer (a share whose server is gone), asked beside everything else.

A thread of asyncio's own would be waited for at the end of the process, which then never came. Whoever asks the same
again, while the first one still waits, waits with it, so a dead share costs one thread however often it is looked at.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from bcp.probe.base import Shared

T = TypeVar("T")


async def apart(shared: Shared, question: str, ask: Callable[[], T]) -> T:
    """What `ask` gives, or raises; waits for ever where it does not end (the look has the time-out)."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()
    before = shared.remembered.get(question)
    if isinstance(before, threading.Thread) and before.is_alive():
        return await answer

    def tell(found: Any, problem: Exception | None) -> None:
        if answer.done():
            return
        if problem is not None:
            answer.set_exception(problem)
        else:
            answer.set_result(found)

    def work() -> None:
        found, problem = None, None
        try:
            found = ask()
        except (OSError, ValueError) as error:
            problem = error
        if not loop.is_closed():
            loop.call_soon_threadsafe(tell, found, problem)

    thread = threading.Thread(target=work, daemon=True, name=question)
    shared.remembered[question] = thread
    thread.start()
    return await answer
