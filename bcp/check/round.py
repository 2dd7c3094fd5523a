"""A round: one pass over the checks that are due, and what we hold of each afterwards.

1. All checks look at once. A check in a maintenance window is left alone.
2. The first look that fails, or is late, begins a look at our own path, beside the looks that confirm.
3. A check that seems down is inconclusive if one of those it depends on is not up, or if our own path is broken at a
   layer that its looks pass. Dependencies that were not due are looked at, too: what they were is old.
4. What went down all the same is weighed once more by whoever has a diagnosis: our clock, a wall, our name servers.
5. A check that was inconclusive for such a reason and still seems down without it is confirmed like any other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bcp.check.hours import within
from bcp.check.model import Check
from bcp.check.network_path import Path, References
from bcp.check.path_look import look_at_path
from bcp.check.path_needs import excused, needs
from bcp.check.run import CheckFinding, CheckLook, find, quorum
from bcp.check.span import Seen
from bcp.i18n import _
from bcp.probe.base import Shared, State, works
from bcp.probe.bind import allow_many_sockets

LATE = 0.5
"""Seconds after which a look that has not answered is expected to fail."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a round says of one check; `since` is the moment of the first look that showed it.

    `is_told` says whether people hear of it where that is not plain: of a check that flaps, once and at its end;
    `unrest` says which of the two it is.
    """

    check: str
    state: State | Literal["maintenance"]
    before: State | None
    reason: str
    since: datetime
    at: datetime
    looks: int = 0
    latencies: tuple[float, ...] = ()
    blips: int = 0
    is_told: bool | None = None
    unrest: Literal["", "flapping", "settled"] = ""

    @property
    def is_news(self) -> bool:
        """Whether people want to hear of it: a change, or something that was not up when first looked at."""
        if self.is_told is not None:
            return self.is_told
        return self.state not in ("maintenance", self.before or "up")

    @property
    def seen(self) -> Seen:
        """What is kept of it."""
        return Seen(
            self.check, self.state, self.at, self.since, self.reason, self.looks, self.latencies, self.blips
        )


class Sight:
    """The looks of a round at one check: the first one, and the one that confirms or refutes it."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.first: asyncio.Future[CheckLook] = loop.create_future()
        self.second: asyncio.Future[CheckLook] = loop.create_future()

    @property
    def is_open(self) -> bool:
        """Whether it may yet turn out that it is not up: what was up a moment ago may be looked at anew."""
        return not self.first.done() or not works(self.first.result().state)


