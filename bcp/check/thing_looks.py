"""The looks at a thing of ours: from here, once more, over the second way, and where others say that it is."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bcp.check.model import Check
from bcp.check.name_view import NameView, believing, view
from bcp.check.path_needs import needs
from bcp.check.round import Round, Sight
from bcp.check.run import CheckLook, look_once
from bcp.check.second_way import SecondWay
from bcp.check.site_families import dead_family
from bcp.check.thing import Thing, is_unencrypted, service_of
from bcp.probe.base import Shared, works

_MOST_NAMES = 3


async def look_at_thing(check: Check, shared: Shared, second: SecondWay, under_way: Round | None) -> Thing:
    """Look; where that fails, look once more (a lost packet is no outage), over the second way, and by other names."""
    sight = under_way.sight(check.check) if under_way is not None else None
    service = None if check.is_about_path else service_of(check)
    # Shielded: a diagnosis that ends early must not take the looks of the round with it.
    here = await (asyncio.shield(sight.first) if sight else look_once(check, shared))
    thing = Thing(
        check.check,
        check.title,
        service,
        here,
        rests_on=tuple(check.depends_on),
        is_plain=is_unencrypted(check),
        passes_line=any("provider" in needs(probe, shared.names.settings) for probe in check.probes),
    )
    if works(here.state) and service is not None and under_way is None:
        return replace(thing, halved=await dead_family(check, shared))
    if works(here.state) or service is None:
        return thing
    again, elsewhere, named = await asyncio.gather(
        _once_more(check, shared, sight), second.look(check), _by_other_names(check, here, shared)
    )
    views, at_theirs = named
    return replace(thing, here=again, elsewhere=elsewhere, views=views, at_theirs=at_theirs)


async def _once_more(check: Check, shared: Shared, sight: Sight | None) -> CheckLook:
    return await (asyncio.shield(sight.second) if sight else look_once(check, shared))


async def _by_other_names(
    check: Check, here: CheckLook, shared: Shared
) -> tuple[tuple[NameView, ...], CheckLook | None]:
    """What others say of the names of the probes that fail, and a look at the addresses that they give."""
    failing = [
        (probe, shared.interface(probe.bound_to()))
        for probe, result in zip(check.probes, here.results, strict=True)
        if not works(result.state) and not result.reached
    ]
    names = dict.fromkeys((host, via) for probe, via in failing for host in probe.targets())
    asked = [view(shared, host, via) for host, via in list(names)[:_MOST_NAMES]]
    views = tuple(each for each in await asyncio.gather(*asked) if each is not None)
    theirs = {each.name: each.elsewhere for each in views if each.elsewhere}
    return views, await look_once(check, believing(shared, theirs)) if theirs else None
