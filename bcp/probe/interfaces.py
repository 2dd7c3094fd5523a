"""The network interfaces of this computer: whether each has a link, its addresses, its way out.

Linux is asked by files and ioctl (a look costs no process), macOS by `ifconfig` and `netstat`, Windows by one
PowerShell command whose answer is JSON and the same in every language.
"""

from __future__ import annotations

import array
import json
import re
import socket
import struct
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_interface
from pathlib import Path
from typing import Any

from bcp.probe.kinds.command import run

_RUNNING, _UP, _LOOPBACK = 0x40, 0x1, 0x8  # netdevice(7)
_FLAGS, _ADDRESS, _NETMASK = 0x8913, 0x8915, 0x891B  # SIOCGIFFLAGS, SIOCGIFADDR, SIOCGIFNETMASK
_ROUTE_UP, _ROUTE_GATEWAY, _ROUTE_REJECT = 0x1, 0x2, 0x200
DIRECT = ""
"""The gateway of a way out with no router in between: a modem, a dialled line or a tunnel is one end of it."""
_WINDOWS = """
$a = @(Get-NetAdapter | Select-Object Name, Status)
$i = @(Get-NetIPAddress | Select-Object InterfaceAlias, IPAddress, PrefixLength)
$r = @(Get-NetRoute -DestinationPrefix '0.0.0.0/0', '::/0' -ErrorAction SilentlyContinue |
  Select-Object InterfaceAlias, NextHop, @{n='Metric'; e={$_.RouteMetric + $_.InterfaceMetric}})
ConvertTo-Json -Compress @{adapters=$a; addresses=$i; routes=$r}
"""


@dataclass(frozen=True, slots=True)
class Interface:
    """One interface; `addresses` with their networks (`192.168.1.10/24`); `gateway` is None without a way out, and
    DIRECT where no router is in between.

    `metric` tells which of several ways out is taken: the smallest.
    """

    name: str
    has_link: bool
    addresses: tuple[str, ...] = ()
    gateway: str | None = None
    metric: int = 0

    @property
    def has_address(self) -> bool:
        """Whether it has an address that somebody gave it, not one that it made up itself."""
        return any(not ip_interface(each).is_link_local for each in self.addresses)

    def reaches(self, address: str) -> bool:
        """Whether `address` is in a network that this is directly attached to."""
        return any(ip_address(address) in ip_interface(each).network for each in self.addresses)


async def read_interfaces() -> list[Interface]:
    """All interfaces but the loopback. Raises Trouble where the system's own means are missing."""
    if sys.platform == "linux":
        return _linux()
    if sys.platform == "win32":
        return parse_windows(await _said("powershell", "-NoProfile", "-NonInteractive", "-Command", _WINDOWS))
    routes = await _said("netstat", "-rn", "-f", "inet") + "\n" + await _said("netstat", "-rn", "-f", "inet6")
    return parse_macos(await _said("ifconfig", "-a"), routes)


def ways_out(found: Iterable[Interface]) -> list[Interface]:
    """The interfaces that lead out, the one that is taken first."""
    return sorted((each for each in found if each.gateway is not None), key=lambda each: each.metric)


async def _said(*command: str) -> str:
    return (await run(list(command), "/" if sys.platform != "win32" else "."))[1]


def _linux() -> list[Interface]:
    import fcntl

    routes = {**_routes_6(_read("/proc/net/ipv6_route")), **_routes_4(_read("/proc/net/route"))}
    addresses_6 = _addresses_6(_read("/proc/net/if_inet6"))
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:

        def ask(number: int, name: str) -> bytes:
            answer = array.array("B", name.encode()[:15].ljust(40, b"\0"))
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
            found.append(Interface(name, has_link, tuple(addresses), gateway, metric))
    return found


def _read(file: str) -> list[list[str]]:
    try:
        return [line.split() for line in Path(file).read_text().splitlines()]
    except OSError:
        return []


def _routes_4(rows: Sequence[Sequence[str]]) -> dict[str, tuple[str, int]]:
    """The default routes of /proc/net/route, by interface; the kernel writes addresses in the machine's order."""
    found: dict[str, tuple[str, int]] = {}
    for name, target, gateway, flags, _, _, metric, mask, *_ in rows[1:]:
        known = int(flags, 16)
        if target == mask == "00000000" and known & _ROUTE_UP and not known & _ROUTE_REJECT:
            router = socket.inet_ntoa(struct.pack("=I", int(gateway, 16)))
            route = (router if known & _ROUTE_GATEWAY else DIRECT, int(metric))
            found[name] = min(route, found.get(name, route), key=lambda each: each[1])
    return found


def _routes_6(rows: Sequence[Sequence[str]]) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for target, prefix, _, _, gateway, metric, _, _, flags, name in rows:
        if int(target, 16) == 0 and prefix == "00" and int(flags, 16) & _ROUTE_GATEWAY:
            found.setdefault(name, (str(IPv6Address(int(gateway, 16))), int(metric, 16)))
    return found


def _addresses_6(rows: Sequence[Sequence[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for address, _, prefix, _, _, name in rows:
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
        found.append(Interface(name, has_link, whole, gateway, metric))
    return found


def parse_windows(text: str) -> list[Interface]:
    """The interfaces of Windows from the JSON of our PowerShell command. Raises ValueError for anything else."""
    told = json.loads(text)
    try:
        return _windows(told)
    except (KeyError, TypeError):
        raise ValueError("PowerShell did not tell about the network") from None


def _windows(told: Any) -> list[Interface]:
    addresses: dict[str, list[str]] = {}
    for row in _rows(told, "addresses"):
        bare = str(row["IPAddress"]).partition("%")[0]
        addresses.setdefault(str(row["InterfaceAlias"]), []).append(f"{bare}/{row['PrefixLength']}")
    routes: dict[str, tuple[str, int]] = {}
    for row in _rows(told, "routes"):
        route = (str(row["NextHop"]), int(row["Metric"]))
        if route[0] not in ("0.0.0.0", "::"):
            name = str(row["InterfaceAlias"])
            routes[name] = min(route, routes.get(name, route), key=lambda each: each[1])
    found = []
    for row in _rows(told, "adapters"):
        name = str(row["Name"])
        gateway, metric = routes.get(name, (None, 0))
        found.append(Interface(name, row["Status"] == "Up", tuple(addresses.get(name, ())), gateway, metric))
    return found


def _rows(told: Any, key: str) -> Iterable[Mapping[str, Any]]:
    rows = told[key] or []
    return [rows] if isinstance(rows, dict) else rows
