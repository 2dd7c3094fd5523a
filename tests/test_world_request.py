"""Requests to the world: an answer that never comes to its end ends, too."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from pathlib import Path

import pytest
import trustme

from bcp.errors import InputError
from bcp.outside import Request
from bcp.world.fetch import Fetcher
from bcp.world.real import Real
from bcp.world.secret import Secrets
from bcp.world.timestamp import stamped
from tests.wire import tcp_server


class _Drip:
    """A server that sends the beginning of an answer, and then a byte now and then."""

    def __init__(self, begun: str) -> None:
        self.begun, self.pause = begun, threading.Event()

    def __call__(self, line: socket.socket) -> None:
        line.recv(65536)
        with suppress(OSError):
            line.sendall(b"HTTP/1.1 200 OK" + self.begun.encode())
            for _byte in range(2000):
                if self.pause.wait(0.02):
                    break
                line.sendall(b"x")


DRIPS = {"body": "\r\nContent-Type: text/html\r\n\r\n", "headers": "\r\nX-Never-Ends: ", "status": ""}


@pytest.mark.core
@pytest.mark.parametrize("begun", DRIPS.values(), ids=DRIPS)
def test_a_page_to_copy_that_comes_byte_by_byte_is_left_out(begun: str) -> None:
    drip = _Drip(begun)
    with tcp_server(drip) as port, Fetcher(within=0.5) as fetcher:
        found = fetcher.get(f"http://127.0.0.1:{port}/", 1000)
        drip.pause.set()
    assert found.trouble == "not all of it within 0.5 s"


@pytest.mark.parametrize("begun", DRIPS.values(), ids=DRIPS)
def test_a_time_stamp_that_comes_byte_by_byte_is_none(tmp_path: Path, begun: str) -> None:
    drip = _Drip(begun)
    root = tmp_path / "root.pem"
    root.write_bytes(trustme.CA().cert_pem.bytes())
    with tcp_server(drip) as port, pytest.raises(InputError, match=r"not all of it came within 0\.5 s"):
        try:
            stamped(b"sums", f"http://127.0.0.1:{port}/", root, timeout=0.5)
        finally:
            drip.pause.set()


@pytest.mark.core
@pytest.mark.parametrize("begun", DRIPS.values(), ids=DRIPS)
def test_a_server_that_sends_a_byte_now_and_then_is_not_waited_for_for_ever(
    tmp_path: Path, begun: str
) -> None:
    drip = _Drip(begun)
    with tcp_server(drip) as port:
        request = Request("GET", f"http://127.0.0.1:{port}/", timeout=0.25)
        answer = Real(Secrets(tmp_path, {})).request(request)
        drip.pause.set()
    assert answer.status is None and answer.trouble == "the whole answer did not come within 1 s"
    assert answer.sent, "the request itself may have been carried out"
