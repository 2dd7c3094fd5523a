"""Looking: one look at a check, its quorum, and the looks in a row that confirm a change.

a look       all probes of the check at once; up if `need` of them see it (a warning if one of them warns),
             inconclusive if those that could not tell might have made up the number, else down
a finding    1. look once; if it shows the state we knew, that is the finding
             2. else look again at the pace of `confirm` (of `confirm_up` on the way up) until so many of the last
                looks agree: in a row, or three of five
             3. as soon as too many show the state we knew, it stays; what failed in between are blips
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bcp.check.model import Check, Confirm
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

    @property
    def blips(self) -> int:
        """How many looks failed although it is up."""
        return sum(look.state == "down" for look in self.looks) if works(self.state) else 0


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
    rule = check.rule(works(looks[0].state))
    while (state := _settled(looks, known, rule)) is None and len(looks) < 2 * rule.of:
        await asyncio.sleep(max(0.0, begun + len(looks) * rule.pause - loop.time()))
        looks.append(await look_once(check, shared))
        seen(looks[-1])
    return CheckFinding(state or before or "inconclusive", tuple(looks))


def _settled(looks: Sequence[CheckLook], known: Collection[State], rule: Confirm) -> State | None:
    """What the last looks confirm: a change, or that what we knew stays; None while they may confirm either."""
    recent = [look.state for look in looks[-rule.of :]]
    strange = [state for state in recent if state not in known]
    if not strange:
        return recent[-1]
    if len(recent) - len(strange) > rule.of - rule.looks:
        return next(state for state in reversed(recent) if state in known)
    # With and without a warning it works: neither refutes that it came back.
    agreeing = [state for state in strange if state == strange[-1] or (works(state) and works(strange[-1]))]
    return strange[-1] if len(agreeing) >= rule.looks else None
