"""Diagnosis: one verdict from all layers, with what was seen of each, and the runbook that it suggests.

1. Our own path, all layers at once; beside it what the office's checks look at, and those that fail once more over a
   second way out of this office; then the controls, which neither we nor those things can be to blame for.
2. A broken layer of our path is the verdict; nothing can be said about what lies behind it, nor is it waited for.
3. Else what the controls alone say is the verdict (`control_verdict`): our clock, somebody who answers in the place of
   everybody, port 443, the size of the packets.
4. Else a thing of ours that fails, compared with the controls (`thing`).
5. Else a path that loses packets is degraded, and a slow one too slow. Else all is well, unless something fails and
   nobody can tell why: then it is named.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from bcp.check.control_verdict import blamed, is_too_slow, step_for_blocked
from bcp.check.controls import Controls, look_at_controls
from bcp.check.good_days import compared, is_good, keep, public_address, seen_today
from bcp.check.model import Check
from bcp.check.network_path import Layer, Path, References
from bcp.check.path_look import look_at_path
from bcp.check.round import Outcome, Round
from bcp.check.run import CheckLook
from bcp.check.second_way import SecondWay
from bcp.check.thing import OF_SERVICE, Thing, service_of
from bcp.check.thing_looks import look_at_thing
from bcp.i18n import _
from bcp.private_address import is_inside
from bcp.probe.base import Shared, works
from bcp.probe.public import SLOW
from bcp.verdict import Verdict, meanings, next_steps

OF_LAYER: Mapping[str, Verdict] = {
    "computer": "lan-down",
    "router": "gateway-down",
    "tunnel": "vpn-down",
    "provider": "isp-down",
    "portal": "portal",
    "names": "dns-down",
}
_OF_LINE = frozenset({*OF_LAYER.values(), "mtu"})
"""The verdicts that lead to the runbook of the line."""
_SURE = frozenset({*OF_SERVICE.values(), "dns-down"})
_MOST_SECONDS, _MOST_BESIDE_LOOKS = 11.0, 6.5
"""When a diagnosis must be there: asked for by a person, and beside the looks of a round."""


class Conclusion(NamedTuple):
    """The one verdict, and the check whose failure it is, if it is not our path's."""

    verdict: Verdict
    culprit: str | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One verdict, what it rests on, and what to do; `second` is the second way out that was used.

    `thing` is the title of the check whose failure the verdict is, where it is not our own line's.
    """

    verdict: Verdict
    at: datetime
    path: Path
    things: tuple[Thing, ...]
    second: str | None
    runbook: str | None
    seconds: float
    thing: str | None = None
    controls: Controls = field(default_factory=Controls)
    own_step: str | None = None

    @property
    def next_step(self) -> str:
        """The one thing to do next, in plain words."""
        return self.own_step or next_steps()[self.verdict]

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers of our path."""
        return self.path.layers

    def explains(self, check: Check) -> bool:
        """Whether that check fails because of what was found elsewhere: our clock, a wall, our name servers."""
        failing = (thing for thing in self.things if thing.check == check.check)
        return not check.is_about_path and any(each.is_explained_by(self.verdict) for each in failing)

    def excused(self, outcome: Outcome, check: Check) -> Outcome:
        """The same outcome, which says nothing of a check that fails because of what was found elsewhere."""
        if outcome.state != "down" or not self.explains(check):
            return outcome
        words = _("cannot be told: {why}").format(why=meanings()[self.verdict])
        return replace(outcome, state="inconclusive", reason=f"{words} ({outcome.reason})")

    def resolved(self, outcomes: Iterable[Outcome], checks: Mapping[str, Check]) -> Diagnosis:
        """The same where it found nothing although a check is down by these outcomes: that check is what is wrong."""
        down = [each.check for each in outcomes if each.state == "down" and each.check in checks]
        if self.verdict != "ok" or not down:
            return self
        check = checks[down[0]]
        runbook = None if check.is_about_path else check.runbook
        step = look_at_itself(check)
        return replace(self, verdict="inconclusive", thing=check.title, runbook=runbook, own_step=step)


