"""A web server of a few pages on an address of this computer, which remembers what it was asked."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Heard:
    """A web server that was started: where, and each request that came, with its headers and its body."""

    port: int
    requests: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        return [path for _method, path, _headers, _body in self.requests]


Pages = Mapping[str, tuple[int, str, str | bytes]]
"""By its path: the status, the type or, of a redirect, its target, and the content."""


@contextmanager
def web(address: str, pages: Pages, port: int = 0, tls: ssl.SSLContext | None = None) -> Iterator[Heard]:
    """A web server at this address of the computer."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            path = self.path.partition("?")[0]
            heard.requests.append((self.command, self.path, dict(self.headers), body))
            status, kind, content = pages.get(path, (404, "text/plain", "not here"))
            content = content.encode() if isinstance(content, str) else content
            self.send_response(status)
            self.send_header("Location" if 300 <= status < 400 else "Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_PUT = do_GET

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        address_family = socket.AF_INET6 if ":" in address else socket.AF_INET

    server = Server((address, port), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    heard = Heard(server.server_address[1])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield heard
    finally:
        server.shutdown()
        server.server_close()
