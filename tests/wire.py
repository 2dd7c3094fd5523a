"""Real servers on loopback for tests: each answers as it is told to, on a port of its own."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

from tests.ports import free_port


class Listener:
    """A TCP server; `met` is called with each connection, in the thread that listens."""

    def __init__(self, met: Callable[[socket.socket], None], backlog: int = 512) -> None:
        self._met = met
        self._line = socket.create_server(("127.0.0.1", 0), backlog=backlog)
        self._is_over = False
        self.port = int(self._line.getsockname()[1])
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                line, _address = self._line.accept()
                if self._is_over:
                    return line.close()
                self._met(line)

    def close(self) -> None:
        """Listen no more; nobody waits at the line when it is closed, for not every system wakes him."""
        self._is_over = True
        try:
            self._line.shutdown(socket.SHUT_RDWR)
        except OSError:  # Windows shuts no such line; a last connection ends the waiting
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), 5).close()
        self._thread.join(5)
        self._line.close()


def serve(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A TCP server; `talk` is called with each connection in a thread of its own."""

    def one(line: socket.socket) -> None:
        with line, suppress(OSError):
            talk(line)

    listener = Listener(lambda line: threading.Thread(target=one, args=(line,), daemon=True).start())
    try:
        yield listener.port
    finally:
        listener.close()


tcp_server = contextmanager(serve)


@contextmanager
def web_server(answer: Callable[[str], bytes]) -> Iterator[int]:
    """A web server; `answer` gets the target of the request (`/a?b`) and returns all bytes of the answer."""

    def talk(line: socket.socket) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            piece = line.recv(65536)
            if not piece:
                return
            request += piece
        line.sendall(answer(request.split(b" ")[1].decode()))

    yield from serve(talk)


def page(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """An HTTP answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


@contextmanager
def udp_server(answer: Callable[[bytes], bytes | None]) -> Iterator[int]:
    """A UDP server, on a port that is free for TCP as well; a packet that is answered with None is lost."""
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.bind(("127.0.0.1", free_port()))

    def work() -> None:
        with suppress(OSError):
            while True:
                packet, peer = line.recvfrom(65536)
                if not packet:
                    return
                reply = answer(packet)
                if reply is not None:
                    line.sendto(reply, peer)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield line.getsockname()[1]
    finally:
        line.sendto(b"", line.getsockname())  # the packet that ends the work
        thread.join(5)
        line.close()


def dns_answer(
    packet: bytes, known: Mapping[str, str], dead: Callable[[str], bool] = lambda name: False
) -> bytes | None:
    """The answer of a name server that knows some IPv4 addresses; for dead names it says nothing at all."""
    labels, at = [], 12
    while packet[at]:
        labels.append(packet[at + 1 : at + 1 + packet[at]].decode())
        at += 1 + packet[at]
    name, question = ".".join(labels).lower(), packet[12 : at + 5]
    kind = struct.unpack_from("!H", packet, at + 1)[0]
    if dead(name):
        return None
    found = known.get(name) if kind == 1 else None
    code = 0 if name in known else 3
    head = packet[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, 1 if found else 0, 0, 0)
    record = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, 4) + socket.inet_aton(found) if found else b""
    return head + question + record


@contextmanager
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listener:
        yield listener.getsockname()[1]
