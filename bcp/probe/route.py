"""The way that this computer takes to an address, as the system itself decides it: by routes, rules and tunnels."""

from __future__ import annotations

import socket

from bcp.probe.bind import bound_socket


def source_to(address: str, via: str | None = None) -> str | None:
    """The own address from which the system would send there; None where it knows no way.

    Connecting a UDP socket asks for the route and sends nothing.
    """
    try:
        with bound_socket(address, socket.SOCK_DGRAM, via) as line:
            line.connect((address, 53))
            return str(line.getsockname()[0])
    except OSError:
        return None
