"""A WebDAV server of the test that keeps its files in memory, and has the faults that real ones have."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit


@dataclass
class Dav:
    """`cut` is how much of a file is kept, `runs` says that pages in PHP are run, `overwrites` that MOVE replaces.

    `etag` is what is said of every file: no condition about it is heeded. `refuses` is a method that is forbidden,
    `no_move` is answered to each MOVE, and `before_move` is called before each MOVE.
    """

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    cut: int | None = None
    runs: bool = False
    overwrites: bool = True
    etag: str = '"always the same"'
    refuses: str = ""
    no_move: int = 0
    before_move: Callable[[], object] = bool

    def get(self, name: str) -> bytes | None:
        content = self.files.get(name)
        if content is None or not self.runs or not name.endswith(".php"):
            return content
        head, _begin, rest = content.partition(b"<?php")
        return head + rest.partition(b"?>")[2]

    def answer(self, method: str, name: str, target: str, body: bytes) -> tuple[int, bytes]:
        """The status, and what comes with it."""
        if method == self.refuses:
            return 403, b""
        if method == "PUT":
            self.files[name] = body[: self.cut]
            return 201, b""
        content = self.get(name)
        if method == "PROPFIND":
            return 405, b""
        if content is None:
            return 404, b""
        if method == "MOVE" and self.no_move:
            return self.no_move, b""
        if method == "MOVE":
            self.before_move()
            if target in self.files and not self.overwrites:
                return 412, b""
            self.files[target] = self.files.pop(name)
            return 204, b""
        if method == "DELETE":
            del self.files[name]
            return 204, b""
        return 200, content


@contextmanager
def dav_server() -> Iterator[Dav]:
    found = Dav()

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            target = unquote(urlsplit(self.headers.get("Destination", "")).path.lstrip("/"))
            status, content = found.answer(self.command, unquote(self.path.lstrip("/")), target, body)
            self.send_response(status)
            self.send_header("ETag", found.etag)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_PUT = do_MOVE = do_DELETE = do_PROPFIND = _any

        def log_message(self, *_arguments: Any) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
