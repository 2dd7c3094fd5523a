"""How Windows lays its answers out in memory (iptypes.h, netioapi.h, ipexport.h), read from bytes on any system.

Pointers in such an answer are addresses: `base` is the address at which its first byte lay. Whatever cannot be as it
stands there is a ValueError.
"""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import Structure, c_int32, c_size_t, c_ubyte, c_uint8, c_uint32, c_uint64, sizeof
from ipaddress import IPv4Address, IPv6Address
from typing import TypeVar

from bcp.probe.windows.records import Adapter, DefaultRoute, EchoAnswer

_FOUR, _SIX = 2, 23  # AF_INET and AF_INET6 of Windows
_UP = 1  # IfOperStatusUp
_INVALID, _DUPLICATE = 0, 2  # IpDadStateInvalid, IpDadStateDuplicate


class _SocketAddress(Structure):
    _fields_ = [("sockaddr", c_size_t), ("length", c_int32)]


class _Adapter(Structure):
    """IP_ADAPTER_ADDRESSES_LH, as far as it is read."""

    _fields_ = [
        ("length", c_uint32),
        ("index_4", c_uint32),
        ("next", c_size_t),
        ("key", c_size_t),
        ("unicast", c_size_t),
        ("anycast", c_size_t),
        ("multicast", c_size_t),
        ("name_servers", c_size_t),
        ("suffix", c_size_t),
        ("description", c_size_t),
        ("name", c_size_t),
        ("hardware", c_ubyte * 8),
        ("hardware_length", c_uint32),
        ("flags", c_uint32),
        ("mtu", c_uint32),
        ("kind", c_uint32),
        ("state", c_int32),
        ("index_6", c_uint32),
        ("zones", c_uint32 * 16),
        ("prefixes", c_size_t),
        ("speed_out", c_uint64),
        ("speed_in", c_uint64),
        ("wins", c_size_t),
        ("gateways", c_size_t),
        ("metric_4", c_uint32),
        ("metric_6", c_uint32),
    ]


class _Unicast(Structure):
    """IP_ADAPTER_UNICAST_ADDRESS_LH."""

    _fields_ = [
        ("length", c_uint32),
        ("flags", c_uint32),
        ("next", c_size_t),
        ("address", _SocketAddress),
        ("prefix_origin", c_int32),
        ("suffix_origin", c_int32),
        ("state", c_int32),
        ("valid", c_uint32),
        ("preferred", c_uint32),
        ("lease", c_uint32),
        ("prefix", c_uint8),
    ]


class _Other(Structure):
    """IP_ADAPTER_GATEWAY_ADDRESS_LH and IP_ADAPTER_DNS_SERVER_ADDRESS_XP are alike."""

    _fields_ = [("length", c_uint32), ("reserved", c_uint32), ("next", c_size_t), ("address", _SocketAddress)]


class _Route(Structure):
    """MIB_IPFORWARD_ROW2; a SOCKADDR_INET holds no pointer, and fits either family."""

    _fields_ = [
        ("luid", c_uint64),
        ("index", c_uint32),
        ("target", c_uint8 * 28),
        ("prefix", c_uint8),
        ("router", c_uint32 * 7),
        ("site_prefix", c_uint8),
        ("valid", c_uint32),
        ("preferred", c_uint32),
        ("metric", c_uint32),
        ("protocol", c_int32),
        ("flags", c_uint8 * 4),
        ("age", c_uint32),
        ("origin", c_int32),
    ]


class _Echo(Structure):
    """ICMP_ECHO_REPLY, as far as it is read."""

    _fields_ = [("address", c_uint8 * 4), ("status", c_uint32), ("milliseconds", c_uint32)]


class _Echo6(Structure):
    """ICMPV6_ECHO_REPLY; its address is packed: port, flow, sixteen bytes, scope."""

    _fields_ = [("address", c_uint8 * 26), ("status", c_uint32), ("milliseconds", c_uint32)]


ROUTE_SIZE = sizeof(_Route)
ROUTES_BEGIN = 8
"""Where the rows of MIB_IPFORWARD_TABLE2 begin, behind their number."""

_Row = TypeVar("_Row", bound=Structure)


