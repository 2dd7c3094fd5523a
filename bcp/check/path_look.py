"""Looks at our own path: all layers at once, with and beside a VPN that takes all traffic, and what it loses.

Under loss any single look may fail. So where packets are counted, what seems broken although some of them came back is
looked at again before it is blamed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address

from bcp.check.loss import LossRow
from bcp.check.name_service import answering
from bcp.check.network_path import Layer, LayerAnswer, Observed, Path, References, judge
from bcp.check.way_out import Target, WayOut, spoken, way_out
from bcp.i18n import _
from bcp.probe.base import Attempt, Result, Shared
from bcp.probe.dial import connect
from bcp.probe.gateway import answers
from bcp.probe.handshake import comes_back
from bcp.probe.icmp import echo_requests
from bcp.probe.interfaces import DIRECT
from bcp.probe.trouble import Trouble, explain

_SHARE = 0.75
"""What a look at our own path may take of the time that a look at anything may take: it is begun with a look that is
late already, and the round is not to wait for it."""
_AGAIN = 3
"""How often a lossy path is looked at once more before something on it is called broken."""


async def look_at_path(
    shared: Shared, references: References, via: str | None = None, counts_loss: bool = False
) -> Path:
    """Look at all layers at once, over `via` or the way out that this computer takes by itself.

    Where that is the tunnel of a VPN, the physical way is looked at beside it: if only the tunnel is broken, it is to
    blame. With `counts_loss` a path on which nothing is broken is looked at for some seconds more, and once again if it
    breaks meanwhile: a line that died while its packets were counted is not a lossy one.
    """
    way = await way_out(via)
    if not way.physical:
        return await _look(shared, references, via, counts_loss)
    async with asyncio.TaskGroup() as together:
        through = together.create_task(_look(shared, references, via, counts_loss))
        beside = together.create_task(_look(shared, references, way.physical, False))
    name = way.interface.name if way.interface else ""
    return _with_tunnel(name, through.result(), beside.result())


def _with_tunnel(name: str, through: Path, beside: Path) -> Path:
    """One path from the two: the office's own layers as they are without the VPN, the rest as it is through it."""
    if through.culprit is None and not through.untold:
        told = _("all traffic goes through the VPN ({name}), and it works").format(name=name)
        own = tuple(
            each for each in beside.layers if each.name in ("computer", "router") and each.state == "ok"
        )
        layers = own if len(own) == 2 else through.layers[:2]
        layers = (*layers, Layer("tunnel", "ok", (told,)), *through.layers[2:])
        return replace(through, layers=layers, tunnel=name)
    if beside.culprit or beside.untold:
        return replace(beside, tunnel=name)
    told = _(
        "all traffic goes through the VPN ({name}), and nothing comes back from it; past it the internet is there"
    )
    broken = Layer("tunnel", "broken", (told.format(name=name),))
    return replace(beside, layers=(*beside.layers[:2], broken, *beside.layers[2:]), tunnel=name)


async def _look(shared: Shared, references: References, via: str | None, counts_loss: bool) -> Path:
    if not counts_loss:
        return judge(await _observe(shared, references, via), references)
    row = _row(shared, references, via)
    counting = asyncio.create_task(row.run())
    try:
        seen = await _observe(shared, references, via)
        seen = await _seen_again(seen, row, shared, references, via)
        if judge(seen, references).culprit:
            return judge(_heard_late(seen, row, spoken(references.addresses, via)), references)
        await counting
        if row.has_ended:
            return judge(await _observe(shared, references, via), references)
        lost, sent = row.counted()
        if sent and lost == sent:  # all of them came, none in time
            return judge(replace(seen, is_late=True), references)
        return judge(replace(seen, loss=(lost, sent)), references)
    finally:
        counting.cancel()


async def _seen_again(
    seen: Observed, row: LossRow, shared: Shared, references: References, via: str | None
) -> Observed:
    """What was seen, and seen once more where something seems broken while packets come back and some do not."""
    for _time in range(_AGAIN):
        if judge(seen, references).culprit is None or not row.is_losing or row.has_ended:
            break
        seen = _better(seen, await _observe(shared, references, via))
    return seen


