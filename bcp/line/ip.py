"""ip: Linux without a network manager; the default route of the line is put before all others.

Only routes are changed (IPv4). The name servers stay those of /etc/resolv.conf, so they must be reachable over
either line, such as a public one.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from bcp.fields import Line
from bcp.line import _routes
from bcp.line.base import Saved, Way
from bcp.world.base import World


class Ip(Way):
    """Put the line's default route first."""

    is_of_one_computer: ClassVar[bool] = True

    interface: Line = Field(examples=["wwan0"])
    gateway: Line | None = Field(
        default=None,
        description="its router, where the interface has no default route",
        examples=["192.168.8.1"],
    )

    def words(self) -> str:
        """What becomes of the routes."""
        return f"Send everything out through {self.interface} (ip route)"

    def programs(self) -> tuple[str, ...]:
        """iproute2."""
        return ("ip",)

    def present(self, world: World) -> dict[str, Any]:
        """The default routes."""
        return {"routes": _routes.read(world)}

    def switch(self, world: World) -> str:
        """One more default route, better than the others; where the best has no metric, in its place."""
        routes = _routes.read(world)
        self._lead(world, routes, _routes.preferred(self.interface, routes))
        return self.interface

    def put_back(self, world: World, saved: Saved) -> None:
        """The default routes as they were."""
        _routes.put(world, list(saved["routes"]))

    def stand_by(self, world: World) -> str:
        """A default route behind all others, where it has none: a look through the interface needs one."""
        routes = _routes.read(world)
        if _routes.of(self.interface, routes):
            _routes.refuse_dead_link(world, self.interface)
        else:
            self._lead(world, routes, _routes.STANDING_BY)
        return self.interface

    def let_down(self, world: World, saved: Saved) -> None:
        """As it was."""
        self.put_back(world, saved)

    def _lead(self, world: World, routes: list[str], at: int) -> None:
        _routes.refuse_dead_link(world, self.interface)
        own = _routes.of(self.interface, routes)
        router = self.gateway or _routes.gateway(own)
        if not router and not own:
            raise _routes.no_router(self.interface)
        _routes.add(world, self.interface, router, at)


Kind = Ip
