"""One packet there and one back: the beginning of a connection, which is ended at once."""

from __future__ import annotations

import asyncio
import errno
import socket
import struct
from contextlib import suppress

from bcp.probe.bind import bound_socket
from bcp.system_error import number

_AT_ONCE = struct.pack("ii", 1, 0)
"""For SO_LINGER: one packet ends the connection, so that a row of them is no burden for a slow line."""


async def comes_back(address: str, port: int, via: str | None) -> bool:
    """Whether an answer comes, a refusal included; may wait as long as the system does."""
    with suppress(OSError), bound_socket(address, socket.SOCK_STREAM, via) as line:
        try:
            await asyncio.get_running_loop().sock_connect(line, (address, port))
        except OSError as error:
            return number(error) == errno.ECONNREFUSED
        with suppress(OSError):
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        return True
    return False