class _Memory:
    """A piece of memory that lay at `base`."""

    def __init__(self, raw: bytes, base: int) -> None:
        self._raw, self._base = raw, base

    def at(self, kind: type[_Row], pointer: int) -> _Row:
        """The structure to which a pointer leads."""
        return kind.from_buffer_copy(self._raw, self._offset(pointer))

    def row(self, kind: type[_Row], pointer: int) -> Iterator[_Row]:
        """A list whose members lead from one to the next."""
        seen: set[int] = set()
        while pointer:
            if pointer in seen:
                raise ValueError("a list without an end")
            seen.add(pointer)
            member = self.at(kind, pointer)
            yield member
            pointer = member.next

    def ascii(self, pointer: int) -> str:
        """Letters of one byte, up to a zero."""
        start = self._offset(pointer)
        return self._raw[start : self._raw.index(b"\0", start)].decode("ascii", "replace")

    def wide(self, pointer: int) -> str:
        """Letters of two bytes, up to a zero; nothing behind no pointer."""
        if not pointer:
            return ""
        start = end = self._offset(pointer)
        while self._raw[end : end + 2] not in (b"\0\0", b""):
            end += 2
        return self._raw[start:end].decode("utf-16-le", "replace")

    def address(self, told: _SocketAddress) -> str:
        """The address in a sockaddr; nothing where its family is another one."""
        start = self._offset(told.sockaddr)
        return _address(self._raw[start : start + max(0, told.length)])

    def _offset(self, pointer: int) -> int:
        offset = pointer - self._base
        if not 0 <= offset < len(self._raw):
            raise ValueError("it points outside of itself")
        return offset


def _address(sockaddr: bytes) -> str:
    family = int.from_bytes(sockaddr[:2], "little")
    if family == _FOUR and len(sockaddr) >= 8:
        return str(IPv4Address(sockaddr[4:8]))
    if family == _SIX and len(sockaddr) >= 24:
        return str(IPv6Address(sockaddr[8:24]))
    return ""


def read_adapters(raw: bytes, base: int) -> list[Adapter]:
    """The adapters in what GetAdaptersAddresses wrote; no adapters in no bytes."""
    memory = _Memory(raw, base)
    return [_adapter(memory, each) for each in memory.row(_Adapter, base)] if raw else []


def _adapter(memory: _Memory, told: _Adapter) -> Adapter:
    addresses = []
    for each in memory.row(_Unicast, told.unicast):
        address = memory.address(each.address)
        if address and each.state not in (_INVALID, _DUPLICATE):
            addresses.append(f"{address}/{min(each.prefix, 128 if ':' in address else 32)}")
    return Adapter(
        name=memory.wide(told.name),
        key=memory.ascii(told.key),
        kind=told.kind,
        is_up=told.state == _UP,
        index_4=told.index_4,
        index_6=told.index_6,
        metric_4=told.metric_4,
        metric_6=told.metric_6,
        addresses=tuple(addresses),
        gateways=_addresses(memory, told.gateways),
        name_servers=_addresses(memory, told.name_servers),
        suffix=memory.wide(told.suffix),
    )


def _addresses(memory: _Memory, pointer: int) -> tuple[str, ...]:
    found = (memory.address(each.address) for each in memory.row(_Other, pointer))
    return tuple(address for address in found if address)


def read_default_routes(raw: bytes) -> list[DefaultRoute]:
    """The ways out among the rows of what GetIpForwardTable2 wrote."""
    found = []
    for start in range(0, len(raw) - ROUTE_SIZE + 1, ROUTE_SIZE):
        row = _Route.from_buffer_copy(raw, start)
        is_default = not row.prefix and _address(bytes(row.target)) in ("0.0.0.0", "::")
        if is_default and (router := _address(bytes(row.router))):
            found.append(DefaultRoute(row.index, router, row.metric))
    return found


def read_echo(raw: bytes) -> EchoAnswer:
    """The first answer in what IcmpSendEcho2Ex wrote."""
    told = _Echo.from_buffer_copy(raw)
    return EchoAnswer(str(IPv4Address(bytes(told.address))), told.status, told.milliseconds)


def read_echo_6(raw: bytes) -> EchoAnswer:
    """The first answer in what Icmp6SendEcho2 wrote."""
    told = _Echo6.from_buffer_copy(raw)
    return EchoAnswer(str(IPv6Address(bytes(told.address[6:22]))), told.status, told.milliseconds)
