"""Our own path to the internet: this computer, the office's router, the provider, a login page, names.

All layers are looked at at once. A layer that fails is broken only if those before it are well; what lies behind a
broken layer is unknown, for nobody could see it from here. What comes through proves all that it came through: a
router that answers nothing is well if the internet answers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from bcp.check.loss import arrivals
from bcp.check.name_service import answering
from bcp.check.way_out import WayOut, way_out
from bcp.i18n import _
from bcp.probe.base import Attempt, Shared, State
from bcp.probe.dial import connect
from bcp.probe.gateway import answers
from bcp.probe.interfaces import DIRECT, Interface
from bcp.probe.public import PAGE
from bcp.probe.trouble import Trouble, explain

LayerName = Literal["computer", "router", "provider", "portal", "names"]
LayerState = Literal["ok", "broken", "degraded", "unknown"]
ORDER: tuple[LayerName, ...] = ("computer", "router", "portal", "provider", "names")
"""The order in which a broken layer is blamed: a login page lets nothing through, so it comes before the provider."""

LOSSY = 3
_SHARE = 0.75
"""What a look at our own path may take of the time that a look at anything may take: it is begun with a look that is
late already, and the round is not to wait for it."""


@dataclass(frozen=True, slots=True)
class References:
    """What stands for "the internet": addresses of different operators, a page with a known answer, names."""

    addresses: tuple[tuple[str, int], ...] = (("1.1.1.1", 443), ("8.8.8.8", 443), ("9.9.9.9", 443))
    quorum: int = 2  # so many of them must answer
    page: str = PAGE
    names: tuple[str, ...] = ("connectivitycheck.gstatic.com", "captive.apple.com")


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer, how it is, and what was seen of it, in plain words."""

    name: LayerName
    state: LayerState
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LayerAnswer:
    """Whether something answered, and how it put it; `is_unclear` where this computer itself could not ask."""

    is_yes: bool
    words: str
    is_unclear: bool = False


@dataclass(frozen=True, slots=True)
class Observed:
    """What was seen of all layers at once, before anything is concluded from it.

    `missing` is what this computer itself lacks; `loss` is how many of how many packets were lost, if counted;
    `untold` is why this computer does not tell what it lacks.
    """

    interface: Interface | None
    missing: str
    router: LayerAnswer
    names: LayerAnswer
    public_names: LayerAnswer
    page: tuple[State, str]
    addresses: tuple[LayerAnswer, ...] = ()
    loss: tuple[int, int] = (0, 0)
    untold: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """The layers of our path over one interface.

    `untold` is why nobody can say which of them is broken, although nothing comes back from beyond them.
    """

    interface: Interface | None
    layers: tuple[Layer, ...]
    untold: str = ""

    @property
    def culprit(self) -> Layer | None:
        """The layer to blame, if one is broken."""
        by_name = {layer.name: layer for layer in self.layers}
        return next((by_name[name] for name in ORDER if by_name[name].state == "broken"), None)

    @property
    def lost(self) -> frozenset[LayerName]:
        """The broken layer and those behind it, which nobody can reach from here."""
        if self.culprit:
            return frozenset(ORDER[ORDER.index(self.culprit.name) :])
        return frozenset(ORDER if self.untold else ())

    @property
    def is_degraded(self) -> bool:
        """Whether it works, but badly."""
        return not self.culprit and any(layer.state == "degraded" for layer in self.layers)


async def look_at_path(
    shared: Shared, references: References, via: str | None = None, counts_loss: bool = False
) -> Path:
    """Look at all layers at once, over `via` or the way out that this computer takes by itself.

    With `counts_loss` a path on which nothing is broken is looked at for some seconds more, and once again if it
    breaks meanwhile: a line that died while its packets were counted is not a lossy one.
    """
    losing = asyncio.create_task(_losing(shared, via, references)) if counts_loss else None
    try:
        seen = await _observe(shared, references, via)
        path = judge(seen, references)
        if losing is None or path.culprit:
            return path
        arrived = await losing
        if not any(arrived[-len(references.addresses) :]):
            seen = await _observe(shared, references, via)
        return judge(replace(seen, loss=(arrived.count(False), len(arrived))), references)
    finally:
        if losing is not None:
            losing.cancel()


async def _observe(shared: Shared, references: References, via: str | None) -> Observed:
    from bcp.probe.kinds.portal import Portal  # brings h11, which a round in which all is well does not need

    before = await way_out(via)
    if before.missing:
        return _nothing_seen(before)
    limit = timedelta(seconds=shared.timeout * _SHARE)
    async with asyncio.TaskGroup() as together:
        router = together.create_task(_tried(_gateway(before, via), shared))
        names = together.create_task(
            _tried(answering(shared.names.servers(via), references.names, via), shared)
        )
        public = together.create_task(_tried(answering(shared.names.public, references.names, via), shared))
        addresses = [
            together.create_task(_tried(_address(shared, via, each), shared)) for each in references.addresses
        ]
        page = together.create_task(Portal(url=references.page, via=via, timeout=limit).look(shared))
    after = await way_out(via)
    if after.missing:  # the system notices that a cable is out up to a second late
        return _nothing_seen(after)
    told = (page.result().state, page.result().reason)
    found = tuple(each.result() for each in addresses)
    seen = Observed(after.interface, "", router.result(), names.result(), public.result(), told, found)
    return replace(seen, untold=before.untold or after.untold)


