"""Diagnosis: one verdict from all layers, with what was seen of each, and the runbook that it suggests.

1. Our own path, all layers at once; beside it the things that the office's checks look at (website, mail,
   telephone), and those that fail once more over a second way out of this office.
2. A broken layer of our path is the verdict; nothing can be said about what lies behind it, nor is it waited for.
3. Else a thing of ours that fails is down if it fails over the second way, too, or if it was reached and said so
   itself. If the second way sees it, it is unreachable from here. Without a second way nobody can tell.
4. Else a path that loses packets is degraded. Else all is well, unless this computer could not look at a part of it,
   because it does not tell how its own network is: then nobody can tell.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from bcp.check.model import Check
from bcp.check.network_path import Layer, Path, References
from bcp.check.path_look import look_at_path
from bcp.check.round import Round
from bcp.check.run import CheckLook, look_once
from bcp.check.way_out import second_ways
from bcp.i18n import _
from bcp.probe.base import Probe, Remote, Shared, works
from bcp.verdict import Verdict, next_steps

OF_LAYER: Mapping[str, Verdict] = {
    "computer": "lan-down",
    "router": "gateway-down",
    "tunnel": "vpn-down",
    "provider": "isp-down",
    "portal": "portal",
    "names": "dns-down",
}
Service = Literal["website", "mail", "phone"]
OF_SERVICE: Mapping[Service, Verdict] = {"website": "site-down", "phone": "phone-down", "mail": "mail-down"}
_KINDS: Mapping[str, Service] = {
    "http": "website",
    "tls": "website",
    "smtp": "mail",
    "imap": "mail",
    "sip": "phone",
}
_PORTS: Mapping[int, Service] = {
    **dict.fromkeys((80, 443), "website"),
    **dict.fromkeys((25, 465, 587, 143, 993, 110, 995), "mail"),
    **dict.fromkeys((5060, 5061), "phone"),
}


@dataclass(frozen=True, slots=True)
class Thing:
    """Something of ours that was looked at: from here and, where there is one, over a second way."""

    check: str
    title: str
    service: Service
    here: CheckLook
    elsewhere: CheckLook | None = None

    @property
    def verdict(self) -> Verdict:
        """What these looks say about it, given that our own path is well."""
        if works(self.here.state):
            return "ok"
        reached = any(result.reached for result in self.here.results if not works(result.state))
        if self.elsewhere is not None and works(self.elsewhere.state):
            return "site-unreachable-here" if self.service == "website" else OF_SERVICE[self.service]
        if self.here.state == "down" and (reached or (self.elsewhere and self.elsewhere.state == "down")):
            return OF_SERVICE[self.service]
        return "inconclusive"


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

    @property
    def next_step(self) -> str:
        """The one thing to do next, in plain words."""
        return next_steps()[self.verdict]

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers of our path."""
        return self.path.layers


async def diagnose(
    checks: Mapping[str, Check],
    shared: Shared,
    references: References | None = None,
    under_way: Round | None = None,
) -> Diagnosis:
    """Look at everything at once and say what is wrong, within some ten seconds.

    What the round `under_way` is looking at at this moment is not looked at beside it: its looks count.
    """
    wanted = references or References()
    at, began = shared.clock.now(), shared.clock.monotonic()
    services = [(check, service_of(check)) for check in checks.values() if not check.is_about_path]
    ours = [(check, service) for check, service in services if service is not None]
    second = _SecondWay(shared, wanted)
    looking = [
        asyncio.create_task(_look_at(check, service, shared, second, under_way)) for check, service in ours
    ]
    try:
        path = await look_at_path(shared, wanted, counts_loss=True)
        if not path.culprit:
            await asyncio.gather(*looking)
        things = tuple(
            each.result() if each.done() else _not_waited_for(check, service, at)
            for (check, service), each in zip(ours, looking, strict=True)
        )
    finally:
        for task in (*looking, *second.tasks):
            task.cancel()
    verdict, culprit = conclude(path, things)
    runbook = suggested(verdict, culprit, checks)
    took = shared.clock.monotonic() - began
    thing = checks[culprit].title if culprit else None
    return Diagnosis(verdict, at, path, things, second.via, runbook, took, thing)


def diagnose_now(checks: Mapping[str, Check], shared: Shared, references: References) -> Diagnosis:
    """`diagnose` for those who have no loop of their own."""
    return asyncio.run(diagnose(checks, shared, references))


def service_of(check: Check) -> Service | None:
    """What a check looks at: by the kinds of its probes, or by the ports of their connections."""
    for probe in check.probes:
        kind = type(probe).__module__.rpartition(".")[2]
        found = _KINDS.get(kind) or _PORTS.get(getattr(probe, "port", None) or 0)
        if found:
            return found
    return None


