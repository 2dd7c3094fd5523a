"""What Windows tells of its network, as plain records: one adapter, one way out, one answer to an echo request."""

from __future__ import annotations

from dataclasses import dataclass

LOOPBACK, TUNNEL = 24, 131
"""Kinds of adapters (IfType): this computer itself, and IPv6 wrapped in IPv4 (Teredo and its like)."""
VIRTUAL = 53
"""The kind of adapters that programs make: what has no hardware (WireGuard, wintun)."""


@dataclass(frozen=True, slots=True)
class Adapter:
    """One adapter; `name` is what people call it (`Připojení k síti`), `key` the name that only Windows uses.

    IPv4 and IPv6 number and rate the same adapter apart; a number is 0 where it has none of them.
    """

    name: str
    key: str
    kind: int
    is_up: bool
    index_4: int
    index_6: int
    metric_4: int = 0
    metric_6: int = 0
    addresses: tuple[str, ...] = ()
    gateways: tuple[str, ...] = ()
    name_servers: tuple[str, ...] = ()
    suffix: str = ""

    def index(self, is_six: bool) -> int:
        """Its number among the adapters of one family."""
        return self.index_6 if is_six else self.index_4

    def metric(self, is_six: bool) -> int:
        """How it is rated in one family: the smallest is taken first."""
        return self.metric_6 if is_six else self.metric_4


@dataclass(frozen=True, slots=True)
class DefaultRoute:
    """A way out: the adapter's number in the family of the router, the router, and what the route adds to its metric.

    The router is `0.0.0.0` or `::` where none is in between.
    """

    index: int
    router: str
    metric: int


@dataclass(frozen=True, slots=True)
class EchoAnswer:
    """What came back for an echo request: who sent it, 0 or the reason why it is no answer, whole milliseconds."""

    address: str
    status: int
    milliseconds: int
