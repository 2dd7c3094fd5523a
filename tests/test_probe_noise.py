"""Whatever bytes a server sends, each probe ends with a plain reason: one line that can be printed, no traceback."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bcp.clock import SystemClock
from bcp.probe.base import Probe, Shared
from bcp.probe.kinds.http import Http
from bcp.probe.kinds.imap import Imap
from bcp.probe.kinds.portal import Portal
from bcp.probe.kinds.sip import Sip
from bcp.probe.kinds.smtp import Smtp
from bcp.probe.kinds.tcp import Tcp
from bcp.probe.kinds.tls import Tls
from tests.wire import tcp_server

SHARED = Shared(SystemClock(), timeout=0.5, secret=lambda reference: "wardrobe")
BEGINNINGS = [
    b"",
    b"HTTP/1.1 200 OK\r\n",
    b"220 mx\r\n250 ok\r\n",
    b"* OK imap\r\n+\r\na2 ",
    b"SIP/2.0 200 OK\r\n",
    b"\x16\x03\x03",
]


@contextmanager
def noisy(noise: list[bytes]) -> Iterator[int]:
    """A server that says what stands first in `noise`, whatever it hears, and hangs up."""

    def talk(line: socket.socket) -> None:
        line.sendall(noise[0])
        line.shutdown(socket.SHUT_WR)
        with suppress(OSError):
            while line.recv(65536):
                pass

    with tcp_server(talk) as port:
        yield port


def probes_at(port: int) -> dict[str, Probe]:
    here = {"host": "127.0.0.1", "port": port}
    login = {**here, "security": "none", "user": "office", "password": "env:PASSWORD"}
    return {
        "tcp": Tcp.model_validate({**here, "greets": "hello"}),
        "http": Http.model_validate({"url": f"http://127.0.0.1:{port}/", "json": {"a": "b"}}),
        "https": Http(url=f"https://127.0.0.1:{port}/"),
        "portal": Portal(url=f"http://127.0.0.1:{port}/"),
        "tls": Tls.model_validate(here),
        "smtp": Smtp.model_validate(login),
        "imap": Imap.model_validate(login),
        "sip": Sip.model_validate({**here, "transport": "tcp"}),
    }


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[list[bytes], dict[str, Probe]]]:
    noise = [b""]
    with noisy(noise) as port:
        yield noise, probes_at(port)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.sampled_from(BEGINNINGS), st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_noise_is_a_plain_reason(server, beginning, tail):
    noise, probes = server
    noise[0] = beginning + tail

    async def all_of_them() -> list[tuple[str, str]]:
        results = await asyncio.gather(*(probe.look(SHARED) for probe in probes.values()))
        return [(result.state, result.reason) for result in results]

    for state, reason in asyncio.run(all_of_them()):
        assert state in ("up", "down", "inconclusive")
        assert reason
        assert reason.isprintable()
        assert len(reason) < 300
