"""The default routes of Linux (IPv4), read and written with `ip`: which line leads out is decided here, for real."""

from __future__ import annotations

import re

from bcp.errors import StepFailed
from bcp.lever.line.program import BY_HAND, run
from bcp.outside import World

PREFERRED = 50
STANDING_BY = 30_000
_FAR = "1.1.1.1"
_IP = ("ip", "-4", "-oneline")
# What the kernel tells of a route and does not take back when the route is made again (ip-route(8)).
_TOLD_ONLY = frozenset({"linkdown", "dead", "offload", "offload_failed", "trap", "notify", "unresolved"})


def read(world: World) -> list[str]:
    """The default routes, each as the words that `ip route replace` takes."""
    told = run(world, (*_IP, "route", "show", "default")).replace("\\", " ")
    lines = (" ".join(word for word in line.split() if word not in _TOLD_ONLY) for line in told.splitlines())
    return [line for line in lines if line]


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


def of(interface: str, routes: list[str]) -> str:
    """The best default route over an interface, or nothing."""
    own = [route for route in routes if device(route) == interface]
    return min(own, key=metric, default="")


def preferred(interface: str, routes: list[str]) -> int:
    """A metric that makes `interface` come before all others."""
    lowest = min((metric(route) for route in routes if device(route) != interface), default=PREFERRED + 1)
    return max(0, min(PREFERRED, lowest - 1))


def add(world: World, interface: str, router: str, at: int) -> None:
    """A default route over an interface; in place of one with the same metric."""
    via = ("via", router) if router else ()
    run(world, ("ip", "-4", "route", "replace", "default", *via, "dev", interface, "metric", str(at)))


def put(world: World, wanted: list[str]) -> None:
    """Make the default routes those of `wanted`: first what is missing, then away with what is too much."""
    for route in wanted:
        if route not in read(world):
            run(world, ("ip", "-4", "route", "replace", *route.split()))
    for route in read(world):
        if route not in wanted:
            run(world, ("ip", "-4", "route", "del", *route.split()))


def way_out(world: World) -> str:
    """The interface that a packet to the internet leaves by, rules and all; nothing where none does."""
    try:
        return device(run(world, (*_IP, "route", "get", _FAR)))
    except StepFailed:
        return ""


def refuse_dead_link(world: World, interface: str) -> None:
    """Raises StepFailed for an interface that is not there, is switched off, or hangs on nothing."""
    told = run(
        world,
        ("ip", "-oneline", "link", "show", "dev", interface),
        told={1: f"this computer has no interface {interface}"},
    )
    flags = re.search(r"<(.*?)>", told)
    if not flags or "LOWER_UP" not in flags[1].split(","):
        raise StepFailed(
            f"{interface} is not connected: the cable is out, or the modem is off",
            "plug it in, then try again",
        )


def no_router(interface: str) -> StepFailed:
    """Nobody told the interface where to send packets."""
    return StepFailed(f"{interface} knows no router: nobody gave it one (DHCP does not answer)", BY_HAND)
