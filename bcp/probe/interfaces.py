"""The network interfaces of this computer: whether each has a link, its addresses, its way out.

Linux is asked by files and ioctl, Windows by calls of its own (a look costs no process), macOS by `ifconfig` and
`netstat`.
"""

from __future__ import annotations

import array
import asyncio
import os
import re
import socket
import struct
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_interface
from pathlib import Path

from bcp.i18n import _
from bcp.probe.interface_name import same_name
from bcp.probe.kinds.command import run
from bcp.probe.trouble import Trouble
from bcp.probe.windows.records import LOOPBACK, TUNNEL, VIRTUAL, Adapter, DefaultRoute

_RUNNING, _UP, _LOOPBACK = 0x40, 0x1, 0x8  # netdevice(7)
_FLAGS, _ADDRESS, _NETMASK = 0x8913, 0x8915, 0x891B  # SIOCGIFFLAGS, SIOCGIFADDR, SIOCGIFNETMASK
_ROUTE_UP, _ROUTE_GATEWAY, _ROUTE_REJECT = 0x1, 0x2, 0x200
DIRECT = ""
"""The gateway of a way out with no router in between: a modem, a dialled line or a tunnel is one end of it."""


@dataclass(frozen=True, slots=True)
class Interface:
    """One interface; `addresses` with their networks (`192.168.1.10/24`); `gateway` is None without a way out, and
    DIRECT where no router is in between.

    `metric` tells which of several ways out is taken: the smallest. `is_tunnel`: it is one end of a VPN.
    """

    name: str
    has_link: bool
    addresses: tuple[str, ...] = ()
    gateway: str | None = None
    metric: int = 0
    is_tunnel: bool = False

    @property
    def has_address(self) -> bool:
        """Whether it has an address that somebody gave it, not one that it made up itself."""
        return any(not ip_interface(each).is_link_local for each in self.addresses)

    def holds(self, address: str) -> bool:
        """Whether `address` is its own."""
        plain = ip_address(address.partition("%")[0])
        return any(plain == ip_interface(each).ip for each in self.addresses)

    def reaches(self, address: str) -> bool:
        """Whether `address` is in a network that this is directly attached to."""
        return any(ip_address(address) in ip_interface(each).network for each in self.addresses)


async def read_interfaces() -> list[Interface]:
    """All interfaces but the loopback. Raises Trouble (inconclusive) where the system does not tell."""
    try:
        if sys.platform == "linux":
            return _linux()
        if sys.platform == "win32":
            return await asyncio.to_thread(_windows)
        routes = (
            await _said("netstat", "-rn", "-f", "inet") + "\n" + await _said("netstat", "-rn", "-f", "inet6")
        )
        return parse_macos(await _said("ifconfig", "-a"), routes)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        words = _("this computer does not tell how its network is: {why}")
        raise Trouble(words.format(why=why), "inconclusive") from None


_TUNNELS = re.compile(
    r"^(tun|tap|utun|wg|ipsec|gpd|zt|nordlynx|proton|mullvad|tailscale|cscotun)|"
    r"\b(vpn|openvpn|wireguard|wintun|tap-windows|tunnel|anyconnect|forticlient|globalprotect|zerotier|tailscale)\b",
    re.IGNORECASE,
)
"""How programs that make tunnels call their interfaces."""


def _is_tunnel(name: str, routes: Sequence[Sequence[str]]) -> bool:
    """Whether an interface is one end of a VPN; Linux is asked for its kind, which no name can hide.

    A dialled one (ppp) is the office's line, unless what it is dialled with has a route of its own past it.
    """
    if name.startswith("ppp"):
        return any(
            row[7] == "FFFFFFFF" and int(row[3], 16) & _ROUTE_GATEWAY and row[0] != name for row in routes[1:]
        )
    device = Path("/sys/class/net", name)
    if (device / "tun_flags").exists():
        return True
    kind = dict(line[0].split("=", 1) for line in _read(str(device / "uevent")) if line and "=" in line[0])
    if "DEVTYPE" in kind:  # a modem (wwan) may be called anything
        return kind["DEVTYPE"] == "wireguard"
    return bool(_TUNNELS.search(name)) and not (device / "device").exists()


def named(found: Iterable[Interface], via: str) -> Interface | None:
    """The interface that is called so, as this system treats names; None where there is none."""
    among = list(found)
    exact = next((each for each in among if each.name == via), None)
    return exact or next((each for each in among if same_name(each.name, via)), None)


def ways_out(found: Iterable[Interface]) -> list[Interface]:
    """The interfaces that lead out, the one that is taken first."""
    return sorted((each for each in found if each.gateway is not None), key=lambda each: each.metric)


async def _said(*command: str) -> str:
    return (await run(list(command), "/")).output


def _linux() -> list[Interface]:
    import fcntl

    rows = _read("/proc/net/route")
    routes = {**_routes_6(_read("/proc/net/ipv6_route")), **_routes_4(rows)}
    addresses_6 = _addresses_6(_read("/proc/net/if_inet6"))
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:

        def ask(number: int, name: str) -> bytes:
            answer = array.array("B", os.fsencode(name)[:15].ljust(40, b"\0"))
            fcntl.ioctl(asker, number, answer)
            return answer.tobytes()[16:]

        for _, name in socket.if_nameindex():
            try:
                flags = struct.unpack_from("H", ask(_FLAGS, name))[0]
            except OSError:  # it was pulled out at this very moment
                continue
            if flags & _LOOPBACK:
                continue
            addresses = list(addresses_6.get(name, ()))
            with suppress(OSError):  # it has no IPv4 address
                address, mask = (socket.inet_ntoa(ask(number, name)[4:8]) for number in (_ADDRESS, _NETMASK))
                addresses.insert(0, ip_interface(f"{address}/{mask}").with_prefixlen)
            gateway, metric = routes.get(name, (None, 0))
            has_link = bool(flags & _UP and flags & _RUNNING)
            found.append(
                Interface(name, has_link, tuple(addresses), gateway, metric, is_tunnel=_is_tunnel(name, rows))
            )
    return found


