"""ip: Linux without a network manager; the default route of the line is put before all others.

Only routes are changed (IPv4). The name servers stay those of /etc/resolv.conf, so they must be reachable over
either line, such as a public one.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from bcp.lever.line import routing
from bcp.lever.line.base import LineDriver, Made, Saved
from bcp.outside import World
from bcp.yaml.types import Line


class Ip(LineDriver):
    """Put the line's default route first."""

    is_of_one_computer: ClassVar[bool] = True

    interface: Line = Field(examples=["wwan0"])
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
        """The default routes."""
        return {"routes": routing.read(world)}

    def switch(self, world: World) -> str:
        """One more default route, better than the others; where the best has no metric, in its place."""
        routes = routing.read(world)
        self._lead(world, routes, routing.preferred(self.interface, routes))
        return self.interface

    def put_back(self, world: World, saved: Saved, made: Made) -> None:
        """The default routes as they were."""
        routing.put(world, list(saved["routes"]))

    def stand_by(self, world: World) -> str:
        """A default route behind all others, where it has none: a look through the interface needs one."""
        routes = routing.read(world)
        if routing.of(self.interface, routes):
            routing.refuse_dead_link(world, self.interface)
        else:
            self._lead(world, routes, routing.STANDING_BY)
        return self.interface

    def let_down(self, world: World, saved: Saved, made: Made) -> None:
        """As it was."""
        self.put_back(world, saved, made)

    def _lead(self, world: World, routes: list[str], at: int) -> None:
        routing.refuse_dead_link(world, self.interface)
        own = routing.of(self.interface, routes)
        router = self.gateway or routing.gateway(own)
        if not router and not own:
            raise routing.no_router(self.interface)
        routing.add(world, self.interface, router, at)


Kind = Ip
