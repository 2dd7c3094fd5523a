"""The routes of Linux that lead everything out, read and written with `ip`: which line leads out is decided here.

A route of ours bears a mark of ours (its protocol), so that it is found again, also after a crash, and taken away
without a look at any other. No route of others is ever replaced: where one has the best metric that there is, two
routes to the halves of the internet come before it, as VPNs do it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from bcp.errors import StepFailed
from bcp.i18n import _
from bcp.lever.line.program import BY_HAND, run
from bcp.outside import World

Family = Literal[4, 6]

PREFERRED = 50
STANDING_BY = 30_000
OURS = ("proto", "77")
"""The protocol of our routes: a number that iproute2's rt_protos gives to nobody."""
NOWHERE = ("unreachable",)
"""A route that tells programs at once to take the other family of addresses."""
_ALL = "default"
_HALVES: dict[Family, tuple[str, str]] = {4: ("0.0.0.0/1", "128.0.0.0/1"), 6: ("::/1", "8000::/1")}
_BEST: dict[Family, int] = {4: 0, 6: 1}
"""The smallest metric that a route can have: the kernel makes 1024 of 0 where it is IPv6."""
_WORST = 2**32
_FAR: dict[Family, str] = {4: "1.1.1.1", 6: "2606:4700:4700::1111"}
# What the kernel tells of a route and does not take back when the route is made again (ip-route(8)).
_TOLD_ONLY = frozenset({"linkdown", "dead", "offload", "offload_failed", "trap", "notify", "unresolved"})
_TUNNELS = frozenset({"tun", "wireguard", "xfrm", "vti", "ipip", "gre", "ip6tnl"})
_TOLD_WITH_VALUE = frozenset({"expires", "error"})


def read(world: World, family: Family = 4) -> list[str]:
    """The routes to everywhere, and to a half of it, each as the words that `ip route add` takes.

    Of a computer without IPv6 there are none of it.
    """
    try:
        told = run(world, (*_ip(family), "route", "show")).replace("\\", " ")
    except StepFailed:
        if family == 6:
            return []
        raise
    routes = (_words(line) for line in told.splitlines())
    return [" ".join(words) for words in routes if _leads_to(words) in (_ALL, *_HALVES[family])]


def device(route: str) -> str:
    """The interface of a route, or nothing where it has several."""
    found = re.findall(r"\bdev (\S+)", route)
    return found[0] if len(found) == 1 else ""


def metric(route: str) -> int:
    """Its metric: of several routes the smallest is taken."""
    found = re.search(r"\bmetric (\d+)", route)
    return int(found[1]) if found else 0


def gateway(route: str) -> str:
    """The router that it leads to, or nothing where it has none."""
    found = re.search(r"\bvia (\S+)", route)
    return found[1] if found else ""


def of(interface: str, routes: Iterable[str]) -> str:
    """The best default route over an interface, or nothing."""
    own = [route for route in routes if device(route) == interface and _is_whole(route)]
    return min(own, key=metric, default="")


def is_ours(route: str) -> bool:
    """Whether it bears our mark."""
    return " ".join(OURS) in route


def router_of(interface: str, routes: Sequence[str]) -> str | None:
    """The router that others gave an interface, which may have none; None where nobody gave it a default route."""
    own = of(interface, [route for route in routes if not is_ours(route)])
    return gateway(own) if own else None


def stale(interface: str, router: str, routes: Iterable[str]) -> list[str]:
    """Our routes over an interface that lead to another router than this one."""
    own = [route for route in routes if is_ours(route) and device(route) == interface]
    return [route for route in own if gateway(route) != router]


def is_nowhere(route: str) -> bool:
    """Whether it only says that nothing leads there."""
    return route.startswith(NOWHERE)


def preferred(interface: str, routes: Iterable[str]) -> int:
    """A metric of a default route that makes `interface` come before all others, where there is one."""
    metrics = (metric(route) for route in routes if device(route) != interface and _is_whole(route))
    return max(0, min(PREFERRED, min(metrics, default=PREFERRED + 1) - 1))


def put_first(world: World, family: Family, interface: str, router: str) -> None:
    """Make everything leave through an interface, beside all other routes; nothing where it does already.

    A route of ours to a router that the interface had earlier goes. Raises StepFailed where a VPN takes everything
    before it gets to a line.
    """
    remove(world, family, stale(interface, router, read(world, family)))
    routes = read(world, family)
    own = [route for route in routes if device(route) == interface]
    _before(world, family, own, [route for route in routes if route not in own], over(interface, router))


def shut_ipv6(world: World) -> None:
    """Let programs know at once that no IPv6 leads out, where it would leave by a line that is not in use."""
    routes = read(world, 6)
    own = [route for route in routes if is_nowhere(route) and is_ours(route)]
    if len(own) < len(routes):
        _before(world, 6, own, [route for route in routes if route not in own], NOWHERE)


def open_ipv6(world: World) -> None:
    """End that, unless another line of ours leads out that has no IPv6 either."""
    routes = read(world, 6)
    have_some = {device(route) for route in routes if is_ours(route) and not is_nowhere(route)}
    if {device(route) for route in read(world) if is_ours(route)} <= have_some:
        remove(world, 6, [route for route in routes if is_nowhere(route) and is_ours(route)])