async def diagnose(
    checks: Mapping[str, Check],
    shared: Shared,
    references: References | None = None,
    under_way: Round | None = None,
) -> Diagnosis:
    """Look at everything at once and say what is wrong, within some ten seconds; beside a round within seven.

    What the round `under_way` is looking at at this moment is not looked at beside it: its looks count, and nothing is
    sent that takes much data.
    """
    wanted = references or References()
    at, began = shared.clock.now(), shared.clock.monotonic()
    second = SecondWay(shared, wanted)
    seen = await _seen(checks, shared, wanted, second, under_way)
    verdict, culprit = conclude(seen.path, seen.things, seen.controls, wanted.slow_below)
    if verdict == "ok" and is_good(seen.path):
        keep(shared.remembers, seen_today(seen.path, shared, seen.public))
    return Diagnosis(
        verdict,
        at,
        seen.path,
        seen.things,
        second.via,
        suggested(verdict, culprit, checks, seen.controls),
        shared.clock.monotonic() - began,
        checks[culprit].title if culprit else None,
        seen.controls,
        _own_step(verdict, culprit, seen, checks),
    )


class _Seen(NamedTuple):
    """What was seen before anything is concluded from it; `public` is the address by which the world knows us."""

    path: Path
    things: tuple[Thing, ...]
    controls: Controls
    public: str


async def _seen(
    checks: Mapping[str, Check],
    shared: Shared,
    wanted: References,
    second: SecondWay,
    under_way: Round | None,
) -> _Seen:
    at = shared.clock.now()
    limit = shared.clock.monotonic() + (_MOST_BESIDE_LOOKS if under_way else _MOST_SECONDS)
    chosen = [check for check in checks.values() if _is_asked(check, under_way)]
    looking = [asyncio.create_task(look_at_thing(check, shared, second, under_way)) for check in chosen]
    beside = asyncio.create_task(look_at_controls(shared, wanted)) if under_way is not None else None
    public = asyncio.create_task(public_address(shared)) if under_way is None and shared.remembers else None
    try:
        path, controls = await look_at_path(shared, wanted, counts_loss=True), Controls()
        path = await compared(path, shared)
        if not path.culprit:
            # In a whole one after the packets are counted: what fills a slow line would make them late.
            controls = await (beside or look_at_controls(shared, wanted, is_whole=True))
            if looking:
                await asyncio.wait(looking, timeout=max(0.0, limit - shared.clock.monotonic()))
        things = tuple(
            _seen_over(path, each.result()) if each.done() else _not_waited_for(check, at)
            for check, each in zip(chosen, looking, strict=True)
        )
        address = public.result() if public and public.done() and not public.cancelled() else ""
        return _Seen(path, things, controls, address)
    finally:
        for task in (*looking, *second.tasks, *filter(None, (beside, public))):
            task.cancel()


def diagnose_now(checks: Mapping[str, Check], shared: Shared, references: References) -> Diagnosis:
    """`diagnose` for those who have no loop of their own."""
    return asyncio.run(diagnose(checks, shared, references))


def conclude(
    path: Path, things: Sequence[Thing], controls: Controls | None = None, slow_below: float = SLOW
) -> Conclusion:
    """What is wrong (see above). Of several things that fail, the first that is surely down."""
    controls = controls or Controls()
    if path.culprit:
        return Conclusion(OF_LAYER[path.culprit.name])
    is_page_well = any(layer.name == "portal" and layer.state == "ok" for layer in path.layers)
    blame = blamed(controls, is_page_well=is_page_well, is_lossy=path.loses)
    is_refuted = blame in ("portal", "isp-down") or (blame == "mtu" and not controls.is_small_enough)
    if blame is not None and not (is_refuted and any(map(_proves_the_web, things))):
        return Conclusion(blame)
    is_slow = is_too_slow(controls, slow_below)
    # Where packets get lost, silence in the middle of a conversation is no fault of the other side.
    judged = [(thing, thing.judged(None if path.loses else _control_of(thing, controls))) for thing in things]
    failing = [(thing, verdict) for thing, verdict in judged if verdict != "ok"]
    sure = [(thing, verdict) for thing, verdict in failing if verdict in _SURE]
    told = sure if sure or path.is_degraded or is_slow else _first_causes(failing)
    if told:
        return Conclusion(told[0][1], told[0][0].check)
    is_seen = controls.works or all(
        layer.state != "unknown" for layer in path.layers if layer.name in ("provider", "names")
    )
    if not is_seen:
        return Conclusion("inconclusive")
    return Conclusion("degraded" if path.is_degraded else "too-slow" if is_slow else "ok")


