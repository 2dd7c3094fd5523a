"""A server between us and a real web server: it passes everything on, and misbehaves where the test says so."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx

_OWN = frozenset({"connection", "transfer-encoding", "content-length", "content-encoding", "keep-alive"})


@dataclass
class Asked:
    """A request on its way."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Fault:
    """What happens instead: `status` is answered (0: nothing, the connection ends), after the deed if `done`.

    `half` hands on half of the body and ends both connections; `then` is called at that moment.
    """

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    done: bool = False
    half: bool = False
    then: Callable[[], object] | None = None


@dataclass
class Between:
    """`rule` says of each request what happens instead, or nothing; `asked` is all that came.

    `etags` of another kind are given in place of the server's: weak ones, as by servers that pack what they send.
    """

    url: str = ""
    etags: Literal["strong", "weak", "none"] = "strong"
    rule: Callable[[Asked], Fault | None] = lambda _asked: None
    asked: list[Asked] = field(default_factory=list)

    def once(self, method: str, part: str, fault: Fault) -> None:
        """The first request of that kind has the fault; those after it have none."""
        left = [fault]

        def rule(asked: Asked) -> Fault | None:
            return left.pop() if left and asked.method == method and part in asked.path else None

        self.rule = rule

    def writes(self) -> list[str]:
        return [f"{one.method} {one.path}" for one in self.asked if one.method not in ("GET", "HEAD")]


@contextmanager
def between(target: str) -> Iterator[Between]:
    found = Between()
    with httpx.Client(timeout=30) as client:

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                asked = Asked(self.command, self.path, dict(self.headers), body)
                found.asked.append(asked)
                fault = found.rule(asked)
                if fault is None or fault.done:
                    passed = client.request(
                        asked.method, target + asked.path, headers=asked.headers, content=body or None
                    )
                if fault is None:
                    return self._answer(passed.status_code, dict(passed.headers), passed.content)
                if fault.half:
                    _half(target, asked)
                if fault.then:
                    fault.then()
                if fault.status:
                    return self._answer(fault.status, fault.headers, b"")
                self.close_connection = True
                with suppress(OSError):
                    self.connection.shutdown(socket.SHUT_RDWR)
                return None

            def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
                with suppress(OSError):
                    self.send_response(status)
                    for name, value in headers.items():
                        is_etag = name.lower() == "etag"
                        if name.lower() not in _OWN and not (is_etag and found.etags == "none"):
                            self.send_header(
                                name, f"W/{value}" if is_etag and found.etags == "weak" else value
                            )
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_MOVE = do_MKCOL = do_PROPFIND = _any

            def log_message(self, *_arguments: Any) -> None:
                """Nothing is printed."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        found.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield found
        finally:
            server.shutdown()
            server.server_close()


def _half(target: str, asked: Asked) -> None:
    """The server gets the head and half of what was announced."""
    parts = urlsplit(target)
    lines = [
        f"{asked.method} {asked.path} HTTP/1.1",
        *(f"{name}: {value}" for name, value in asked.headers.items()),
    ]
    with socket.create_connection((str(parts.hostname), parts.port or 80)) as line:
        line.sendall("\r\n".join([*lines, "", ""]).encode() + asked.body[: len(asked.body) // 2])
