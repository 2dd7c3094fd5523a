"""Looking: one look at a check, its quorum, and the looks in a row that confirm a change.

a look       all probes of the check at once; up if `need` of them see it (a warning if one of them warns),
             inconclusive if those that could not tell might have made up the number, else down
a finding    1. look once; if it shows the state we knew, that is the finding
             2. else look again at the pace of `confirm` until so many looks in a row agree
             3. the first look that disagrees ends it: the state we knew stays (a blip)
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bcp.check.model import Check
from bcp.probe.base import Result, Shared, State, works


@dataclass(frozen=True, slots=True)
class CheckLook:
    """What one look at a check gave.

    The reason is that of the probe that decided it, the latency (seconds) the longest of those that saw it.
    """

    check: str
    state: State
    reason: str
    at: datetime
    latency: float | None = None
    results: tuple[Result, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """What we hold of a check after as many looks as it took."""

    state: State
    looks: tuple[CheckLook, ...]

    @property
    def last(self) -> CheckLook:
        """The look that settled it."""
        return self.looks[-1]


async def look_once(check: Check, shared: Shared) -> CheckLook:
    """One look: all probes at once, and the quorum. Never raises for what is out there."""
    at = shared.clock.now()
    if len(check.probes) == 1:
        results: Sequence[Result] = [await check.probes[0].look(shared)]
    else:
        results = await asyncio.gather(*(probe.look(shared) for probe in check.probes))
    state = quorum([result.state for result in results], check.needed)
    latency = max((result.latency for result in results if result.latency is not None), default=None)
    return CheckLook(check.check, state, _reason(state, results), at, latency, tuple(results))


def quorum(states: Sequence[State], need: int) -> State:
    """The state of a check whose probes gave `states`, of which `need` must be up; one with a warning is up, too."""
    up = sum(map(works, states))
    if up >= need:
        return "warning" if "warning" in states else "up"
    return "inconclusive" if up + states.count("inconclusive") >= need else "down"


def _reason(state: State, results: Sequence[Result]) -> str:
    """The reasons of the probes that decided, each once."""
    reasons = dict.fromkeys(result.reason for result in results if result.state == state)
    return "; ".join(reasons) or "; ".join(dict.fromkeys(result.reason for result in results))


async def find(
    check: Check,
    shared: Shared,
    before: State | None,
    believed: Collection[State] = (),
    seen: Callable[[CheckLook], None] = lambda look: None,
) -> CheckFinding:
    """Look, and look again until a change is confirmed or refuted (see above); `before` is None at first.

    `believed` are states that need no confirming besides the one we know. `seen` is called with each look, as soon as
    it is there.
    """
    known = {before or "up", *believed}
    loop = asyncio.get_running_loop()
    begun = loop.time()
    looks = [await look_once(check, shared)]
    seen(looks[0])
    agreeing = 1
    while (
        looks[-1].state not in known
        and agreeing < check.confirm.looks
        and len(looks) < 2 * check.confirm.looks
    ):
        await asyncio.sleep(max(0.0, begun + len(looks) * check.confirm.pause - loop.time()))
        looks.append(await look_once(check, shared))
        seen(looks[-1])
        agreeing = agreeing + 1 if looks[-1].state == looks[-2].state else 1
    is_settled = looks[-1].state in known or agreeing >= check.confirm.looks
    state: State = looks[-1].state if is_settled else before or "inconclusive"
    return CheckFinding(state, tuple(looks))