def _proves_the_web(thing: Thing) -> bool:
    """Whether an encrypted page of ours came from out there: then nobody answers in its place or shuts it out."""
    if thing.service != "website" or thing.is_plain or not works(thing.here.state):
        return False
    addresses = [result.evidence.get("address") for result in thing.here.results]
    return any(isinstance(each, str) and not is_inside(each) for each in addresses)


def _control_of(thing: Thing, controls: Controls) -> bool | None:
    """Whether the controls of the same kind work: over plain http for a website that is looked at so."""
    return bool(controls.plain) or None if thing.is_plain else controls.works


def _first_causes(failing: Sequence[tuple[Thing, Verdict]]) -> list[tuple[Thing, Verdict]]:
    """Those first that rest on none of the others."""
    names = {thing.check for thing, _verdict in failing}
    return sorted(failing, key=lambda each: (each[1] == "degraded", not names.isdisjoint(each[0].rests_on)))


def _own_step(verdict: Verdict, culprit: str | None, seen: _Seen, checks: Mapping[str, Check]) -> str | None:
    """What to do, where it is something else than what is always done for the verdict."""
    controls = seen.controls
    if verdict == "isp-down" and controls.works is False:
        return step_for_blocked(controls)
    if verdict == "ok" and controls.clock is not None and controls.clock.is_told:
        return next_steps()["clock-wrong"]
    if verdict == "dns-down" and culprit is None and seen.path.are_names_denied:
        return _("Go over to mobile internet, and tell the provider: no name server helps, 9.9.9.9 neither.")
    thing = next((each for each in seen.things if each.check == culprit), None)
    if verdict == "degraded" and thing is not None:
        words = _("Tell who looks after “{thing}”: one of its two kinds of address is dead.")
        return words.format(thing=thing.title)
    is_plain = verdict == "inconclusive" and thing is not None and thing.service is None
    is_itself = thing is not None and is_plain and thing.here.state == "down"
    return look_at_itself(checks[thing.check]) if thing is not None and is_itself else None


def look_at_itself(check: Check) -> str:
    """The next step where all else answers."""
    if check.is_about_path:
        words = _(
            "Go on working: the line carries other things. What “{thing}” looks at is down itself, or shut out."
        )
    else:
        words = _("Look at “{thing}” itself: the line works.")
    return words.format(thing=check.title)


def suggested(
    verdict: Verdict, culprit: str | None, checks: Mapping[str, Check], controls: Controls | None = None
) -> str | None:
    """The runbook for a verdict: of the check that looks at our own line, or that of the check which fails."""
    if verdict in _OF_LINE:
        return next(
            (check.runbook for check in checks.values() if check.is_about_path and check.runbook), None
        )
    if culprit is None or verdict == "degraded":
        return None
    is_line_well = checks[culprit].is_about_path and controls is not None and bool(controls.works)
    return None if is_line_well else checks[culprit].runbook


def _is_asked(check: Check, under_way: Round | None) -> bool:
    """Beside a round only websites, mail, telephones and what the round looks at: no program is started for it."""
    if under_way is None:
        return True
    if check.is_about_path:
        return False
    return service_of(check) is not None or under_way.sight(check.check) is not None


def _seen_over(path: Path, thing: Thing) -> Thing:
    """What is said of a thing, given our own path: where one family of ours is dead, it is not theirs."""
    is_whole = all(is_well for _family, is_well in path.families)
    return thing if is_whole else replace(thing, halved="")


def _not_waited_for(check: Check, at: datetime) -> Thing:
    """What is said of a thing that had not answered when our own line turned out to be broken."""
    here = CheckLook(check.check, "inconclusive", _("no answer yet"), at)
    return Thing(check.check, check.title, service_of(check), here)