class Round:
    """One pass. `checks` are all checks of the office, `held` the states that we hold of them."""

    def __init__(
        self,
        checks: Mapping[str, Check],
        held: Mapping[str, State],
        shared: Shared,
        zone: ZoneInfo,
        *,
        references: References | None = None,
        suspected: Callable[[], None] = lambda: None,
        explained: Callable[[Outcome], Awaitable[Outcome]] | None = None,
    ) -> None:
        """`suspected` is called when a check that was not down begins to look as if it were.

        `explained` weighs one that went down once more, where somebody knows what else may be the cause of it.
        """
        self._suspected, self._explained = suspected, explained
        self._checks, self._held, self._shared, self._zone = checks, held, shared, zone
        self._references = references or References()
        self._looking: dict[str, asyncio.Task[Outcome]] = {}
        self._paths: dict[str | None, asyncio.Task[Path]] = {}
        self._sights: dict[str, Sight] = {}
        self._found: Callable[[Outcome], None] = lambda outcome: None

    async def run(
        self, due: Iterable[str], found: Callable[[Outcome], None] = lambda outcome: None
    ) -> list[Outcome]:
        """Look at the checks named; what came out for each, and for those that were looked at because of them.

        `found` is called with each as soon as it is known: others may hang for seconds yet.
        """
        self._found = found
        allow_many_sockets()
        try:
            await asyncio.gather(*[self._outcome(name) for name in due])
            return [each.result() for each in self._looking.values() if each.done()]
        finally:
            for task in [*self._looking.values(), *self._paths.values()]:
                task.cancel()

    def sight(self, name: str) -> Sight | None:
        """The looks at a check that are under way, for whoever else wants to know: nothing is looked at twice."""
        found = self._sights.get(name)
        return found if found is not None and found.is_open else None

    def _outcome(self, name: str) -> asyncio.Task[Outcome]:
        if name not in self._looking:
            self._looking[name] = asyncio.create_task(self._tell(self._checks[name]))
        return self._looking[name]

    async def _tell(self, check: Check) -> Outcome:
        outcome = await self._look(check)
        if self._explained is not None and outcome.state == "down" != outcome.before:
            outcome = await self._explained(outcome)
        self._found(outcome)
        return outcome

    async def _look(self, check: Check) -> Outcome:
        before, now = self._held.get(check.check), self._shared.clock.now()
        if within(now, check.maintenance, self._zone):
            return Outcome(check.check, "maintenance", before, _("maintenance"), now, now)
        late = asyncio.get_running_loop().call_later(LATE, self._suspect, check)
        try:
            believed: tuple[State, ...] = ("down",) if before == "inconclusive" else ()
            finding = await self._found_out(check, before, believed)
        finally:
            late.cancel()
        state, reason = await self._weighed(check, finding)
        if (before, state) == ("inconclusive", "down"):
            finding = await find(check, self._shared, before)
            state, reason = finding.state, finding.last.reason
        looks = finding.looks
        latencies = tuple(look.latency for look in looks if look.latency is not None)
        times = looks[0].at, looks[-1].at
        return Outcome(check.check, state, before, reason, *times, len(looks), latencies, finding.blips)

    async def _found_out(
        self, check: Check, before: State | None, believed: tuple[State, ...]
    ) -> CheckFinding:
        sight = self._sights[check.check] = Sight()

        def seen(look: CheckLook) -> None:
            if sight.first.done():
                _settle(sight.second, look)
                return
            sight.first.set_result(look)
            if not works(look.state):
                self._suspect(check)

        finding = await find(check, self._shared, before, believed, seen)
        _settle(sight.second, finding.last)  # where one look was enough
        return finding

    def _suspect(self, check: Check) -> None:
        """A look fails or is late: see to what it rests on, unless it was down before and that is no news."""
        if self._held.get(check.check) == "down":
            return
        self._suspected()
        for name in check.depends_on:
            self._outcome(name)
        if not check.is_about_path:
            for probe in check.probes:
                if needs(probe, self._shared.names.settings):
                    self._path(probe.bound_to())

    def _path(self, via: str | None) -> asyncio.Task[Path]:
        if via not in self._paths:
            looking = look_at_path(self._shared, self._references, self._shared.interface(via))
            self._paths[via] = asyncio.create_task(looking)
        return self._paths[via]

    async def _weighed(self, check: Check, finding: CheckFinding) -> tuple[State, str]:
        """The state and its reason, once dependencies and our own path have been taken into account."""
        if works(finding.state):
            return finding.state, finding.last.reason
        for name in check.depends_on:
            other = await self._outcome(name)
            if other.state in ("down", "inconclusive"):
                title = self._checks[name].title
                return "inconclusive", _("cannot be told: “{title}” is {state}").format(
                    title=title, state=other.state
                )
        paths = {via: await task for via, task in self._paths.items() if not check.is_about_path}
        state = quorum(excused(check, finding.last.results, paths, self._shared.names.settings), check.needed)
        if finding.state == "down" and state == "inconclusive":
            return state, _("cannot be told: {why}").format(why=_blame(check, paths))
        return finding.state, finding.last.reason


def _settle(future: asyncio.Future[CheckLook], look: CheckLook) -> None:
    if not future.done():
        future.set_result(look)


def _blame(check: Check, paths: Mapping[str | None, Path]) -> str:
    """What is wrong with the first broken path that the check's probes use."""
    used = [paths[probe.bound_to()] for probe in check.probes if probe.bound_to() in paths]
    culprits = [path.culprit for path in used if path.culprit]
    if culprits:
        return "; ".join(culprits[0].evidence)
    return next((path.untold for path in used if path.untold), "")
