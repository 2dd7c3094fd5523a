"""Which layers of our own path a look needs, so that only those can make it inconclusive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import ip_address, ip_network

from bcp.check.model import Check
from bcp.check.network_path import ORDER, LayerName, Path
from bcp.probe.base import Probe, Result, State
from bcp.probe.name_settings import Settings

_NOTHING: frozenset[LayerName] = frozenset()
_OFFICE: frozenset[LayerName] = frozenset({"computer", "router"})
_INTERNET: frozenset[LayerName] = frozenset({"computer", "router", "portal", "provider"})
_ALL: frozenset[LayerName] = frozenset(ORDER) - {"tunnel"}
_PRIVATE = tuple(
    ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10")
)


def needs(probe: Probe, settings: Settings) -> frozenset[LayerName]:
    """The layers that a look with `probe` passes: loopback none, the office network two, an address no names."""
    return frozenset().union(*(_layers(host, settings) for host in probe.targets()))


def passed_by(check: Check, settings: Settings | None = None) -> frozenset[LayerName]:
    """The layers that the looks of a check pass; none where they look at this computer itself, or nobody knows."""
    return frozenset().union(*(needs(probe, settings or Settings()) for probe in check.probes))


def _layers(host: str, settings: Settings) -> frozenset[LayerName]:
    plain = host.lower().rstrip(".")
    for literal in settings.hosts.get(plain, (plain,)):
        try:
            address = ip_address(literal.partition("%")[0])
        except ValueError:
            continue
        if address.is_loopback:
            return _NOTHING
        is_ours = any(address in network for network in _PRIVATE if network.version == address.version)
        return _OFFICE if is_ours else _INTERNET
    if plain == "localhost":
        return _NOTHING
    return _OFFICE if "." not in plain or plain.endswith(".local") else _ALL


def excused(
    check: Check, results: Iterable[Result], paths: Mapping[str | None, Path], settings: Settings
) -> list[State]:
    """The states of a check's probes, where those that a broken path explains could not tell.

    `paths` are the paths that were looked at, by the interface that a probe is bound to.
    """
    return [
        "inconclusive" if result.state == "down" and _is_lost(probe, paths, settings) else result.state
        for probe, result in zip(check.probes, results, strict=True)
    ]


def _is_lost(probe: Probe, paths: Mapping[str | None, Path], settings: Settings) -> bool:
    path = paths.get(probe.bound_to())
    return path is not None and bool(needs(probe, settings) & path.lost)
