"""Notifier: tells people what a watch saw, each change once, what went down together with its diagnosis.

It tells in a thread of its own, one thing after another, so that a slow mail server delays no look.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent import futures
from datetime import UTC, datetime, timedelta

from bcp.check.diagnose import Diagnosis, diagnose
from bcp.check.flapping import Flapping, calm_for
from bcp.check.model import Check
from bcp.check.network_path import References
from bcp.check.round import Outcome, Round
from bcp.errors import BcpError
from bcp.probe.base import Shared, works
from bcp.traced import message_of

DIAGNOSE_AGAIN = timedelta(seconds=30)
"""A diagnosis sends some dozens of packets: not for every blip."""
WITH_IT = timedelta(seconds=5)
"""A diagnosis that was begun so shortly before a look still tells of the same trouble."""
LAST_WORDS = 0.6
"""Seconds that the end waits for the last news to be written down; whoever is told slowly is not waited for."""

_SOON = 0.2
"""Seconds to sleep at least until something may have settled."""
_NEVER = datetime.min.replace(tzinfo=UTC)

Told = Callable[[Sequence[Outcome], Diagnosis | None], None]


class Notifier:
    """Tells `told` what changed. All but `told` itself happens in the event loop."""

    def __init__(
        self, told: Told, say: Callable[[str], None], shared: Shared, bug: Callable[[BaseException], None]
    ) -> None:
        self._told, self._say, self._shared, self._bug = told, say, shared, bug
        self._news: list[Outcome] = []
        self._diagnosing: asyncio.Task[Diagnosis] | None = None
        self._diagnosed_at = _NEVER
        self._waiting: asyncio.Task[None] | None = None
        self._flapping = Flapping()
        self._calming: asyncio.Task[None] | None = None
        self._thread = futures.ThreadPoolExecutor(1, "teller")
        self._last: list[futures.Future[None]] = []

    def suspect(self, checks: Mapping[str, Check], references: References, under_way: Round) -> None:
        """Something begins to fail in a round: diagnose beside the looks that confirm it."""
        if self._shared.clock.now() - self._diagnosed_at > DIAGNOSE_AGAIN:
            self._diagnose(checks, references, under_way)

    async def explained(
        self, outcome: Outcome, checks: Mapping[str, Check], references: References
    ) -> Outcome:
        """The outcome of a check that went down; one that nobody can tell of, where our clock or a wall explains it.

        One that was explained before is not diagnosed anew with each look.
        """
        age = DIAGNOSE_AGAIN if outcome.before == "inconclusive" else WITH_IT
        found = await self._found(outcome.since - age, checks, references)
        return outcome if found is None else found.excused(outcome, checks[outcome.check])

    def forget(self) -> None:
        """The clock was set, or we slept: a diagnosis of before says nothing of what is found from here on."""
        self._diagnosed_at = _NEVER
        self._news += self._flapping.rest()
        self._hand_over(None)

    def hear(self, outcome: Outcome, checks: Mapping[str, Check], references: References) -> None:
        """Something changed; a check that changes again and again is told once, and when it has settled."""
        for each in self._damped(outcome, checks, references):
            self._tell(each, checks, references)

    def _damped(self, outcome: Outcome, checks: Mapping[str, Check], references: References) -> list[Outcome]:
        """What is to be told of it now; what is not told comes when the check has settled."""
        told = self._flapping.hear(outcome, calm_for(checks[outcome.check].every))
        if self._flapping.calm_at is not None and (self._calming is None or self._calming.done()):
            self._calming = asyncio.create_task(self._calm(checks, references))
        return told

    def _tell(self, outcome: Outcome, checks: Mapping[str, Check], references: References) -> None:
        """What went down is told with a diagnosis, and so is what cannot be told meanwhile; what came back is told
        at once, after all before it."""
        self._news.append(outcome)
        is_waiting = self._waiting is not None and not self._waiting.done()
        if outcome.state == "down" and not is_waiting:
            self._waiting = asyncio.create_task(self._diagnosed(outcome.since, checks, references))
        elif works(outcome.state) or not is_waiting:
            self._hand_over(None)

    async def _calm(self, checks: Mapping[str, Check], references: References) -> None:
        """Tell what has settled, when it has, until nothing flaps any more."""
        while (at := self._flapping.calm_at) is not None:
            await asyncio.sleep(max(_SOON, (at - self._shared.clock.now()).total_seconds()))
            for each in self._flapping.settled(self._shared.clock.now()):
                self._tell(each, checks, references)

    def hear_all(
        self, outcomes: Sequence[Outcome], checks: Mapping[str, Check], references: References
    ) -> None:
        """Several changes that are to be told as one."""
        outcomes = [told for each in outcomes for told in self._damped(each, checks, references)]
        self._news += outcomes
        down = [outcome.since for outcome in outcomes if outcome.state == "down"]
        if down and (self._waiting is None or self._waiting.done()):
            self._waiting = asyncio.create_task(self._diagnosed(max(down), checks, references))
        elif not down:
            self._hand_over(None)

    def do(self, tell: Callable[[], None]) -> None:
        """Let the thread do something else that tells people; what fails is said, and no more."""
        self._last = [self._thread.submit(carefully, tell, self._say)]

    async def end(self) -> None:
        """Tell what is left, without a diagnosis that is still under way."""
        self._news += self._flapping.rest()
        for task in (self._waiting, self._diagnosing, self._calming):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        self._hand_over(None)
        self._thread.shutdown(wait=False)
        futures.wait(self._last, LAST_WORDS)

    def _diagnose(
        self, checks: Mapping[str, Check], references: References, under_way: Round | None = None
    ) -> asyncio.Task[Diagnosis]:
        if self._diagnosing is None or self._diagnosing.done():
            self._diagnosed_at = self._shared.clock.now()
            self._diagnosing = asyncio.create_task(
                diagnose(checks, self._shared, references, under_way=under_way)
            )
        return self._diagnosing

    async def _found(
        self, since: datetime, checks: Mapping[str, Check], references: References
    ) -> Diagnosis | None:
        """A diagnosis that was begun at this moment or later; None where a bug of ours ended it."""
        is_fresh = self._diagnosing is not None and self._diagnosed_at >= since
        task = self._diagnosing if is_fresh and self._diagnosing else self._diagnose(checks, references)
        try:
            return await asyncio.shield(task)  # others wait for it, too
        except Exception as error:  # noqa: BLE001 - what went down must be told all the same
            self._bug(error)
            return None

    async def _diagnosed(self, since: datetime, checks: Mapping[str, Check], references: References) -> None:
        """Tell the news once there is a diagnosis that was begun with the first look that failed."""
        found = await self._found(since - WITH_IT, checks, references)
        self._hand_over(found.resolved(self._news, checks) if found is not None else None)

    def _hand_over(self, diagnosis: Diagnosis | None) -> None:
        told, self._news = self._news, []
        if told:
            self.do(lambda: self._told(told, diagnosis))


def carefully(do: Callable[[], None], say: Callable[[str], None]) -> None:
    """Do it; a failure that is meant for people is said, and no more comes of it."""
    try:
        do()
    except (BcpError, OSError) as error:
        words = (type(error).__name__, message_of(error))
        logging.getLogger(__name__).warning("a duty of the watch failed: %s: %s", *words)
        say(str(error))
