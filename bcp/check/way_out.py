"""The interface through which this computer leads out, what it lacks, and the other ways out that there are."""

from __future__ import annotations

from typing import NamedTuple

from bcp.i18n import _
from bcp.probe.interfaces import Interface, named, read_interfaces, ways_out
from bcp.probe.kinds.link import what_is_missing
from bcp.probe.trouble import Trouble


class WayOut(NamedTuple):
    """An interface, and what it lacks; `untold` is why this computer does not tell, and then there is neither."""

    interface: Interface | None
    missing: str
    untold: str = ""


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
    best = [*ways_out(found), *sorted(found, key=lambda each: (not each.has_link, not each.has_address))]
    if not best:
        return WayOut(None, _("this computer has no network interface"))
    return WayOut(best[0], what_is_missing(best[0]))


async def second_ways() -> list[str]:
    """The interfaces that lead out besides the one that this computer takes by itself; none where it does not tell."""
    try:
        found = await read_interfaces()
    except Trouble:
        return []
    return [each.name for each in ways_out(found)[1:] if not what_is_missing(each)]