class Conclusion(NamedTuple):
    """The one verdict, and the check whose failure it is, if it is not our path's."""

    verdict: Verdict
    culprit: str | None = None


def conclude(path: Path, things: Sequence[Thing]) -> Conclusion:
    """What is wrong (see above). Of several things that fail, the first that is surely down."""
    if path.culprit:
        return Conclusion(OF_LAYER[path.culprit.name])
    failing = [thing for thing in things if thing.verdict != "ok"]
    down = [thing for thing in failing if thing.verdict in OF_SERVICE.values()]
    told = down if down or path.is_degraded else failing
    if told:
        return Conclusion(told[0].verdict, told[0].check)
    if any(layer.state == "unknown" for layer in path.layers if layer.name in ("provider", "names")):
        return Conclusion("inconclusive")
    return Conclusion("degraded" if path.is_degraded else "ok")


def suggested(verdict: Verdict, culprit: str | None, checks: Mapping[str, Check]) -> str | None:
    """The runbook for a verdict: that of the check which fails, or of the one that looks at our own line."""
    if culprit:
        return checks[culprit].runbook
    if verdict not in OF_LAYER.values():
        return None
    return next((check.runbook for check in checks.values() if check.is_about_path and check.runbook), None)


async def _look_at(
    check: Check, service: Service, shared: Shared, second: _SecondWay, under_way: Round | None
) -> Thing:
    """Look; where that fails, look once more (a lost packet is no outage) and beside it over the second way."""
    sight = under_way.sight(check.check) if under_way is not None else None
    # Shielded: a diagnosis that ends early must not take the looks of the round with it.
    here = await (asyncio.shield(sight.first) if sight else look_once(check, shared))
    if works(here.state):
        return Thing(check.check, check.title, service, here)
    once_more = asyncio.shield(sight.second) if sight else look_once(check, shared)
    again, elsewhere = await asyncio.gather(once_more, second.look(check))
    return Thing(check.check, check.title, service, again, elsewhere)


def _not_waited_for(check: Check, service: Service, at: datetime) -> Thing:
    """What is said of a thing that had not answered when our own line turned out to be broken."""
    here = CheckLook(check.check, "inconclusive", _("no answer yet"), at)
    return Thing(check.check, check.title, service, here)


class _SecondWay:
    """The first of the other ways out, used only if the internet is seen to be there over it."""

    def __init__(self, shared: Shared, references: References) -> None:
        self._shared, self._references = shared, references
        self._ways: asyncio.Task[list[str]] | None = None
        self._path: asyncio.Task[Path] | None = None
        self.via: str | None = None

    @property
    def tasks(self) -> list[asyncio.Task[Any]]:
        """What may still be under way."""
        return [task for task in (self._ways, self._path) if task]

    async def look(self, check: Check) -> CheckLook | None:
        """A look at `check` over it, and a second one where the first fails; None if there is no such way."""
        if self._ways is None:  # asked of the system once, however many things fail at once
            self._ways = asyncio.create_task(second_ways())
        ways = await asyncio.shield(self._ways)
        if not ways:
            return None
        if self._path is None:
            self._path = asyncio.create_task(look_at_path(self._shared, self._references, ways[0]))
        moved = moved_to(check, ways[0])
        looked = await look_once(moved, self._shared)
        if not works(looked.state):
            looked = await look_once(moved, self._shared)
        if (await self._path).culprit:
            return None
        self.via = ways[0]
        return looked


def moved_to(check: Check, via: str) -> Check:
    """The same check, its remote probes bound to another interface unless they name one themselves."""
    probes: list[Probe] = [
        probe.model_copy(update={"via": via}) if isinstance(probe, Remote) and probe.via is None else probe
        for probe in check.probes
    ]
    return check.model_copy(update={"probes": probes})


class Station(NamedTuple):
    """A place on the way from here to there, as a layman knows it: its state, its name, and what was seen of it."""

    state: str
    name: str
    seen: str


def picture(diagnosis: Diagnosis) -> list[Station]:
    """The way from here to there, then each check that was looked at."""
    titles = {
        "computer": _("this computer"),
        "router": _("the office's router"),
        "tunnel": _("the VPN"),
        "portal": _("no login page"),
        "provider": _("the provider"),
        "names": _("names"),
    }
    rows = [Station(layer.state, titles[layer.name], "; ".join(layer.evidence)) for layer in diagnosis.layers]
    for thing in diagnosis.things:
        state = "unknown" if diagnosis.path.culprit and not works(thing.here.state) else thing.here.state
        told = thing.here.reason
        if thing.elsewhere:
            told = _("{here}; over {second}: {elsewhere}").format(
                here=told, second=diagnosis.second, elsewhere=thing.elsewhere.reason
            )
        rows.append(Station(state, thing.title, told))
    return rows
