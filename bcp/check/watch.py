"""Watching: looks at every check when it is due, for as long as the process lives, and does what else falls due.

- Looks are timed by a clock that nobody sets. What falls due within half a second is looked at in one round; a round
  that hangs holds up no other. Duties (decisions, promises, reminders; watch knows none of them) are jobs of
  APScheduler, which goes by the computer's clock; when that jumps (set by hand, woken from sleep), all are due anew,
  and news wait for a minute of grace (`grace.py`).
- An edit that does not load is told, and the last good checks stay. A store that cannot be read or written is told,
  and what was seen is kept in memory until it can. A round that fails is told and made again. Each is told once, and
  once when it is over (`troubles.py`); the sign of life goes by what was looked at (`alive.py`).
- People are told by a notifier with a thread of its own, so that a slow mail server delays no look.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bcp.check.alive import SignOfLife
from bcp.check.edits import Edits
from bcp.check.gathered import GatheredLooks
from bcp.check.grace import Grace
from bcp.check.hours import within
from bcp.check.model import Check
from bcp.check.notifier import Notifier
from bcp.check.round import Outcome, Round
from bcp.check.schedule import Background, LoopJob
from bcp.check.signals import end_on_signals
from bcp.check.span import states
from bcp.check.sure_spans import SureSpans
from bcp.check.troubles import Troubles, of_looks
from bcp.check.wiring import Wiring
from bcp.errors import BcpError
from bcp.i18n import _
from bcp.times import say_duration

TOGETHER = 0.5
"""Seconds of what is due that are looked at in one round."""
_LOOK_FOR_EDITS = timedelta(seconds=2)
_KEEP_EVERY = timedelta(seconds=10)
_ALIVE = timedelta(minutes=1)
_AT_ONCE = 250
_JUMP = 5.0
_STALLED = 60.0
"""Seconds for which the process itself stood still: also then nobody looked."""
_SHORTEST_GAP = timedelta(minutes=1)
_LAST_ALERT = 5.0
"""Seconds that the end waits for its own alert to go out."""


def watch(wiring: Wiring) -> BcpError | None:
    """Watch until SIGTERM or SIGINT, or the terminal is closed; then everything seen is written, else why it is not.

    Raises SourceError for a bad start.
    """
    keeper = Watch(wiring)
    asyncio.run(keeper.run())
    return keeper.trouble


class Watch:
    """One watch under way. `is_over` ends it from inside the loop."""

    def __init__(self, wiring: Wiring) -> None:
        self._wired = wiring
        self._plan = wiring.load()
        self._due: dict[str, float] = {}
        self._looked: set[str] = set()
        self._busy: set[str] = set()
        self._rounds: set[asyncio.Task[None]] = set()
        self._reminded_at: dict[str, datetime] = {}
        self._spans = SureSpans(wiring.spans, wiring.shared.clock)
        self.is_over = asyncio.Event()
        self._teller = Notifier(wiring.told, wiring.say, wiring.shared, wiring.bug)
        self._troubles = Troubles(self._alert)
        self._gathered = GatheredLooks(self._spans, self._troubles, wiring.bug)
        self._background = Background(wiring.bug, self._troubles, self.is_over.is_set)
        self._edits = Edits(wiring, self._troubles)
        self._alive = SignOfLife(wiring.shared, self._troubles)
        self._grace = Grace(wiring.grace)
        self._is_hung_up = False

    @property
    def _checks(self) -> Mapping[str, Check]:
        return self._plan.checks

    @property
    def trouble(self) -> BcpError | None:
        """Why what was seen is not all written; None where it is."""
        return self._spans.trouble

    async def run(self) -> None:
        """Look, until it is over; then write what was seen."""
        loop = asyncio.get_running_loop()
        self._all_due(loop.time())
        self._alive.planned(self._checks, loop.time())
        end_on_signals(loop, self.is_over.set, self._hang_up)
        for words in self._wired.first_words:
            self._alert(words)
        if self._wired.untold is not None:
            self._grace.begin(loop.time())
            for outcome in self._wired.untold:
                self._grace.hold(outcome)
        scheduler = self._background.scheduler(loop, self._wired.duties, self._jobs(), self._now())
        try:
            await self._look_on(
                loop, lambda: [job.modify(next_run_time=self._now()) for job in scheduler.get_jobs()]
            )
        finally:
            scheduler.shutdown(wait=False)
            await self._end()

    async def _look_on(self, loop: asyncio.AbstractEventLoop, duties_are_due: Callable[[], object]) -> None:
        """Look at what is due, for as long as it lasts; whatever fails in between, it is tried again."""
        difference, last = self._now().timestamp() - loop.time(), loop.time()
        while not self.is_over.is_set():
            try:
                await self._sleep(loop)
                stood, last = loop.time() - last, loop.time()
                jumped = abs(self._now().timestamp() - loop.time() - difference) > _JUMP
                if jumped or stood > _STALLED:
                    difference = self._now().timestamp() - loop.time()
                    duties_are_due()
                    self._begin_anew(None if jumped else timedelta(seconds=round(stood)))
                self._begin_round(loop.time())
                self._hear_all(self._grace.over(loop.time()))
                self._troubles.over("loop")
            except Exception as error:  # noqa: BLE001 - a bug of ours, and the looks go on
                self._wired.bug(error)
                self._troubles.failed("loop", of_looks())
                await asyncio.sleep(1)

    async def _end(self) -> None:
        """Write what was seen, and tell what is not told yet."""
        for task in self._rounds:
            task.cancel()
        await asyncio.gather(*self._rounds, return_exceptions=True)
        self._gathered.keep(all_of_it=True)
        self._hear_all(self._grace.end())
        await self._teller.end()
        if self._is_hung_up:
            words = _("The watch has ended: its terminal was closed. Nobody looks now. To go on: bcp watch")
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.to_thread(self._wired.alert, words), _LAST_ALERT)

    def _alert(self, words: str) -> None:
        self._teller.do(lambda: self._wired.alert(words))

    def _hang_up(self) -> None:
        self._is_hung_up = True
        self._wired.hung_up()
        self.is_over.set()

    def _now(self) -> datetime:
        return self._wired.shared.clock.now()

    async def _sleep(self, loop: asyncio.AbstractEventLoop) -> None:
        """Until the next check is due, a second at most, or until it is over."""
        wait = min([1.0, *(due - loop.time() for due in self._due.values())])
        with suppress(TimeoutError):
            await asyncio.wait_for(self.is_over.wait(), max(0.01, wait))

    def _begin_anew(self, stood: timedelta | None) -> None:
        """The computer's clock jumped, or it stood still: all is due now, and what was waited for is not.

        A computer that slept has no network yet: for a minute news are held back, and told as one.
        """
        words = _("the clock of this computer jumped; everything is looked at anew")
        if stood is not None:
            words = _("nobody could look for {time}; everything is looked at anew")
            words = words.format(time=say_duration(stood))
        self._wired.say(words)
        self._all_due(asyncio.get_running_loop().time())
        self._reminded_at.clear()
        self._teller.forget()
        self._grace.begin(asyncio.get_running_loop().time())

    def _all_due(self, now: float) -> None:
        """Everything is due: some hundred at once, for a thousand looks under way take the memory of a thousand."""
        self._due = {name: now + TOGETHER * (number // _AT_ONCE) for number, name in enumerate(self._checks)}

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
            task.add_done_callback(partial(self._over, free))

    def _over(self, due: Sequence[str], task: asyncio.Task[None]) -> None:
        self._rounds.discard(task)
        if task.cancelled():
            return
        if (error := task.exception()) is None:
            for name in due:
                self._troubles.over(f"look {name}")
            return
        self._wired.bug(error)
        for name in due:
            self._troubles.failed(f"look {name}", of_looks())

    async def _round(self, due: Sequence[str]) -> None:
        wired, plan = self._wired, self._plan
        try:
            looking = Round(
                plan.checks,
                states(self._spans.held()),
                wired.shared,
                plan.zone,
                references=plan.references,
                suspected=lambda: self._teller.suspect(plan.checks, plan.references, looking),
                explained=lambda outcome: self._teller.explained(outcome, plan.checks, plan.references),
            )
            await looking.run(due, self._found)
        finally:
            self._busy.difference_update(due)

    def _found(self, outcome: Outcome) -> None:
        self._busy.discard(outcome.check)
        if outcome.check not in self._checks:
            return
        is_first = not self._alive.has_looked
        self._alive.looked(outcome.check, asyncio.get_running_loop().time())
        held = self._spans.held().get(outcome.check)
        is_news = outcome.is_news and (held is None or held.state != outcome.state)
        gap = max(3 * self._checks[outcome.check].every, _SHORTEST_GAP)
        self._gathered.add(outcome.seen, gap)
        if is_news:
            self._gathered.keep()  # what is told is written before
            self._reminded_at[outcome.check] = outcome.at
            if self._grace.is_on:
                self._grace.hold(outcome)
            else:
                self._teller.hear(outcome, self._checks, self._plan.references)
        elif outcome.state in ("down", "inconclusive", "warning"):
            self._remind(outcome)
        if is_first:
            self._give_sign()

    def _hear_all(self, outcomes: Sequence[Outcome]) -> None:
        if known := [outcome for outcome in outcomes if outcome.check in self._checks]:
            self._teller.hear_all(known, self._checks, self._plan.references)

    def _remind(self, outcome: Outcome) -> None:
        check = self._checks[outcome.check]
        last = self._reminded_at.setdefault(outcome.check, outcome.at)
        if check.remind is None or outcome.at - last < check.remind:
            return
        if not within(outcome.at, check.quiet, self._plan.zone):
            self._reminded_at[outcome.check] = outcome.at
            held = self._spans.held().get(outcome.check)
            told = replace(outcome, since=held.first) if held is not None else outcome
            self._teller.do(lambda: self._wired.reminded(told))

    def _jobs(self) -> list[LoopJob]:
        return [
            LoopJob(_LOOK_FOR_EDITS, self._reload),
            LoopJob(_ALIVE, self._say_alive),
            LoopJob(_KEEP_EVERY, self._keep),
        ]

    async def _keep(self) -> None:
        """Try once more to write what the store refused: the next look may be an hour away."""
        if self._spans.trouble is not None:
            self._gathered.keep(all_of_it=True)

    async def _reload(self) -> None:
        """Take up an edit of the checks; keep the last good ones if it does not load."""
        plan = self._edits.plan()
        if plan is None:
            return
        now = asyncio.get_running_loop().time()
        self._due = {
            name: self._due.get(name, now) if self._checks.get(name) == check else now
            for name, check in plan.checks.items()
        }
        self._alive.planned(plan.checks, now)
        is_other_page, self._plan = plan.alive != self._plan.alive, plan
        self._wired.say(_("checks loaded again: {count}").format(count=len(plan.checks)))
        if is_other_page:
            await self._say_alive()

    def _give_sign(self) -> None:
        task = asyncio.create_task(self._background.carefully(self._say_alive))
        self._rounds.add(task)
        task.add_done_callback(self._rounds.discard)

    async def _say_alive(self) -> None:
        if self._plan.alive:
            await self._alive.send(self._plan.alive, self._checks, asyncio.get_running_loop().time())
