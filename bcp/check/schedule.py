"""What a watch does every so often, as jobs of APScheduler: late rather than never, and what was missed once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from bcp.check.duty import Duty, Every
from bcp.check.troubles import Troubles, of_duty
from bcp.errors import BcpError


class LoopJob(NamedTuple):
    """Something that is done every so often in the event loop."""

    every: timedelta
    do: Callable[[], Awaitable[None]]


class Background:
    """Does them. What one fails with ends nothing beside it: it is told once, and the next time it is tried again."""

    def __init__(
        self, bug: Callable[[BaseException], None], troubles: Troubles, is_over: Callable[[], bool]
    ) -> None:
        self._bug, self._troubles, self._is_over = bug, troubles, is_over

    def scheduler(
        self,
        loop: asyncio.AbstractEventLoop,
        duties: Iterable[Duty],
        jobs: Iterable[LoopJob],
        now: datetime,
    ) -> Any:
        """A scheduler that has begun in the loop: duties are done in a thread, jobs are awaited."""
        from apscheduler.executors.asyncio import AsyncIOExecutor  # type: ignore[import-untyped]
        from apscheduler.executors.pool import ThreadPoolExecutor as Threads  # type: ignore[import-untyped]
        from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]
        from apscheduler.triggers.base import BaseTrigger  # type: ignore[import-untyped]

        BaseTrigger.register(Every)
        scheduler = AsyncIOScheduler(
            timezone=UTC,
            executors={"default": Threads(1), "here": AsyncIOExecutor()},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        for duty in duties:
            every = Every(duty.every)
            scheduler.add_job(self._beside, every, [loop, duty], next_run_time=now, name=duty.name)
        for job in jobs:
            here = {"executor": "here", "next_run_time": now}
            scheduler.add_job(self.carefully, Every(job.every), [job.do], **here)
        scheduler.start()
        return scheduler

    async def carefully(self, do: Callable[[], Awaitable[None]]) -> None:
        """Await it; a bug in it is handed over, and no more."""
        try:
            await do()
        except Exception as error:  # noqa: BLE001 - a bug of ours, and the looks go on
            self._bug(error)

    def _beside(self, loop: asyncio.AbstractEventLoop, duty: Duty) -> None:
        failure: Exception | None = None
        try:
            duty.do()
        except Exception as error:  # noqa: BLE001 - whatever it is, it ends nothing beside it
            failure = error
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(self._did, duty.name, failure)

    def _did(self, name: str, failure: Exception | None) -> None:
        if self._is_over():
            return
        if failure is None:
            self._troubles.over(f"duty {name}")
            return
        if not isinstance(failure, (BcpError, OSError)):
            self._bug(failure)
        self._troubles.failed(f"duty {name}", of_duty(failure))
