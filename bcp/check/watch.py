"""Watching: looks at every check when it is due, for as long as the process lives, and does what else falls due.

- Looks are timed by a clock that nobody sets. What falls due within half a second is looked at in one round; a round
  that hangs holds up no other. Duties (decisions, promises, reminders; watch knows none of them) are jobs of
  APScheduler, which goes by the computer's clock; when that jumps (set by hand, woken from sleep), all are due anew.
- An edit that does not load is told once, and the last good checks stay. A store that cannot be written (a full disk)
  is told once, and what was seen is kept in memory until it can.
- People are told by a notifier with a thread of its own, so that a slow mail server delays no look.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bcp.check.duty import Duty, Every
from bcp.check.hours import within
from bcp.check.model import Check
from bcp.check.network_path import References
from bcp.check.notifier import Notifier, Told, carefully
from bcp.check.round import Outcome, Round
from bcp.check.span import Spans, states
from bcp.errors import InputError, SourceError, StoreError
from bcp.i18n import _
from bcp.probe.base import Attempt, Shared
from bcp.probe.http_client import fetch
from bcp.probe.trouble import Trouble

TOGETHER = 0.5
"""Seconds of what is due that are looked at in one round."""
_LOOK_FOR_EDITS = timedelta(seconds=2)
_ALIVE = timedelta(minutes=1)
_JUMP = 5.0
_SHORTEST_GAP = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class WatchPlan:
    """What the office's files say about watching; an edit of them is taken up.

    `zone` is whose hours count, `alive` the address of a dead man's switch: a healthchecks-style page that is fetched
    every minute. `references` stand for the internet.
    """

    checks: Mapping[str, Check]
    zone: ZoneInfo
    alive: str | None = None
    references: References = field(default_factory=References)


@dataclass(frozen=True)
class Wiring:
    """What a watch is handed: where its plan comes from, where spans go, and whom to tell what.

    `load` may raise SourceError; `files` are those whose change means loading again. `told` gets what changed, with a
    diagnosis where something went down; `reminded` gets what is still not up; `say` gets a line for whoever reads the
    terminal or the log; `bug` gets what a round of looks ended with that it must not end with.
    """

    load: Callable[[], WatchPlan]
    files: Callable[[], Iterable[Path]]
    spans: Spans
    shared: Shared
    told: Told
    reminded: Callable[[Outcome], None]
    say: Callable[[str], None]
    bug: Callable[[BaseException], None]
    duties: Sequence[Duty] = ()


def watch(wiring: Wiring) -> None:
    """Watch until SIGTERM or SIGINT; then everything seen is written. Raises SourceError for a bad start."""
    asyncio.run(Watch(wiring).run())


class Watch:
    """One watch under way. `is_over` ends it from inside the loop."""

    def __init__(self, wiring: Wiring) -> None:
        self._wired = wiring
        self._plan = wiring.load()
        self._stamp = _stamp(wiring.files())
        self._due: dict[str, float] = {}
        self._looked: set[str] = set()
        self._busy: set[str] = set()
        self._rounds: set[asyncio.Task[None]] = set()
        self._reminded_at: dict[str, datetime] = {}
        self._trouble = ""
        self._teller = Notifier(wiring.told, wiring.say, wiring.shared)
        self.is_over = asyncio.Event()

    @property
    def _checks(self) -> Mapping[str, Check]:
        return self._plan.checks

    async def run(self) -> None:
        """Look, until it is over; then write what was seen."""
        loop = asyncio.get_running_loop()
        self._due = dict.fromkeys(self._checks, loop.time())
        end_on_signals(loop, self.is_over.set)
        scheduler = self._scheduler()
        difference = self._wall() - loop.time()
        try:
            while not self.is_over.is_set():
                await self._sleep(loop)
                if abs(self._wall() - loop.time() - difference) > _JUMP:
                    difference = self._wall() - loop.time()
                    self._begin_anew(scheduler)
                self._begin_round(loop.time())
        finally:
            scheduler.shutdown(wait=False)
            for task in self._rounds:
                task.cancel()
            await asyncio.gather(*self._rounds, return_exceptions=True)
            self._keep(self._wired.spans.flush)
            await self._teller.end()

    def _wall(self) -> float:
        return self._wired.shared.clock.now().timestamp()

    async def _sleep(self, loop: asyncio.AbstractEventLoop) -> None:
        """Until the next check is due, a second at most, or until it is over."""
        wait = min([1.0, *(due - loop.time() for due in self._due.values())])
        with suppress(TimeoutError):
            await asyncio.wait_for(self.is_over.wait(), max(0.01, wait))

    def _begin_anew(self, scheduler: Any) -> None:
        """The computer's clock jumped: what goes by it is due now, and what it was waiting for is not."""
        self._wired.say(_("the clock of this computer jumped; everything is looked at anew"))
        for job in scheduler.get_jobs():
            job.modify(next_run_time=self._wired.shared.clock.now())
        self._due = dict.fromkeys(self._checks, asyncio.get_running_loop().time())
        self._reminded_at.clear()
        self._teller.forget()

    def _begin_round(self, now: float) -> None:
        """Look at what is due. After their first look, checks are spread evenly over their interval."""
        due = [name for name, when in self._due.items() if when <= now + TOGETHER]
        for number, name in enumerate(due):
            every = self._checks[name].every.total_seconds()
            spread = 0.0 if name in self._looked else every * number / len(due)
            self._due[name] = max(self._due[name], now - every) + every + spread
        self._looked.update(due)
        free = [name for name in due if name not in self._busy]
        if free:
            self._busy.update(free)
            task = asyncio.create_task(self._round(free))
            self._rounds.add(task)
            task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._rounds.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._wired.bug(error)

    async def _round(self, due: Sequence[str]) -> None:
        wired, plan = self._wired, self._plan
        try:
            looking = Round(
                plan.checks,
                states(wired.spans.held()),
                wired.shared,
                plan.zone,
                references=plan.references,
                suspected=lambda: self._teller.suspect(plan.checks, plan.references, looking),
            )
            await looking.run(due, self._found)
        finally:
            self._busy.difference_update(due)

    def _found(self, outcome: Outcome) -> None:
        self._busy.discard(outcome.check)
        if outcome.check not in self._checks:
            return
        held = self._wired.spans.held().get(outcome.check)
        is_news = outcome.is_news and (held is None or held.state != outcome.state)
        gap = max(3 * self._checks[outcome.check].every, _SHORTEST_GAP)
        self._keep(lambda: self._wired.spans.note([(outcome.seen, gap)]))
        if is_news:
            self._reminded_at[outcome.check] = outcome.at
            self._teller.hear(outcome, self._checks, self._plan.references)
        elif outcome.state in ("down", "inconclusive", "warning"):
            self._remind(outcome)

    def _remind(self, outcome: Outcome) -> None:
        check = self._checks[outcome.check]
        last = self._reminded_at.setdefault(outcome.check, outcome.at)
        if check.remind is None or outcome.at - last < check.remind:
            return
        if not within(outcome.at, check.quiet, self._plan.zone):
            self._reminded_at[outcome.check] = outcome.at
            held = self._wired.spans.held().get(outcome.check)
            told = replace(outcome, since=held.first) if held is not None else outcome
            self._teller.do(lambda: self._wired.reminded(told))

    def _keep(self, write: Callable[[], None]) -> None:
        """Write to the store; what it refuses is told once, and again only after it worked in between."""
        try:
            write()
        except StoreError as error:
            if self._trouble != error.message:
                self._wired.say(f"{error.message}: {error.hint}")
            self._trouble = error.message
        else:
            self._trouble = ""

    def _scheduler(self) -> Any:
        """The duties as jobs: one at a time each, late rather than never, missed ones done once."""
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
        now = self._wired.shared.clock.now()
        for duty in self._wired.duties:
            scheduler.add_job(
                carefully,
                Every(duty.every),
                [duty.do, self._wired.say],
                next_run_time=now,
                name=duty.name,
            )
        here = {"executor": "here", "next_run_time": now}
        scheduler.add_job(self._carefully, Every(_LOOK_FOR_EDITS), [self._reload], **here)
        scheduler.add_job(self._carefully, Every(_ALIVE), [self._say_alive], **here)
        scheduler.start()
        return scheduler

    async def _carefully(self, do: Callable[[], Awaitable[None]]) -> None:
        try:
            await do()
        except Exception as error:  # noqa: BLE001 - a bug of ours, and the looks go on
            self._wired.bug(error)

    async def _reload(self) -> None:
        """Take up an edit of the checks; keep the last good ones if it does not load, and say so once."""
        stamp = _stamp(self._wired.files())
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            plan = self._wired.load()
        except InputError as error:
            mistakes = [str(mistake) for mistake in error.mistakes] if isinstance(error, SourceError) else []
            told = "; ".join(mistakes[:3]) or error.message
            self._wired.say(_("the last good checks stay, because of a mistake: {told}").format(told=told))
            return
        now = asyncio.get_running_loop().time()
        self._due = {
            name: self._due.get(name, now) if self._checks.get(name) == check else now
            for name, check in plan.checks.items()
        }
        is_other_page, self._plan = plan.alive != self._plan.alive, plan
        self._wired.say(_("checks loaded again: {count}").format(count=len(plan.checks)))
        if is_other_page:
            await self._say_alive()

    async def _say_alive(self) -> None:
        """Fetch the dead man's page; that it cannot be reached is no news, that is what it is there for."""
        if not self._plan.alive:
            return
        with suppress(TimeoutError, Trouble, OSError, EOFError, ValueError):
            async with asyncio.timeout(10):
                await fetch(Attempt(self._wired.shared), self._plan.alive, want_body=False)


def _stamp(files: Iterable[Path]) -> tuple[tuple[str, int, int], ...]:
    found = []
    for file in files:
        with suppress(OSError):
            stat = file.stat()
            found.append((str(file), stat.st_mtime_ns, stat.st_size))
    return tuple(found)


def end_on_signals(loop: asyncio.AbstractEventLoop, end: Callable[[], None]) -> None:
    """Let SIGTERM and SIGINT call `end` in the loop."""
    for number in (signal.SIGTERM, signal.SIGINT):
        if sys.platform == "win32":
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(end))
        else:
            loop.add_signal_handler(number, end)
