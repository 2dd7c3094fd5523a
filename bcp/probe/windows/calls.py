"""Asks Windows itself about its network (iphlpapi.dll): no program has to be there, allowed, and of one language."""

from __future__ import annotations

import ctypes
import errno
import struct
import sys
import time
from functools import cache
from ipaddress import ip_address
from socket import AF_INET6, inet_aton, inet_pton
from typing import Any

from bcp.probe.interface_name import same_name
from bcp.probe.windows.layout import (
    ROUTE_SIZE,
    ROUTES_BEGIN,
    read_adapters,
    read_default_routes,
    read_echo,
    read_echo_6,
)
from bcp.probe.windows.records import Adapter, DefaultRoute, EchoAnswer

_GATEWAYS, _NO_ANYCAST, _NO_MULTICAST = 0x80, 0x2, 0x4  # GAA_FLAG_…
_OVERFLOW, _NO_DATA = 111, 232  # ERROR_BUFFER_OVERFLOW, ERROR_NO_DATA
_IP_STATUS = range(11000, 11100)  # what is no failure of the call, but of the packet
_TIMED_OUT = 11010
_PAYLOAD = b"bcp" + bytes(29)
_ROOM = 1024
REMEMBERED = 1.0  # seconds for which the adapters are not asked for once more: a pass binds many sockets

_known: tuple[float, list[Adapter]] = (float("-inf"), [])


def adapters() -> list[Adapter]:
    """All adapters that speak IP. Raises OSError where Windows does not tell, ValueError where it tells nonsense."""
    ask = _function("GetAdaptersAddresses")
    size = ctypes.c_uint32(16 * 1024)
    for _try in range(4):  # an adapter may come while we ask
        room = ctypes.create_string_buffer(size.value)
        flags = _GATEWAYS | _NO_ANYCAST | _NO_MULTICAST
        code = ask(0, flags, None, room, ctypes.byref(size))
        if code == _NO_DATA:
            return []
        if code == 0:
            return read_adapters(room.raw, ctypes.addressof(room))
        if code != _OVERFLOW:
            break
    raise _failure(code)


def default_routes() -> list[DefaultRoute]:
    """All ways out. Raises OSError where Windows does not tell."""
    table = ctypes.c_void_p()
    code = _function("GetIpForwardTable2")(0, ctypes.byref(table))
    if code or not table.value:
        raise _failure(code)
    try:
        (rows,) = struct.unpack("=I", ctypes.string_at(table.value, 4))
        return read_default_routes(ctypes.string_at(table.value + ROUTES_BEGIN, rows * ROUTE_SIZE))
    finally:
        _function("FreeMibTable", None)(table)


def adapter_named(name: str) -> Adapter:
    """The adapter that people, or Windows, call so. Raises OSError (ENODEV) for one that is not there."""
    global _known  # noqa: PLW0603 - what the system said a moment ago, whoever asked
    told_at, found = _known
    if time.monotonic() - told_at > REMEMBERED:
        found = adapters()
        _known = (time.monotonic(), found)
    for each in found:
        if same_name(name, each.name) or same_name(name, each.key):
            return each
    raise OSError(errno.ENODEV, "no such interface")


def echo(address: str, via: str | None, seconds: float) -> EchoAnswer | None:
    """Send one echo request, over the adapter `via` if one is named, and wait for what comes back; None if nothing.

    Blocks for `seconds` at most. Raises OSError where none can be sent.
    """
    is_six = ":" in address
    source = _source(via, is_six) if via else None
    handle = _function("Icmp6CreateFile" if is_six else "IcmpCreateFile", ctypes.c_void_p)()
    if handle in (None, ctypes.c_void_p(-1).value):
        raise _failure()
    try:
        room = ctypes.create_string_buffer(_ROOM)
        waits = max(1, round(seconds * 1000))
        send = _send_6 if is_six else _send_4
        answers, code = send(ctypes.c_void_p(handle), source, address, room, waits)
    finally:
        _function("IcmpCloseHandle")(ctypes.c_void_p(handle))
    if answers:
        return read_echo_6(room.raw) if is_six else read_echo(room.raw)
    if code == _TIMED_OUT or code in _IP_STATUS:
        return None
    raise _failure(code)


def _send_4(handle: Any, source: str | None, address: str, room: Any, waits: int) -> tuple[int, int]:
    send = _function("IcmpSendEcho2Ex")
    start, target = (
        ctypes.c_uint32(struct.unpack("=I", inet_aton(each))[0]) for each in (source or "0.0.0.0", address)
    )
    size = ctypes.c_uint16(len(_PAYLOAD))
    answers = send(handle, None, None, None, start, target, _PAYLOAD, size, None, room, _ROOM, waits)
    return answers, _last_error()


def _send_6(handle: Any, source: str | None, address: str, room: Any, waits: int) -> tuple[int, int]:
    send = _function("Icmp6SendEcho2")
    start, target = (ctypes.create_string_buffer(_sockaddr_6(each)) for each in (source or "::", address))
    size = ctypes.c_uint16(len(_PAYLOAD))
    answers = send(handle, None, None, None, start, target, _PAYLOAD, size, None, room, _ROOM, waits)
    return answers, _last_error()


def _sockaddr_6(address: str) -> bytes:
    bare, _percent, scope = address.partition("%")
    number = int(scope) if scope.isdigit() else 0
    return struct.pack("=HHI16sI", 23, 0, 0, inet_pton(AF_INET6, bare), number)


def _source(via: str, is_six: bool) -> str:
    """The address from which a packet leaves over the adapter `via`."""
    for each in adapter_named(via).addresses:
        address = ip_address(each.partition("/")[0])
        if (address.version == 6) == is_six and not address.is_link_local:
            return str(address)
    raise OSError(errno.ENETUNREACH, "the interface has no address of this kind")


def _function(name: str, returns: Any = ctypes.c_uint32) -> Any:
    """A function of iphlpapi; OSError where there is none, as for any other call that fails."""
    try:
        found = getattr(_library(), name)
    except AttributeError:
        raise OSError(errno.ENOSYS, f"this system has no {name}") from None
    found.restype = returns
    return found


@cache
def _library() -> Any:
    if sys.platform == "win32" and hasattr(ctypes, "WinDLL"):
        return ctypes.WinDLL("iphlpapi", use_last_error=True)
    raise OSError(errno.ENOSYS, "this system is not Windows")


def _last_error() -> int:
    if sys.platform == "win32":
        return ctypes.get_last_error()
    return 0


def _failure(code: int | None = None) -> OSError:
    if sys.platform == "win32":
        return ctypes.WinError(_last_error() if code is None else code)
    return OSError(errno.ENOSYS, "this system is not Windows")
