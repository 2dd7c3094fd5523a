"""Echo requests through Windows' own call, which needs no rights: each waits in a thread of its own."""

from __future__ import annotations

import asyncio
import errno
import threading
import time
from contextlib import suppress

from bcp.probe.icmp import BETWEEN, EchoNotAllowed
from bcp.probe.windows.calls import echo
from bcp.probe.windows.records import EchoAnswer
from bcp.system_error import number

_NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.ENOSYS)


class WindowsEchoes:
    """Requests under way to one address; `took` fills with the seconds that each answer needed.

    Only what the address itself answers counts: that a router says it cannot be reached is no answer.
    """

    def __init__(self, address: str, via: str | None, count: int, patience: float) -> None:
        self._address, self._via, self._count, self._patience = address, via, count, patience
        self.took: dict[int, float] = {}

    async def first(self) -> float:
        """Send and receive; ends with the seconds that the first answer took. Waits for ever where none comes."""
        await self._until(1)
        if not self.took:
            await asyncio.Event().wait()
        return next(iter(self.took.values()))

    async def all_of_them(self) -> dict[int, float]:
        """Send and receive; ends when every request is answered, or was waited for long enough."""
        await self._until(self._count)
        return self.took

    async def _until(self, wanted: int) -> None:
        """Raises OSError where none could be sent: EchoNotAllowed, where Windows forbids them or knows none."""
        ends = time.monotonic() + self._patience
        failure: OSError | None = None
        sending = [asyncio.ensure_future(self._one(number, ends)) for number in range(self._count)]
        try:
            for done in asyncio.as_completed(sending):
                try:
                    await done
                except OSError as error:
                    failure = error
                if len(self.took) >= wanted:
                    return
        finally:
            for each in sending:
                each.cancel()
        if failure and not self.took:
            raise EchoNotAllowed(*failure.args) if number(failure) in _NOT_ALLOWED else failure

    async def _one(self, number: int, ends: float) -> None:
        await asyncio.sleep(number * BETWEEN)
        began = time.monotonic()
        if (left := ends - began) <= 0:
            return
        answer = await _in_a_thread(self._address, self._via, left)
        if answer is not None and answer.status == 0:
            # Windows tells whole milliseconds, and for most routers of an office that is none.
            self.took[number] = min(time.monotonic() - began, (answer.milliseconds + 1) / 1000)


async def _in_a_thread(address: str, via: str | None, seconds: float) -> EchoAnswer | None:
    """`echo`, in a daemon thread: the process may end while it still waits."""
    loop = asyncio.get_running_loop()
    told: asyncio.Future[EchoAnswer | None] = loop.create_future()

    def tell(answer: EchoAnswer | None, problem: OSError | None) -> None:
        if told.done():
            return
        if problem:
            told.set_exception(problem)
        else:
            told.set_result(answer)

    def work() -> None:
        answer, problem = None, None
        try:
            answer = echo(address, via, seconds)
        except OSError as error:
            problem = error
        except ValueError as error:  # Windows tells nonsense
            problem = OSError(errno.ENOSYS, str(error))
        with suppress(RuntimeError):  # nobody waits any more: the loop is closed
            loop.call_soon_threadsafe(tell, answer, problem)

    threading.Thread(target=work, daemon=True, name=f"echo {address}").start()
    return await told