def _read(file: str) -> list[list[str]]:
    try:
        return [line.split() for line in Path(file).read_text(errors="surrogateescape").splitlines()]
    except OSError:
        return []


def hardware_address(address: str) -> str:
    """The hardware address of a computer on our own network, as Linux last saw it; nothing where it is not told."""
    rows = _read("/proc/net/arp") if sys.platform == "linux" else []
    return next((row[3] for row in rows[1:] if row[0] == address and row[2] != "0x0"), "")


def _routes_4(rows: Sequence[Sequence[str]]) -> dict[str, tuple[str, int]]:
    """The default routes of /proc/net/route, by interface; the kernel writes addresses in the machine's order."""
    found: dict[str, tuple[str, int]] = {}
    for name, target, gateway, flags, _count, _use, metric, mask, *_rest in rows[1:]:
        known = int(flags, 16)
        if target == mask == "00000000" and known & _ROUTE_UP and not known & _ROUTE_REJECT:
            router = socket.inet_ntoa(struct.pack("=I", int(gateway, 16)))
            route = (router if known & _ROUTE_GATEWAY else DIRECT, int(metric))
            found[name] = min(route, found.get(name, route), key=lambda each: each[1])
    return found


def _routes_6(rows: Sequence[Sequence[str]]) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for target, prefix, _source, _bits, gateway, metric, _count, _use, flags, name in rows:
        if int(target, 16) == 0 and prefix == "00" and int(flags, 16) & _ROUTE_GATEWAY:
            found.setdefault(name, (str(IPv6Address(int(gateway, 16))), int(metric, 16)))
    return found


def _addresses_6(rows: Sequence[Sequence[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for address, _number, prefix, _scope, _flags, name in rows:
        found.setdefault(name, []).append(f"{IPv6Address(int(address, 16))}/{int(prefix, 16)}")
    return found


_IFCONFIG = re.compile(r"^(\S+): flags=[0-9a-f]+<([A-Z0-9,_]*)>(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
_INET = re.compile(r"\binet (\S+) netmask 0x([0-9a-f]{8})")
_INET_6 = re.compile(r"\binet6 ([0-9a-f:]+)(?:%\S+)? prefixlen (\d+)")
_DEFAULT = re.compile(r"^default\s+(\S+)\s+\S+\s+(?:\d+\s+\d+\s+)?([a-z]+\d+)", re.MULTILINE)


def parse_macos(ifconfig: str, netstat: str) -> list[Interface]:
    """The interfaces of macOS from `ifconfig -a` and `netstat -rn`, whose default routes stand in their order."""
    routes: dict[str, tuple[str, int]] = {}
    for order, (gateway, name) in enumerate(_DEFAULT.findall(netstat)):
        with suppress(ValueError):  # link#6: a way out without a router
            routes.setdefault(name, (str(ip_address(gateway.partition("%")[0])), order))
    found = []
    for name, flags, body in _IFCONFIG.findall(ifconfig):
        if "LOOPBACK" in flags.split(","):
            continue
        addresses = [f"{address}/{IPv4Address(int(mask, 16))}" for address, mask in _INET.findall(body)]
        addresses += [f"{address}/{prefix}" for address, prefix in _INET_6.findall(body)]
        has_link = "RUNNING" in flags.split(",") and "status: inactive" not in body
        gateway, metric = routes.get(name, (None, 0))
        whole = tuple(ip_interface(each).with_prefixlen for each in addresses)
        found.append(Interface(name, has_link, whole, gateway, metric, bool(_TUNNELS.search(name))))
    return found


def _windows() -> list[Interface]:
    from bcp.probe.windows.calls import adapters, default_routes

    found = adapters()
    routes: list[DefaultRoute] = []
    # Without them only which of several ways out comes first is not known exactly.
    with suppress(OSError, ValueError):
        routes = default_routes()
    return from_adapters(found, routes)


def from_adapters(adapters: Iterable[Adapter], routes: Sequence[DefaultRoute]) -> list[Interface]:
    """The interfaces of Windows; a way out by IPv4 comes before one by IPv6, as on Linux."""
    found = []
    for each in adapters:
        if each.kind in (LOOPBACK, TUNNEL):
            continue
        way = _way_of(each, routes, is_six=False) or _way_of(each, routes, is_six=True)
        gateway, metric = way or (None, 0)
        tunnel = each.kind == VIRTUAL or bool(_TUNNELS.search(each.name))
        found.append(Interface(each.name, each.is_up, each.addresses, gateway, metric, tunnel))
    return found


def _way_of(adapter: Adapter, routes: Sequence[DefaultRoute], is_six: bool) -> tuple[str, int] | None:
    """The router of an adapter in one family, and its whole metric: that of the adapter and that of the route."""
    own = [(each.metric, each.router) for each in routes if each.index == adapter.index(is_six)]
    ways = [way for way in own if (":" in way[1]) == is_six]
    ways = ways or [(0, each) for each in adapter.gateways if (":" in each) == is_six]
    if is_six:
        ways = [way for way in ways if way[1] != "::"]
    if not ways:
        return None
    metric, router = min(ways, key=lambda way: way[0])
    return DIRECT if router == "0.0.0.0" else router, adapter.metric(is_six) + metric
