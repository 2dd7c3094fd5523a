"""nmcli: NetworkManager brings a connection up and lets it lead out; its profiles on the disk stay as they are.

Exit statuses and commands: nmcli(1), NetworkManager 1.42. What `device modify` changes lasts until the connection is
brought down or applied anew.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

from pydantic import Field

from bcp.errors import StepFailed
from bcp.lever.line import modem, routing
from bcp.lever.line.base import LineDriver, Made, Saved
from bcp.lever.line.program import run
from bcp.outside import World
from bcp.yaml.types import Line, SomeDuration

_NOT_ACTIVE = 10


class Nmcli(LineDriver):
    """Bring a connection of NetworkManager up and put it first."""

    is_of_one_computer: ClassVar[bool] = True

    connection: Line = Field(description="its name in NetworkManager", examples=["lte"])
    modem: bool = Field(default=False, description="yes: switch the radio of the modem on first")
    timeout: SomeDuration = timedelta(seconds=30)

    def describe(self) -> str:
        """Which connection."""
        return f'Bring up the connection "{self.connection}" and send everything out through it (nmcli)'

    def programs(self) -> tuple[str, ...]:
        """NetworkManager's and iproute2."""
        return ("nmcli", "ip")

    def present(self, world: World) -> Saved:
        """What is active, and whether the radio is on."""
        uuid = self._ask(world, "-g", "connection.uuid", "connection", "show", "id", self.connection)
        saved: dict[str, Any] = {"uuid": uuid, "active": self._active(world), "routes": routing.read(world)}
        if self.modem:
            saved["radio"] = self._ask(world, "-g", "WWAN", "radio")
        return saved

    def switch(self, world: World) -> str:
        """Up, and a metric better than that of the others."""
        return self._lead(world, routing.preferred)

    def put_back(self, world: World, saved: Saved, made: Made) -> None:
        """The connection down, or with the metric of its profile; what was active is active again."""
        uuid, active = saved["uuid"], self._active(world)
        if uuid in saved["active"] and uuid in active:
            self._ask(world, "device", "reapply", self._device(world, uuid))
        elif uuid in active:
            self._ask(world, "connection", "down", "uuid", uuid)
        known = self._ask(world, "-g", "UUID", "connection", "show").split()
        for each in saved["active"]:
            # What somebody else had set up beside NetworkManager is gone from its list, and is not its to bring up.
            if each in known and each not in self._active(world):
                self._ask(world, *self._patience(), "connection", "up", "uuid", each)
        if saved.get("radio", "enabled") != "enabled":
            self._ask(world, "radio", "wwan", "off")

    def stand_by(self, world: World) -> str:
        """Up, and behind all others; where it is up already it stays as it is."""
        uuid = self._ask(world, "-g", "connection.uuid", "connection", "show", "id", self.connection)
        if uuid in self._active(world):
            return self._interface(world, self._device(world, uuid))
        return self._lead(world, lambda _interface, _others: routing.STANDING_BY)

    def let_down(self, world: World, saved: Saved, made: Made) -> None:
        """As it was."""
        self.put_back(world, saved, made)

    def _lead(self, world: World, at: Callable[[str, list[str]], int]) -> str:
        if self.modem:
            self._ask(world, "radio", "wwan", "on")
        uuid = self._ask(world, "-g", "connection.uuid", "connection", "show", "id", self.connection)
        if uuid not in self._active(world):
            self._bring_up(world, uuid)
        device = self._device(world, uuid)
        interface = self._interface(world, device)
        # NetworkManager brings a profile with a fixed address up even where the cable is out.
        routing.refuse_dead_link(world, interface)
        routes = routing.read(world)
        if not routing.of(interface, routes):
            raise routing.no_router(interface)
        metric = str(at(interface, routes))
        self._ask(world, "device", "modify", device, "ipv4.route-metric", metric, "ipv6.route-metric", metric)
        return interface

    def _bring_up(self, world: World, uuid: str) -> None:
        """Up. Where a modem is not well, ModemManager knows why."""
        try:
            self._ask(world, *self._patience(), "connection", "up", "uuid", uuid)
        except StepFailed as failed:
            why = modem.trouble(world) if self.modem else ""
            raise StepFailed(f"{failed.message}: {why}" if why else failed.message, failed.hint) from None

    def _active(self, world: World) -> list[str]:
        return self._ask(world, "-g", "UUID", "connection", "show", "--active").split()

    def _device(self, world: World, uuid: str) -> str:
        return self._ask(world, "-g", "GENERAL.DEVICES", "connection", "show", "uuid", uuid).split(",")[0]

    def _interface(self, world: World, device: str) -> str:
        """The one that packets pass: a modem's `cdc-wdm0` carries them over `wwan0`."""
        return self._ask(world, "-g", "GENERAL.IP-IFACE", "device", "show", device) or device

    def _patience(self) -> tuple[str, str]:
        return "--wait", str(round(self.timeout.total_seconds()))

    def _ask(self, world: World, *arguments: str) -> str:
        seconds = self.timeout.total_seconds() + 5
        return run(world, ("env", "LC_ALL=C", "nmcli", *arguments), seconds, self._statuses()).strip()

    def _statuses(self) -> dict[int, str]:
        name = self.connection
        return {
            3: f'NetworkManager did not bring "{name}" up in time',
            4: f'NetworkManager could not bring "{name}" up: no cable, no signal, no answer from DHCP, or a locked SIM',
            8: "NetworkManager is not running on this computer",
            _NOT_ACTIVE: f'NetworkManager knows no connection "{name}"; see: nmcli connection show',
            127: "there is no program nmcli on this computer",
        }


Kind = Nmcli
