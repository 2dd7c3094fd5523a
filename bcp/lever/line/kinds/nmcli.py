"""nmcli: NetworkManager brings a connection up and lets it lead out; its profiles on the disk stay as they are.

Exit statuses and commands: nmcli(1), NetworkManager 1.42. What `device modify` changes lasts until the connection is
brought down or applied anew. Each time that a connection is brought up is an activation of its own, so what we brought
up is told from what somebody else did since.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar, NamedTuple

from pydantic import Field

from bcp.errors import StepFailed
from bcp.i18n import _
from bcp.lever.line import modem, routing
from bcp.lever.line.base import LineDriver, Made, Saved
from bcp.lever.line.program import run
from bcp.outside import World
from bcp.yaml.types import Line, SomeDuration

_NOT_ACTIVE = 10


class _Active(NamedTuple):
    """A connection that is up: its device, and which activation of it this is (a path of D-Bus)."""

    device: str
    activation: str


class Nmcli(LineDriver):
    """Bring a connection of NetworkManager up and put it first."""

    is_of_one_computer: ClassVar[bool] = True

    connection: Line = Field(description="its name in NetworkManager", examples=["lte"])
    modem: bool = Field(default=False, description="yes: switch the radio of the modem on first")
    timeout: SomeDuration = Field(
        default=timedelta(seconds=30), description="how long it may take to come up"
    )

    def describe(self) -> str:
        """Which connection."""
        return f'Bring up the connection "{self.connection}" and send everything out through it (nmcli)'

    def programs(self) -> tuple[str, ...]:
        """NetworkManager's and iproute2."""
        return ("nmcli", "ip")

    def present(self, world: World) -> Saved:
        """What is active and where, and whether the radio is on."""
        active = self._active(world)
        saved: dict[str, Any] = {
            "uuid": self._uuid(world),
            "active": list(active),
            "devices": {uuid: each.device for uuid, each in active.items()},
            "routes": routing.read(world),
        }
        if self.modem:
            saved["radio"] = self._ask(world, "-g", "WWAN", "radio")
        return saved

    def switch(self, world: World) -> str:
        """Up, and a metric better than that of the others."""
        return self._lead(world)

    def made(self, world: World, saved: Saved) -> Made:
        """This very activation, its metric, and which connections had to leave its device."""
        uuid = saved["uuid"]
        active = self._active(world).get(uuid)
        if active is None:
            return {}
        return {
            "uuid": uuid,
            "brought_up": uuid not in saved["active"],
            "activation": active.activation,
            "interface": self._interface(world, active.device),
            "metric": self._metric(world, active.device),
            "displaced": [each for each in self._displaced(world, saved, active.device) if each != uuid],
        }

    def put_back(self, world: World, saved: Saved, made: Made) -> None:
        """The connection down, or as its profile has it; what had to leave its device is active again.

        What others brought up or took down since stays so, and so does a device that got another connection.
        """
        uuid, active = saved["uuid"], self._active(world)
        ours = active.get(uuid)
        displaced = made["displaced"] if made else self._displaced(world, saved, ours.device if ours else "")
        if ours is not None and (not made or self._is_as_made(world, ours, made)):
            if uuid in saved["active"]:
                self._ask(world, "device", "reapply", ours.device)
            else:
                self._ask(world, "connection", "down", "uuid", uuid)
        for each in displaced:
            self._bring_up_again(world, each, saved.get("devices", {}).get(each, ""))
        if saved.get("radio", "enabled") != "enabled" and not self._has_modem_up(world):
            self._ask(world, "radio", "wwan", "off")

    def stands(self, world: World, made: Made) -> str:
        """Whether the connection is up and leads out."""
        uuid = made.get("uuid") or self._uuid(world)
        active = self._active(world).get(uuid)
        if active is None:
            words = _('the connection "{name}" is down: the modem restarted, or somebody took it down')
            return words.format(name=self.connection)
        interface = self._interface(world, active.device)
        elsewhere = routing.leads_elsewhere(world, interface)
        return elsewhere or routing.leads_elsewhere(world, interface, 6)

    def leftovers(self, world: World, mades: Sequence[Made]) -> list[str]:
        """The connection that an earlier switch put first, if it still comes first: others bring it up without that."""
        active = self._active(world)
        for made in reversed(mades):
            ours = active.get(made.get("uuid", ""))
            if ours is None or not self._comes_first(world, ours, made):
                continue
            if made["brought_up"]:
                words = _('the connection "{name}" of an earlier switch is still up, take it down: {command}')
                command = f"nmcli connection down uuid {made['uuid']}"
            else:
                words = _('the connection "{name}" still comes first since an earlier switch: {command}')
                command = f"nmcli device reapply {ours.device}"
            return [words.format(name=self.connection, command=command)]
        return []

    def stand_by(self, world: World) -> str:
        """Up, and behind all others; where it is up already it stays as it is."""
        active = self._active(world).get(self._uuid(world))
        if active is not None:
            return self._interface(world, active.device)
        device, interface = self._up(world)
        self._ask(world, "device", "modify", device, *_metrics(routing.STANDING_BY, routing.STANDING_BY))
        return interface

    def let_down(self, world: World, saved: Saved, made: Made) -> None:
        """As it was."""
        if saved["uuid"] not in saved["active"]:
            self.put_back(world, saved, made)

    def _lead(self, world: World) -> str:
        device, interface = self._up(world)
        routes6 = [route for route in routing.read(world, 6) if not routing.is_nowhere(route)]
        first = routing.preferred(interface, routing.read(world))
        first6 = max(1, routing.preferred(interface, routes6))
        metrics = _metrics(first, max(1, first6 - 1))
        if not routes6 or routing.of(interface, routes6):
            self._ask(world, "device", "modify", device, *metrics)
            return interface
        # IPv6 of the line that is left would be tried first by every program. Should this line get some yet, it has
        # the better metric.
        method = self._ask(world, "-g", "ipv6.method", "connection", "show", "uuid", self._uuid(world))
        takes_none = ("ipv6.method", "link-local") if method in ("disabled", "ignore") else ()
        nowhere = (*takes_none, "+ipv6.routes", f"::/0 {first6} type=unreachable")
        try:
            self._ask(world, "device", "modify", device, *metrics, *nowhere)
        except StepFailed:
            self._ask(world, "device", "modify", device, *metrics)
        return interface

    def _up(self, world: World) -> tuple[str, str]:
        """Its device and its interface, once it is up and has a route."""
        if self.modem:
            self._ask(world, "radio", "wwan", "on")
        uuid = self._uuid(world)
        if uuid not in self._active(world):
            self._bring_up(world, uuid)
        device = self._device(world, uuid)
        interface = self._interface(world, device)
        # NetworkManager brings a profile with a fixed address up even where the cable is out.
        routing.refuse_dead_link(world, interface)
        if not routing.of(interface, routing.read(world)):
            raise routing.no_router(interface)
        return device, interface

    def _bring_up(self, world: World, uuid: str) -> None:
        """Up. Where a modem is not well, ModemManager knows why."""
        try:
            self._ask(world, *self._patience(), "connection", "up", "uuid", uuid)
        except StepFailed as failed:
            why = modem.trouble(world) if self.modem else ""
            raise StepFailed(f"{failed.message}: {why}" if why else failed.message, failed.hint) from None

    def _bring_up_again(self, world: World, uuid: str, device: str) -> None:
        """A connection that had to leave its device, if it still exists and nobody gave the device to another one."""
        active = self._active(world)
        known = self._ask(world, "-g", "UUID", "connection", "show").split()
        is_taken = any(device and each.device == device for each in active.values())
        if uuid in known and uuid not in active and not is_taken:
            self._ask(world, *self._patience(), "connection", "up", "uuid", uuid)

    def _displaced(self, world: World, saved: Saved, device: str) -> list[str]:
        """What was active on a device before, and no longer is; an older `saved` does not say on which it was."""
        active = self._active(world)
        if "devices" in saved:
            return [each for each, at in saved["devices"].items() if at == device and each not in active]
        known = set(self._ask(world, "-g", "UUID", "connection", "show").split())
        gone = [each for each in saved["active"] if each in known and each not in active]
        name = ("-g", "connection.interface-name", "connection", "show", "uuid")
        return [each for each in gone if device and self._ask(world, *name, each) == device]

    def _is_as_made(self, world: World, active: _Active, made: Made) -> bool:
        """Whether it is our activation, or one with our metric: NetworkManager counts anew when it is restarted."""
        if active.activation == made["activation"]:
            return True
        return self._comes_first(world, active, made)

    def _comes_first(self, world: World, active: _Active, made: Made) -> bool:
        metric = self._metric(world, active.device)
        return metric == made["metric"] and metric <= routing.PREFERRED

    def _metric(self, world: World, device: str) -> int:
        return routing.metric(routing.of(self._interface(world, device), routing.read(world)))

    def _has_modem_up(self, world: World) -> bool:
        kinds = self._ask(world, "-g", "TYPE", "connection", "show", "--active").split()
        return any(kind in ("gsm", "cdma") for kind in kinds)

    def _uuid(self, world: World) -> str:
        return self._ask(world, "-g", "connection.uuid", "connection", "show", "id", self.connection)

    def _active(self, world: World) -> dict[str, _Active]:
        """What is active, by its UUID."""
        told = self._ask(world, "-g", "UUID,DEVICE,ACTIVE-PATH", "connection", "show", "--active")
        found = {}
        for line in told.splitlines():
            uuid, _colon, rest = line.partition(":")
            # A colon within a value is escaped; the path of an activation has none.
            device, _colon, activation = rest.rpartition(":")
            found[uuid] = _Active(device.replace("\\:", ":"), activation)
        return found

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
        late = _('NetworkManager did not bring "{name}" up in time')
        failed = _(
            'NetworkManager could not bring "{name}" up: no cable, no signal, no answer from DHCP, or a locked SIM'
        )
        unknown = _('NetworkManager knows no connection "{name}"; see: nmcli connection show')
        return {
            3: late.format(name=self.connection),
            4: failed.format(name=self.connection),
            8: _("NetworkManager is not running on this computer"),
            _NOT_ACTIVE: unknown.format(name=self.connection),
            127: _("there is no program nmcli on this computer"),
        }


def _metrics(ipv4: int, ipv6: int) -> tuple[str, ...]:
    return "ipv4.route-metric", str(ipv4), "ipv6.route-metric", str(ipv6)


Kind = Nmcli
