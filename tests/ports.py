"""Ports that no other test is given.

The kernel hands out ephemeral ports (32768 and up on Linux) to every connection and every listener that asks
for port 0, and again as soon as they are closed: a port that was found free there may be another test's a
moment later. So what has to be named before it is bound, or has to stay closed, comes from below them, from a
share of its own for each process that runs tests, and in turn: none is given again soon.
"""

from __future__ import annotations

import itertools
import os
import random
import socket
from collections.abc import Iterator

_BELOW, _SHARE = 12_000, 2_000


def _share() -> Iterator[int]:
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 10
    ports = range(_BELOW + worker * _SHARE, _BELOW + (worker + 1) * _SHARE)
    first = random.SystemRandom().randrange(_SHARE)
    return itertools.cycle([*ports[first:], *ports[:first]])


_ports = _share()


def free_port() -> int:
    """A port, for TCP and for UDP, on which nothing listens until the caller does."""
    for port in itertools.islice(_ports, _SHARE):
        try:
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                with socket.socket(type=kind) as line:
                    line.bind(("127.0.0.1", port))
        except OSError:
            continue
        return port
    raise AssertionError(f"the {_SHARE} ports of this process are all in use")
