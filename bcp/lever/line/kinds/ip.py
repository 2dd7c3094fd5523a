"""ip: Linux without a network manager; the default route of the line is put before all others.

Only routes are added, and only those are taken away. Where the line has no IPv6 and another one has, programs are told
at once that no IPv6 leads out, so that they take IPv4. The name servers stay those of /etc/resolv.conf, so they must be
reachable over either line, such as a public one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from bcp.command_words import as_typed
from bcp.errors import StepFailed
from bcp.i18n import _
from bcp.lever.line import routing
from bcp.lever.line.base import LineDriver, Made, Saved
from bcp.outside import World
from bcp.yaml.types import Line

_FAMILIES: tuple[tuple[routing.Family, str], ...] = ((4, "routes"), (6, "routes6"))


class Ip(LineDriver):
    """Put the line's default route first."""

    is_of_one_computer: ClassVar[bool] = True

    interface: Line = Field(examples=["wwan0"], description="the network interface of this line")
    gateway: Line | None = Field(
        default=None,
        description="its router, where the interface has no default route",
        examples=["192.168.8.1"],
    )

    def describe(self) -> str:
        """What becomes of the routes."""
        return f"Send everything out through {self.interface} (ip route)"

    def programs(self) -> tuple[str, ...]:
        """iproute2."""
        return ("ip",)

    def present(self, world: World) -> Saved:
        """The routes that lead everything out."""
        return {"routes": routing.read(world), "routes6": routing.read(world, 6)}

    def switch(self, world: World) -> str:
        """One more default route, better than the others, which stay; IPv6 goes the same way, or nowhere."""
        routes, routes6 = self._checked(world), routing.read(world, 6)
        routing.put_first(world, 4, self.interface, self._router(routes, routes6))
        router6 = self._router6(routes6)
        if router6 is not None:
            routing.put_first(world, 6, self.interface, router6)
        else:
            routing.shut_ipv6(world)
        return self.interface

    def made(self, world: World, saved: Saved) -> Made:
        """The routes of ours through the interface; where there is no new one, those of an earlier switch serve."""
        here, before = self._ours(world, 4), saved.get("routes", [])
        new = [route for route in here if route not in before]
        new6 = [route for route in self._ours(world, 6) if route not in saved.get("routes6", [])]
        return {
            "interface": self.interface,
            "routes": new or here,
            "routes6": new6 if new else self._ours(world, 6),
        }

    def put_back(self, world: World, saved: Saved, made: Made) -> None:
        """Our routes away, no other touched; programs may use IPv6 again."""
        if "routes6" not in saved:
            self._put_back_older(world, saved)
        for family, key in _FAMILIES:
            # A second switch that was cut short left more than what was written down after the first.
            unseen = [route for route in self._ours(world, family) if route not in saved.get(key, [])]
            routing.remove(world, family, dict.fromkeys((*made.get(key, []), *unseen)))
        routing.open_ipv6(world)

    def stands(self, world: World, made: Made) -> str:
        """Whether our routes are there and it leads out."""
        gone = [
            route
            for family, key in _FAMILIES
            for there in (routing.read(world, family),)
            for route in made.get(key, [])
            if route not in there
        ]
        try:
            routing.refuse_dead_link(world, self.interface)
        except StepFailed as failed:
            return failed.message
        if gone:
            words = _("our route through {interface} is gone: the modem restarted, or somebody took it away")
            return words.format(interface=self.interface)
        if renewed := self._renewed(world):
            return renewed
        elsewhere = routing.leads_elsewhere(world, self.interface)
        return elsewhere or (routing.leads_elsewhere(world, self.interface, 6) if "routes6" in made else "")

    def leftovers(self, world: World, mades: Sequence[Made]) -> list[str]:
        """Routes of an earlier switch that are still there."""
        found = []
        words = _("a route of an earlier switch is still there, take it away: {command}")
        for family, key in _FAMILIES:
            there = routing.read(world, family)
            old = dict.fromkeys(route for made in mades for route in made.get(key, []))
            commands = (
                as_typed(("ip", f"-{family}", "route", "del", *route.split()))
                for route in old
                if route in there
            )
            found += [words.format(command=command) for command in commands]
        return found

    def stand_by(self, world: World) -> str:
        """A default route behind all others, where it has none: a look through the interface needs one."""
        routes = self._checked(world)
        if not routing.of(self.interface, routes):
            routing.stand_behind(world, self.interface, self._router(routes))
        return self.interface

    def let_down(self, world: World, saved: Saved, made: Made) -> None:
        """That route away, also where an earlier look left it."""
        own = self._ours(world, 4)
        routing.remove(world, 4, [route for route in own if routing.metric(route) == routing.STANDING_BY])

    def _checked(self, world: World) -> list[str]:
        """The routes. Raises StepFailed where the interface is dead."""
        routing.refuse_dead_link(world, self.interface)
        return routing.read(world)

    def _router(self, routes: list[str], routes6: Sequence[str] = ()) -> str:
        """The router of this line; ours may lead to an earlier one. Raises StepFailed where nobody told one."""
        given = routing.router_of(self.interface, routes)
        own = routing.of(self.interface, routes)
        if given is None and not self.gateway and not own:
            raise routing.no_router(self.interface, bool(routing.of(self.interface, routes6)))
        return self.gateway or routing.gateway(own) if given is None else given

    def _router6(self, routes: list[str]) -> str | None:
        """The same of IPv6; None where this line has none."""
        given, own = routing.router_of(self.interface, routes), routing.of(self.interface, routes)
        return routing.gateway(own) if given is None and own else given

    def _renewed(self, world: World) -> str:
        """Whether the line got another router since: our route leads to one that is not there any more."""
        for family, _key in _FAMILIES:
            routes = routing.read(world, family)
            router = routing.router_of(self.interface, routes)
            if router is not None and routing.stale(self.interface, router, routes):
                words = _(
                    "{interface} got another router since ({router}), and our route leads to the old one"
                )
                return words.format(interface=self.interface, router=router or _("none"))
        return ""

    def _ours(self, world: World, family: routing.Family) -> list[str]:
        routes = routing.read(world, family)
        return [
            route for route in routes if routing.is_ours(route) and routing.device(route) == self.interface
        ]

    def _put_back_older(self, world: World, saved: Saved) -> None:
        """What an earlier version set without our mark: at this metric, in place of a route with the same one."""
        before: list[str] = saved["routes"]
        at = routing.preferred(self.interface, before)
        for route in routing.read(world):
            is_new = routing.device(route) == self.interface and route not in before
            if is_new and routing.metric(route) == at and "proto" not in route.split():
                routing.give_way(world, route, before)


Kind = Ip
