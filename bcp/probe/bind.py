"""Sockets bound to one network interface before they connect, so that a line can be looked at by itself."""

from __future__ import annotations

import errno
import os
import socket
import struct
import sys

from bcp.probe.interface_name import same_name

_BOUND_IF = 25  # macOS: IP_BOUND_IF in netinet/in.h; the constant came to Python's socket module only later
_BOUND_IF_6 = 125  # macOS: IPV6_BOUND_IF in netinet6/in6.h
_MOST_SOCKETS = 10_000
_UNICAST_IF = 31  # Windows: IP_UNICAST_IF and IPV6_UNICAST_IF in ws2ipdef.h


def bound_socket(address: str, kind: int, via: str | None, protocol: int = 0) -> socket.socket:
    """A non-blocking socket of the family of `address`, bound to the interface `via` if one is named.

    Raises OSError (ENODEV) for an interface that is not there.
    """
    made = socket.socket(family(address), kind, protocol)
    try:
        made.setblocking(False)
        if via:
            _bind(made, via)
    except OSError:
        made.close()
        raise
    return made


def allow_many_sockets() -> None:
    """Let this process have as many sockets as the system lets it have: a thousand targets may hang at once."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_SOCKETS if hard == resource.RLIM_INFINITY else min(_MOST_SOCKETS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def family(address: str) -> socket.AddressFamily:
    """The family of a literal address."""
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def _bind(made: socket.socket, via: str) -> None:
    if sys.platform == "linux":
        made.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, os.fsencode(_own_spelling(via)) + b"\0")
        return
    is_six = made.family == socket.AF_INET6
    level = socket.IPPROTO_IPV6 if is_six else socket.IPPROTO_IP
    if sys.platform == "win32":
        from bcp.probe.windows.calls import adapter_named

        if not (index := adapter_named(via).index(is_six)):
            raise OSError(errno.ENETUNREACH, "the interface has no address of this kind")
        made.setsockopt(level, _UNICAST_IF, struct.pack("=I" if is_six else "!I", index))
        return
    try:
        index = socket.if_nametoindex(_own_spelling(via))
    except OSError:
        raise OSError(errno.ENODEV, "no such interface") from None
    made.setsockopt(level, _BOUND_IF_6 if is_six else _BOUND_IF, index)


def _own_spelling(via: str) -> str:
    """The name of the interface as the system spells it: one and the same accent may be one letter or two."""
    if via.isascii():
        return via
    return next((name for _, name in socket.if_nameindex() if same_name(name, via)), via)
