"""Shows a copy of a site to the browser of this computer, as a web server would: files from a disk are not shown alike.

A browser takes each file that it opens from the disk for a site of its own: it loads no fonts and no drawings of a
file (`<use href>`) from beside the page. It is a server for this computer alone: it is bound to the loopback, answers
only to its own address (a name that a stranger lets lead here is refused), and knows no files but those of the copy.
"""

from __future__ import annotations

import logging
import mimetypes
import os
import re
import socket
import stat
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingTCPServer
from typing import IO
from urllib.parse import unquote, urlsplit

from bcp.mirror.crawl import FIRST
from bcp.mirror.passive import POLICY
from bcp.world.hangup import ended_in_order

_log = logging.getLogger(__name__)
_LOOPBACK = "127.0.0.1"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
"""What the files of a copy are called: no folder, and nothing that begins with a dot."""
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_PIECE = 1 << 16
# This class knows what stands in Python alone; what a registry of Windows says of endings is not asked.
_TYPES = mimetypes.MimeTypes().types_map[True] | {
    ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".txt": "text/plain; charset=utf-8",
    ".woff": "font/woff", ".woff2": "font/woff2", ".ttf": "font/ttf", ".otf": "font/otf", ".webp": "image/webp",
    ".avif": "image/avif", ".m4v": "video/mp4", ".m4a": "audio/mp4", ".ogv": "video/ogg", ".ogg": "audio/ogg",
}  # fmt: skip
_AS_PAGES = (".html", ".svg")
_UNFRAMED = "frame-ancestors 'none'"
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",  # no page from elsewhere shows or reads it
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",  # the next copy may be shown at the same port
    "Accept-Ranges": "bytes",
}


class CopyServer:
    """A server at a free port of 127.0.0.1, which listens from the beginning; `address` is that of the first page."""

    def __init__(self, folder: Callable[[], Path]) -> None:
        """`folder` gives the folder of the copy, asked anew for each file: a refresh may take its place meanwhile."""
        self._server = _Server(folder)
        self.address = f"http://{_LOOPBACK}:{self._server.port}/"

    def __enter__(self) -> CopyServer:
        """For `with`."""
        return self

    def __exit__(self, *_how: object) -> None:
        """Listen no more."""
        self._server.server_close()

    def show(self, begins: Callable[[], None]) -> None:
        """Answer until somebody ends it: by Ctrl-C, by closing the window, by SIGTERM.

        `begins` is called first: whoever is told of it there may end it at once.
        """
        try:
            with ended_in_order() as asked:
                asked.hear()
                begins()
                self._server.serve_forever()
        except KeyboardInterrupt:
            return


class _Server(ThreadingTCPServer):
    """`http.server.HTTPServer` would look up the name of this computer, which hangs where the DNS is gone."""

    daemon_threads = True

    def __init__(self, folder: Callable[[], Path]) -> None:
        self.folder = folder
        super().__init__((_LOOPBACK, 0), _Answer)
        self.port: int = self.server_address[1]
        self.names = {f"{host}:{self.port}" for host in (_LOOPBACK, "localhost")}

    def server_bind(self) -> None:
        """Alone at its port; without this Windows would let another program share it."""
        alone = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)
        if alone is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, alone, 1)
        super().server_bind()

    def handle_error(self, _request: object, _client: object) -> None:
        """A browser that ends a connection is no news."""
        _log.debug("a connection to the copy was broken off", exc_info=True)


class _Answer(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "bcp", ""
    timeout = 60.0

    def do_GET(self) -> None:
        """A file of the copy, whole or the part that a film's player asks for."""
        if self.headers.get("Host", "").lower() not in self.server.names:
            self._refuse(HTTPStatus.MISDIRECTED_REQUEST)
            return
        name = unquote(urlsplit(self.path).path).removeprefix("/") or FIRST
        file = _opened(self.server.folder() / name) if _NAME.fullmatch(name) else None
        if file is None:
            self._refuse(HTTPStatus.NOT_FOUND)
            return
        with file:
            self._give(file, Path(name).suffix.lower())

    do_HEAD = do_GET

    def _give(self, file: IO[bytes], ending: str) -> None:
        kind = _TYPES.get(ending, "application/octet-stream")
        policy = f"{POLICY.decode()}; {_UNFRAMED}" if ending in _AS_PAGES else _UNFRAMED
        size = os.fstat(file.fileno()).st_size
        part = _part(self.headers.get("Range", ""), size)
        first, end = part or (0, size)
        self.send_response(HTTPStatus.PARTIAL_CONTENT if part else HTTPStatus.OK)
        if part:
            self.send_header("Content-Range", f"bytes {first}-{end - 1}/{size}")
        self._headers(kind, end - first, policy)
        if self.command == "HEAD":
            return
        file.seek(first)
        while first < end and (piece := file.read(min(_PIECE, end - first))):
            self.wfile.write(piece)
            first += len(piece)

    def _refuse(self, status: HTTPStatus) -> None:
        words = f"{status.value} {status.phrase}: this is not in the copy.\n".encode()
        self.send_response(status)
        self._headers("text/plain; charset=utf-8", len(words))
        if self.command != "HEAD":
            self.wfile.write(words)

    def _headers(self, kind: str, length: int, policy: str = _UNFRAMED) -> None:
        told = {"Content-Type": kind, "Content-Length": str(length), "Content-Security-Policy": policy}
        for header, value in {**_ALWAYS, **told}.items():
            self.send_header(header, value)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """What somebody looks at is not written down."""


def _opened(path: Path) -> IO[bytes] | None:
    """The file, if it is one of its own: no folder, no link to elsewhere, no pipe."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return None
        file = os.fdopen(os.open(path, flags), "rb")
    except OSError:
        return None
    return file


def _part(asked: str, size: int) -> tuple[int, int] | None:
    """Where the part begins and ends that `Range` asks for; None for all of it (RFC 9110, 14.2: it may be ignored)."""
    found = _RANGE.fullmatch(asked.strip())
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    begins = int(first) if first else max(0, size - int(last))
    ends = min(size, int(last) + 1) if first and last else size
    return (begins, ends) if begins < ends else None
