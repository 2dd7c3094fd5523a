"""Good days: how this computer led out when the line was well, so that what differs today can be said first.

One small file in the state holds the interface, the router and its hardware address, the name servers, the families of
addresses that worked and, where a diagnosis found it, the public address. Whether it can be written changes nothing.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path as File

from bcp.check.network_path import Layer, Path, References
from bcp.check.path_look import look_at_path
from bcp.files import put
from bcp.i18n import _
from bcp.probe.base import Shared
from bcp.probe.gateway import answers
from bcp.probe.interfaces import hardware_address
from bcp.probe.names import ask
from bcp.probe.trouble import Trouble

_KEPT = timedelta(days=1)
_PATIENCE = 1.0
_WHO_AM_I = (("208.67.222.222", 53), "myip.opendns.com")
"""OpenDNS answers the address that asks (https://support.opendns.com/hc/en-us/articles/227988027)."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GoodDay:
    """What was seen when the line was well; texts are empty where nobody could tell."""

    at: str = ""
    interface: str = ""
    router: str = ""
    hardware: str = ""
    servers: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    public: str = ""


def seen_today(path: Path, shared: Shared, public: str = "") -> GoodDay:
    """How this computer leads out now."""
    own = path.interface
    router = own.gateway or "" if own else ""
    return GoodDay(
        shared.clock.now().isoformat(timespec="seconds"),
        own.name if own else "",
        router,
        hardware_address(router) if router else "",
        tuple(address for address, _port in shared.names.servers(None)),
        tuple(name for name, is_well in path.families if is_well),
        public,
    )


def last_good_day(file: File | None) -> GoodDay | None:
    """What was kept; None where nothing was, or nothing that can be read."""
    if file is None:
        return None
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        at, interface, router, hardware, public = (
            str(told.get(name, "")) for name in ("at", "interface", "router", "hardware", "public")
        )
        servers, families = (tuple(map(str, told.get(name, ()))) for name in ("servers", "families"))
        return GoodDay(at, interface, router, hardware, servers, families, public)
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def keep(file: File | None, day: GoodDay) -> None:
    """Keep it, once a day or where something differs. What nobody could tell today is kept from the last time."""
    if file is None:
        return
    last = last_good_day(file)
    if last is not None:
        day = replace(day, public=day.public or last.public, hardware=day.hardware or last.hardware)
        if replace(day, at=last.at) == last and not _is_old(last, day.at):
            return
    try:
        put(file, json.dumps(asdict(day)).encode())
    except OSError as error:
        _LOG.warning("the good day was not kept: %s", error.strerror)


def _is_old(last: GoodDay, now: str) -> bool:
    try:
        age = datetime.fromisoformat(now) - datetime.fromisoformat(last.at)
    except (ValueError, TypeError):
        return True
    return not timedelta() <= age < _KEPT


def keep_if_due(shared: Shared, references: References) -> None:
    """Once a day: look at our own path, and keep how it is if it is well; for those who have no loop of their own."""
    last = last_good_day(shared.remembers)
    if shared.remembers is None or (last and not _is_old(last, shared.clock.now().isoformat())):
        return
    path = asyncio.run(look_at_path(shared, references))
    if is_good(path):
        keep(shared.remembers, seen_today(path, shared))


def is_good(path: Path) -> bool:
    """Whether nothing at all is wrong with it."""
    return not path.untold and all(layer.state == "ok" for layer in path.layers)


def differences(good: GoodDay, today: GoodDay) -> Iterator[str]:
    """What is otherwise today, in plain words, the likeliest cause first."""
    if good.router and not today.router:
        yield _("no router is known; on good days it was {good}").format(good=good.router)
    gone = set(good.families) - set(today.families)
    pairs = (
        (
            _("the router is {today}; on good days it was {good}"),
            good.router if _is_of_one_family(good.router, today.router) else "",
            today.router,
        ),
        (_("the way out is {today}; on good days it was {good}"), good.interface, today.interface),
        (
            _("the router is another device ({today}); on good days it was {good}"),
            good.hardware if good.router == today.router else "",
            today.hardware,
        ),
        (
            _("names are asked of {today}; on good days of {good}"),
            ", ".join(good.servers),
            ", ".join(today.servers),
        ),
        (
            _("only {today} works; on good days {good} did"),
            _and(good.families) if gone else "",
            _and(today.families),
        ),
        (_("the public address is {today}; on good days it was {good}"), good.public, today.public),
    )
    for words, before, now in pairs:
        if before and now and before != now:
            yield words.format(today=now, good=before)


def _is_of_one_family(one: str, other: str) -> bool:
    """Whether two addresses can be compared: a router has one of each family."""
    return (":" in one) == (":" in other)


def _and(families: tuple[str, ...]) -> str:
    return _(" and ").join(sorted(families))


async def compared(path: Path, shared: Shared) -> Path:
    """The same path with what differs from good days; the router is to blame if it is another one and leads nowhere
    while that of good days is there."""
    good = last_good_day(shared.remembers)
    if good is None:
        return path
    told = tuple(differences(good, seen_today(path, shared)))
    if path.culprit and path.culprit.name in ("provider", "names") and await _is_left(good, path):
        words = _(
            "this computer uses the router {today}, which leads nowhere; that of good days, {good}, is there"
        )
        router = path.interface.gateway if path.interface else ""
        blamed = Layer("router", "broken", (words.format(today=router, good=good.router),))
        layers = tuple(blamed if each.name == "router" else each for each in path.layers)
        path = replace(path, layers=layers)
    return replace(path, differs=told)


async def _is_left(good: GoodDay, path: Path) -> bool:
    """Whether the router of good days answers on our own network, and another one is used."""
    own = path.interface
    if own is None or not own.gateway or not good.router or own.gateway == good.router:
        return False
    if not _is_of_one_family(own.gateway, good.router):
        return False
    try:
        if not own.reaches(good.router):
            return False
        async with asyncio.timeout(_PATIENCE):
            return bool(await answers(good.router, None))
    except (OSError, ValueError):
        return False


async def public_address(shared: Shared) -> str:
    """The address under which the internet sees us; nothing where nobody says so at once."""
    server, name = _WHO_AM_I
    with suppress(TimeoutError, Trouble, OSError):
        async with asyncio.timeout(_PATIENCE):
            return next(iter((await ask((server,), name, "A")).values("A")), "")
    return ""