def _heard_late(
    seen: Observed, row: LossRow, asked: tuple[tuple[Target, ...], tuple[Target, ...]]
) -> Observed:
    """What was seen of a line on which answers still come, but too late for a look: it is full, and not dead."""
    if not row.has_arrived or row.has_ended or seen.is_reached:
        return seen

    def of(answers: tuple[LayerAnswer, ...], targets: tuple[Target, ...]) -> tuple[LayerAnswer, ...]:
        late = _("{address} answers, but late")
        return tuple(
            LayerAnswer(True, late.format(address=target[0])) if target in row.heard else answer
            for answer, target in zip(answers, targets, strict=False)
        )

    four, six = (of(*each) for each in zip((seen.addresses, seen.addresses_6), asked, strict=True))
    return replace(seen, addresses=four, addresses_6=six, is_late=True)


def _better(one: Observed, other: Observed) -> Observed:
    """What at least one of two looks saw."""
    if other.missing:
        return other

    def of(first: LayerAnswer, second: LayerAnswer) -> LayerAnswer:
        return first if first.is_yes else second

    def each(first: tuple[LayerAnswer, ...], second: tuple[LayerAnswer, ...]) -> tuple[LayerAnswer, ...]:
        return tuple(map(of, first, second)) if len(first) == len(second) else second

    return replace(
        other,
        router=of(one.router, other.router),
        names=of(one.names, other.names),
        public_names=of(one.public_names, other.public_names),
        page=one.page if one.page[0] != "inconclusive" else other.page,
        addresses=each(one.addresses, other.addresses),
        addresses_6=each(one.addresses_6, other.addresses_6),
        echo=one.echo or other.echo,
    )


async def _observe(shared: Shared, references: References, via: str | None) -> Observed:
    from bcp.probe.kinds.portal import Portal  # brings h11, which a round in which all is well does not need

    before = await way_out(via)
    if before.missing:
        return _nothing_seen(before)
    limit = timedelta(seconds=shared.timeout * _SHARE)
    four, six = spoken(references.addresses, via)
    servers = shared.names.servers(via)
    async with asyncio.TaskGroup() as together:

        def try_out(attempt: Awaitable[str]) -> asyncio.Task[LayerAnswer]:
            return together.create_task(_tried(attempt, shared))

        router = try_out(_gateway(before, via))
        names = try_out(answering(servers, references.names, via))
        public = try_out(answering(shared.names.public, references.names, via))
        fours = [try_out(_address(shared, via, each)) for each in four]
        sixes = [try_out(_address(shared, via, each)) for each in six]
        echo = try_out(_echo([*four, *six][0][0], via))
        page = together.create_task(Portal(url=references.page, via=via, timeout=limit).look(shared))
    after = await way_out(via)
    if after.missing:  # the system notices that a cable is out up to a second late
        return _nothing_seen(after)
    return Observed(
        after.interface,
        "",
        router.result(),
        names.result(),
        public.result(),
        (page.result().state, page.result().reason),
        tuple(each.result() for each in fours),
        untold=before.untold or after.untold or _held_up(page.result()),
        addresses_6=tuple(each.result() for each in sixes),
        echo=echo.result().is_yes,
        name_servers=servers,
    )


def _held_up(page: Result) -> str:
    """What the office's proxy says if it lets us nowhere: silence of what is asked directly then tells nothing."""
    return page.reason if page.evidence.get("refused_by") else ""


def _nothing_seen(way: WayOut) -> Observed:
    """What a computer sees that itself lacks something."""
    nothing = LayerAnswer(False, way.missing)
    return Observed(way.interface, way.missing, nothing, nothing, nothing, ("inconclusive", way.missing))


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
    if router == DIRECT:
        return _("no router is in between")
    scope = f"%{way.interface.name}" if ip_address(router).is_link_local and ":" in router else ""
    return await answers(router + scope, via)


async def _address(shared: Shared, via: str | None, target: Target) -> str:
    address, port = target
    (await connect(Attempt(shared, via), address, port)).close()
    return _("{address} answers").format(address=address)


async def _echo(address: str, via: str | None) -> str:
    with echo_requests(address, via, 2, 1.0) as under_way:
        await under_way.first()
    return address


def _row(shared: Shared, references: References, via: str | None) -> LossRow:
    """A row of packets to the references of one family."""
    four, six = spoken(references.addresses, via)
    return LossRow(four or six, lambda target: comes_back(*target, via), shared.clock.monotonic)