def _nothing_seen(way: WayOut) -> Observed:
    """What a computer sees that itself lacks something."""
    nothing = LayerAnswer(False, way.missing)
    return Observed(way.interface, way.missing, nothing, nothing, nothing, ("inconclusive", way.missing))


def cut_off(interface: Interface | None, missing: str) -> Path:
    """The path of a computer that itself lacks something, so that nothing can be seen from it."""
    rest = (Layer(name, "unknown", (_("nobody can see it from here"),)) for name in ORDER[1:])
    return Path(interface, (Layer("computer", "broken", (missing,)), *rest))


def judge(seen: Observed, references: References) -> Path:
    """The state of each layer, from what was seen of all of them."""
    if seen.missing:
        return cut_off(seen.interface, seen.missing)
    provider = _provider(seen, references.quorum)
    portal: dict[State, LayerState] = {"up": "ok", "down": "broken", "inconclusive": "unknown"}
    public = () if seen.names.is_yes else (_public(seen.public_names),)
    return Path(
        seen.interface,
        (
            _computer(seen),
            _router(seen),
            Layer("portal", portal[seen.page[0]], (seen.page[1],)),
            provider,
            Layer("names", _names_state(seen, provider.state), (seen.names.words, *public)),
        ),
        "" if _is_there(seen) else seen.untold,
    )


def _computer(seen: Observed) -> Layer:
    if seen.interface is None:
        return Layer("computer", "unknown", (seen.untold,))
    return Layer("computer", "ok", (_("{name} is connected").format(name=seen.interface.name),))


def _router(seen: Observed) -> Layer:
    if seen.router.is_yes:
        return Layer("router", "ok", (seen.router.words,))
    if _is_there(seen):
        return Layer("router", "ok", (_("it does not answer itself, but what lies behind it does"),))
    return Layer("router", "unknown" if seen.untold else "broken", (seen.router.words,))


def _is_there(seen: Observed) -> bool:
    """Whether anything at all came back from beyond the router, a login page included."""
    return seen.page[0] != "inconclusive" or any(each.is_yes for each in seen.addresses)


def _provider(seen: Observed, quorum: int) -> Layer:
    answered = sum(each.is_yes for each in seen.addresses)
    lost, sent = seen.loss
    state: LayerState
    if answered >= quorum or seen.page[0] == "up":
        state = "degraded" if lost >= LOSSY else "ok"
    elif answered:
        state = "degraded"
    else:
        state = "broken" if seen.router.is_yes and seen.page[0] != "down" else "unknown"
    told = [
        _("{answered} of {count} well-known addresses answer").format(
            answered=answered, count=len(seen.addresses)
        ),
        *(
            [_("{lost} of {sent} packets were lost").format(lost=lost, sent=sent)]
            if sent and answered
            else []
        ),
        *(each.words for each in seen.addresses if not each.is_yes),
    ]
    return Layer("provider", state, tuple(dict.fromkeys(told)))


def _names_state(seen: Observed, provider: LayerState) -> LayerState:
    if seen.names.is_yes or seen.page[0] == "up":
        return "ok"
    return "broken" if provider in ("ok", "degraded") and not seen.names.is_unclear else "unknown"


def _public(answer: LayerAnswer) -> str:
    return _("public name servers answer") if answer.is_yes else _("public name servers do not answer either")


async def _tried(attempt: Awaitable[str], shared: Shared) -> LayerAnswer:
    try:
        async with asyncio.timeout(shared.timeout * _SHARE):
            return LayerAnswer(True, await attempt)
    except TimeoutError:
        return LayerAnswer(
            False, _("no answer within {length}").format(length=f"{shared.timeout * _SHARE:g} s")
        )
    except Trouble as trouble:
        return LayerAnswer(False, trouble.reason, trouble.state == "inconclusive")
    except (OSError, EOFError, ValueError) as error:
        why = explain(error)
        return LayerAnswer(False, why.reason, why.state == "inconclusive")


async def _gateway(way: WayOut, via: str | None) -> str:
    if way.interface is None or way.interface.gateway is None:
        raise Trouble(way.untold, "inconclusive")
    router = way.interface.gateway
    return _("no router is in between") if router == DIRECT else await answers(router, via)


async def _address(shared: Shared, via: str | None, target: tuple[str, int]) -> str:
    address, port = target
    (await connect(Attempt(shared, via), address, port)).close()
    return _("{address} answers").format(address=address)


async def _losing(shared: Shared, via: str | None, references: References) -> list[bool]:
    """Which of a row of packets to the references arrived."""

    async def reach(target: tuple[str, int]) -> bool:
        return (await _tried(_address(shared, via, target), shared)).is_yes

    return await arrivals(references.addresses, reach, shared.clock.monotonic)
