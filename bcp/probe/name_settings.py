"""Whom this computer asks for names, and the names that it knows by itself: two files, or what Windows tells."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from bcp.host_name import is_address
from bcp.probe.windows.records import LOOPBACK, TUNNEL, Adapter

Server = tuple[str, int]
_MOST = 3  # name servers that are asked
_NOBODY = "fec0:"  # what Windows names where an adapter has no name server


@dataclass(frozen=True, slots=True)
class Settings:
    """Whom to ask for a name, and what is known without asking.

    `has_more`: the system may know names that these servers do not, as Windows does by rules for a VPN.
    """

    servers: tuple[Server, ...] = ()
    search: tuple[str, ...] = ()
    dots: int = 1
    hosts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    has_more: bool = False


def read_settings(resolv: Path = Path("/etc/resolv.conf"), hosts: Path = Path("/etc/hosts")) -> Settings:
    """The settings of this computer, from resolv.conf(5) and hosts(5); no servers without such a file."""
    servers: list[Server] = []
    search: tuple[str, ...] = ()
    dots = 1
    for word, *rest in _lines(resolv):
        if word == "nameserver" and rest and is_address(rest[0]):
            servers.append((rest[0], 53))
        elif word in ("search", "domain"):
            search = tuple(rest)
        elif word == "options":
            dots = next((int(o[6:]) for o in rest if o.startswith("ndots:") and o[6:].isdigit()), dots)
    return Settings(tuple(servers[:_MOST]), search, dots, _known(hosts))


def settings_from_adapters(adapters: Iterable[Adapter], hosts: Path) -> Settings:
    """The settings of Windows: the name servers of what is connected, those of the first way out first."""
    connected = [each for each in adapters if each.is_up and each.kind not in (LOOPBACK, TUNNEL)]
    connected.sort(key=lambda each: (not each.gateways, each.metric(is_six=not each.index_4)))
    servers = [
        (f"{address}%{each.index_6}" if ip_address(address).is_link_local else address, 53)
        for each in connected
        for address in each.name_servers
        if not address.startswith(_NOBODY)
    ]
    search = dict.fromkeys(each.suffix for each in connected if each.suffix)
    return Settings(tuple(dict.fromkeys(servers))[:_MOST], tuple(search), hosts=_known(hosts), has_more=True)


def _known(hosts: Path) -> dict[str, tuple[str, ...]]:
    known: dict[str, tuple[str, ...]] = {}
    for address, *names in _lines(hosts):
        if is_address(address):
            for name in names:
                known[name.lower()] = (*known.get(name.lower(), ()), address)
    return known


def _lines(file: Path) -> list[list[str]]:
    try:
        text = file.read_text(errors="replace")
    except OSError:
        return []
    words = (line.split("#")[0].split(";")[0].split() for line in text.splitlines())
    return [line for line in words if line]


def settings_of_this_computer() -> Settings:
    """The settings in the way of this system; no servers where it does not tell."""
    if sys.platform != "win32":
        return read_settings()
    from bcp.probe.windows.calls import adapters

    hosts = Path(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32", "drivers", "etc", "hosts")
    try:
        return settings_from_adapters(adapters(), hosts)
    except (OSError, ValueError):
        return Settings(hosts=_known(hosts))
