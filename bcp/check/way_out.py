"""The interface through which this computer leads out, what it lacks, and the other ways out that there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from bcp.i18n import _
from bcp.probe.interfaces import DIRECT, Interface, named, read_interfaces, ways_out
from bcp.probe.kinds.link import what_is_missing
from bcp.probe.public import ADDRESSES
from bcp.probe.route import source_to
from bcp.probe.trouble import Trouble

Target = tuple[str, int]
_MOST = 3  # interfaces that are named


class WayOut(NamedTuple):
    """An interface, and what it lacks; `untold` is why this computer does not tell, and then there is neither.

    `physical` is the interface below, where the one that is taken is the tunnel of a VPN.
    """

    interface: Interface | None
    missing: str
    untold: str = ""
    physical: str = ""


async def way_out(via: str | None) -> WayOut:
    """The interface `via`, or the one that this computer takes by itself."""
    try:
        found = await read_interfaces()
    except Trouble as trouble:
        return WayOut(None, "", trouble.reason)
    if via is not None:
        own = named(found, via)
        absent = _("this computer has no interface {name}").format(name=via)
        return WayOut(own, what_is_missing(own) if own else absent)
    taken = _taken(found)
    if taken is not None and (physical := _below(taken, found)):
        return WayOut(taken, "", physical=physical.name)
    physical_ways = [each for each in ways_out(found) if not each.is_tunnel]
    rest = sorted(found, key=lambda each: (each.is_tunnel, not each.has_link, not each.has_address))
    best = [*([taken] if taken else []), *physical_ways, *rest]
    if not best:
        return WayOut(None, _("this computer has no network interface"))
    return WayOut(best[0], _all_that_is_missing(best[0], found))


def _all_that_is_missing(first: Interface, found: Sequence[Interface]) -> str:
    """What the interface lacks; where none leads out, what each lacks that is connected: it may be any of them."""
    if not (missing := what_is_missing(first)) or first.gateway is not None:
        return missing
    connected = sorted((each for each in found if each.has_link), key=lambda each: each.has_address)
    return "; ".join(map(what_is_missing, connected[:_MOST])) or missing


def _taken(found: Sequence[Interface]) -> Interface | None:
    """The interface over which the system itself would send to the internet, by IPv4 or else by IPv6.

    Half-default routes and the rules of a VPN stand in no table of default routes, but the system goes by them.
    """
    for is_six in (False, True):
        far = next(each for each in ADDRESSES if (":" in each) == is_six)
        source = source_to(far)
        if source is None:
            continue
        holders = [each for each in found if each.holds(source)]
        best = [*(each for each in ways_out(holders)), *holders]
        if best:
            return best[0] if best[0].gateway is not None else replace(best[0], gateway=DIRECT)
    return None


def _below(taken: Interface, found: Sequence[Interface]) -> Interface | None:
    """The physical way out below a tunnel; None where it is no tunnel, or where nothing else leads out."""
    if not taken.is_tunnel:
        return None
    ways = [each for each in ways_out(found) if not each.is_tunnel]
    return next((each for each in ways if not what_is_missing(each)), next(iter(ways), None))


def spoken(
    addresses: Sequence[Target], via: str | None = None
) -> tuple[tuple[Target, ...], tuple[Target, ...]]:
    """Those of IPv4 and those of IPv6, each if this computer knows a way there; those of IPv4 where it knows none."""
    four, six = (tuple(each for each in addresses if (":" in each[0]) == is_six) for is_six in (False, True))
    has_four, has_six = (bool(each) and source_to(each[0][0], via) is not None for each in (four, six))
    if not has_four and not has_six:
        return (four, ()) if four else ((), six)
    return four if has_four else (), six if has_six else ()


async def second_ways() -> list[str]:
    """The interfaces that lead out besides the one that this computer takes by itself; none where it does not tell."""
    try:
        found = await read_interfaces()
    except Trouble:
        return []
    taken = _taken(found)
    ways = [each for each in ways_out(found) if not each.is_tunnel]
    first = taken.name if taken else ""
    if taken is not None and (physical := _below(taken, found)):
        first = physical.name
    if first not in [each.name for each in ways]:
        first = ways[0].name if ways else ""
    return [each.name for each in ways if each.name != first and not what_is_missing(each)]
