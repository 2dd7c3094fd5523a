"""One packet there and one back: the beginning of a connection, which is ended at once."""

from __future__ import annotations

import asyncio
import errno
import socket
import struct
import sys
from contextlib import suppress
from typing import NamedTuple

from bcp.probe.bind import bound_socket
from bcp.system_error import number

_AT_ONCE = struct.pack("ii", 1, 0)
"""For SO_LINGER: one packet ends the connection, so that a row of them is no burden for a slow line."""


_TCP_INFO = struct.Struct("=8x24I")
"""`struct tcp_info` of Linux (include/uapi/linux/tcp.h) as far as it is needed here."""
_ROUND_TRIP, _REPEATED = 15, 23
"""Where in it the microseconds of the round trip stand, and how many packets were sent again."""


class Came(NamedTuple):
    """Whether an answer came. What the system itself says: whether a packet had to be sent again, and how many seconds
    the answer took; None where it does not say. A busy computer hears of an answer late, its system does not.
    """

    is_there: bool
    is_repeated: bool | None = None
    took: float | None = None


async def comes_back(address: str, port: int, via: str | None) -> Came:
    """Whether an answer comes, a refusal included; may wait as long as the system does."""
    with suppress(OSError), bound_socket(address, socket.SOCK_STREAM, via) as line:
        try:
            await asyncio.get_running_loop().sock_connect(line, (address, port))
        except OSError as error:
            return Came(number(error) == errno.ECONNREFUSED)
        came = _as_the_system_says(line)
        with suppress(OSError):
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        return came
    return Came(False)


def _as_the_system_says(line: socket.socket) -> Came:
    if sys.platform != "linux":
        return Came(True)
    try:
        told = _TCP_INFO.unpack(line.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size))
    except (OSError, struct.error):
        return Came(True)
    is_repeated = told[_REPEATED] > 0
    is_timed = told[_ROUND_TRIP] > 0 and not is_repeated
    return Came(True, is_repeated, told[_ROUND_TRIP] / 1e6 if is_timed else None)