def _before(
    world: World, family: Family, own: Sequence[str], rivals: Sequence[str], target: Sequence[str]
) -> None:
    """Add a route to `target` that comes before the rivals, unless one of our own does."""
    halves = [metric(route) for route in rivals if not _is_whole(route)]
    lowest = min(halves or map(metric, rivals), default=PREFERRED + 1)
    own_halves = [metric(route) for route in own if not _is_whole(route)]
    if (len(own_halves) > 1 and max(own_halves) < min(halves, default=_WORST)) or (
        not halves and any(metric(route) < lowest for route in own if _is_whole(route))
    ):
        return
    if lowest > _BEST[family]:
        at, places = min(PREFERRED, lowest - 1), _HALVES[family] if halves else (_ALL,)
    elif not halves:
        at, places = PREFERRED, _HALVES[family]
    else:
        (vpn, *_others) = (device(route) for route in rivals if not _is_whole(route))
        words = _("a VPN ({interface}) takes everything before it gets to a line: end it, then do this again")
        raise StepFailed(words.format(interface=vpn), BY_HAND)
    for place in places:
        add(world, family, place, target, at)


def add(world: World, family: Family, place: str, target: Sequence[str], at: int) -> None:
    """One more route, with our mark; it stands beside all that are there."""
    words = (*target, place) if target == NOWHERE else (place, *target)
    words = (*words, "metric", str(at), *OURS)
    if not any(set(words) <= set(route.split()) for route in read(world, family)):
        run(world, ("ip", f"-{family}", "route", "add", *words))


def stand_behind(world: World, interface: str, router: str) -> None:
    """A default route behind all others, so that one can look through the interface."""
    add(world, 4, _ALL, over(interface, router), STANDING_BY)


def over(interface: str, router: str) -> tuple[str, ...]:
    """The words of a route over an interface."""
    return (*(("via", router) if router else ()), "dev", interface)


def remove(world: World, family: Family, routes: Iterable[str]) -> None:
    """Take these very routes away, those of them that are there."""
    for route in routes:
        if route in read(world, family):
            run(world, ("ip", f"-{family}", "route", "del", *route.split()))


def give_way(world: World, route: str, replaced: Sequence[str]) -> None:
    """Take a route away that earlier versions set, and bring back what they replaced by it.

    Of others' routes with its metric one comes back, unless its interface has got another default route since.
    """
    present = {device(each) for each in read(world) if _is_whole(each)}
    for each in replaced:
        if metric(each) == metric(route) and device(each) not in present:
            run(world, ("ip", "-4", "route", "replace", *each.split()))
            return
    remove(world, 4, [route])


def way_out(world: World, family: Family = 4) -> str:
    """The interface that a packet to the internet leaves by, rules and all; nothing where none does.

    Of a VPN it is the one that its own packets leave by.
    """
    try:
        found = device(run(world, (*_ip(family), "route", "get", _FAR[family])))
        if not found or not _is_tunnel(world, found):
            return found
        beneath = [route for route in read(world, family) if device(route) != found]
    except StepFailed:
        return ""
    return device(min(beneath, key=lambda route: (_is_whole(route), metric(route)), default=""))


def leads_elsewhere(world: World, interface: str, family: Family = 4) -> str:
    """By what the office leads out where it is not `interface`, as a sentence; nothing where it is.

    IPv6 that leads nowhere is none. Raises StepFailed where routes cannot be read.
    """
    read(world)
    found = way_out(world, family)
    if found == interface or (family == 6 and found in ("", "lo")):
        return ""
    if not found:
        return _("no route leads out, through {interface} neither").format(interface=interface)
    words = _("{what} goes over {found}, not over {interface}")
    what = _("the internet") if family == 4 else "IPv6"
    return words.format(what=what, found=found, interface=interface)


def refuse_dead_link(world: World, interface: str) -> None:
    """Raises StepFailed for an interface that is not there, is switched off, or hangs on nothing."""
    told = run(
        world,
        ("ip", "-oneline", "link", "show", "dev", interface),
        told={1: _("this computer has no interface {interface}").format(interface=interface)},
    )
    flags = re.search(r"<(.*?)>", told)
    if not flags or "LOWER_UP" not in flags[1].split(","):
        words = _("{interface} is not connected: the cable is out, or the modem is off")
        raise StepFailed(words.format(interface=interface), "plug it in, then try again")


def no_router(interface: str, has_ipv6: bool = False) -> StepFailed:
    """Nobody told the interface where to send packets; none of IPv4, where `has_ipv6`."""
    words = _("{interface} knows no router: nobody gave it one (DHCP does not answer)")
    if has_ipv6:
        words = _("{interface} has IPv6 only, and most of what the office uses needs IPv4 as well")
    return StepFailed(words.format(interface=interface), BY_HAND)


def _ip(family: Family) -> tuple[str, ...]:
    return ("ip", f"-{family}", "-oneline")


def _is_tunnel(world: World, interface: str) -> bool:
    told = run(world, ("ip", "-details", "-oneline", "link", "show", "dev", interface))
    return not _TUNNELS.isdisjoint(told.split())


def _words(line: str) -> list[str]:
    told, words = iter(line.split()), []
    for word in told:
        if word in _TOLD_WITH_VALUE:
            next(told, None)
        elif word not in _TOLD_ONLY:
            words.append(word)
    return words


def _leads_to(words: Sequence[str]) -> str:
    return next((word for word in words if word not in NOWHERE), "")


def _is_whole(route: str) -> bool:
    return _leads_to(route.split()) == _ALL
