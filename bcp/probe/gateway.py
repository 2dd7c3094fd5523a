"""Whether the router of the office answers, by whichever of several knocks it minds.

A refused connection is an answer, too: somebody is there who refuses. Routers that answer nothing exist;
whoever calls this knows more (a router through which the internet answers is well).
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Awaitable
from functools import partial

from bcp.i18n import _
from bcp.probe import dns_message
from bcp.probe.bind import bound_socket
from bcp.probe.icmp import echo_requests
from bcp.probe.race import first
from bcp.system_error import number

_PORTS = (53, 80, 443)
_PATIENCE = 4.0


async def answers(gateway: str, via: str | None) -> str:
    """How it answered, in plain words. Raises OSError when every knock failed; may wait for ever."""
    knocks = [partial(_port, gateway, port, via) for port in _PORTS]
    return await first([partial(_echo, gateway, via), partial(_question, gateway, via), *knocks], 0)


async def _echo(gateway: str, via: str | None) -> str:
    with echo_requests(gateway, via, 10, _PATIENCE) as under_way:
        await under_way.first()
    return _("it answers echo requests")


async def _question(gateway: str, via: str | None) -> str:
    with bound_socket(gateway, socket.SOCK_DGRAM, via) as line:
        line.connect((gateway, 53))
        line.send(dns_message.query("localhost", "A", 1))
        return await _heard(asyncio.get_running_loop().sock_recv(line, 512), 53)


async def _port(gateway: str, port: int, via: str | None) -> str:
    with bound_socket(gateway, socket.SOCK_STREAM, via) as line:
        return await _heard(asyncio.get_running_loop().sock_connect(line, (gateway, port)), port)


async def _heard(knock: Awaitable[object], port: int) -> str:
    try:
        await knock
    except OSError as error:
        if number(error) != errno.ECONNREFUSED:
            raise
        return _("it refuses port {port}, so it is there").format(port=port)
    return _("it answers on port {port}").format(port=port)
