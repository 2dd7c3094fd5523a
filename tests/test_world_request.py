"""Requests to the world: an answer that never comes to its end ends, too."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from bcp.outside import Request
from bcp.world.real import Real
from bcp.world.secret import Secrets
from tests.wire import tcp_server


@pytest.mark.core
@pytest.mark.parametrize(
    "begun", ["Content-Type: text/html\r\n\r\n", "X-Never-Ends: ", ""], ids=["body", "headers", "status"]
)
def test_a_server_that_sends_a_byte_now_and_then_is_not_waited_for_for_ever(
    tmp_path: Path, begun: str
) -> None:
    pause = threading.Event()

    def talk(line: socket.socket) -> None:
        line.recv(65536)
        line.sendall(b"HTTP/1.1 200 OK" + (b"\r\n" + begun.encode() if begun else b""))
        with suppress(OSError):
            for _byte in range(2000):
                if pause.wait(0.02):
                    break
                line.sendall(b"x")

    with tcp_server(talk) as port:
        request = Request("GET", f"http://127.0.0.1:{port}/", timeout=0.25)
        answer = Real(Secrets(tmp_path, {})).request(request)
        pause.set()
    assert answer.status is None and answer.trouble == "the whole answer did not come within 1 s"
    assert answer.sent, "the request itself may have been carried out"
