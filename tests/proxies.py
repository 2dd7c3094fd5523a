"""A real small proxy on loopback: it knows every name as this computer, and lets through what it is told to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.wire import page, serve

BASIC = "Basic b2ZmaWNlOndhcmRyb2Jl"  # office:wardrobe


@dataclass
class RunningProxy:
    """`asked` are the heads of all requests; `answer` is given to each instead of its page, where it is set."""

    port: int = 0
    answer: bytes = b""
    login: str = ""
    asked: list[str] = field(default_factory=list)


@contextmanager
def running_proxy(answer: bytes = b"", login: str = "") -> Iterator[RunningProxy]:
    proxy = RunningProxy(answer=answer, login=login)

    def talk(line: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            piece = line.recv(65536)
            if not piece:
                return None
            head += piece
        proxy.asked.append(head.decode())
        if proxy.answer:
            return line.sendall(proxy.answer)
        if proxy.login and f"Proxy-Authorization: {proxy.login}\r\n" not in head.decode():
            challenge = {"Proxy_Authenticate": f'{proxy.login.split(" ")[0]} realm="office"'}
            return line.sendall(page(status="407 Proxy Authentication Required", **challenge))
        return _pass_on(line, head)

    for proxy.port in serve(talk):
        yield proxy


def _pass_on(line: socket.socket, head: bytes) -> None:
    method, target, _rest = head.split(b" ", 2)
    name = target if method == b"CONNECT" else target.split(b"/")[2]
    try:
        there = socket.create_connection(("127.0.0.1", int(name.rpartition(b":")[2])), 5)
    except OSError:
        return line.sendall(page(b"no", status="502 Bad Gateway", X_Squid_Error="ERR_CONNECT_FAIL 111"))
    with there:
        if method == b"CONNECT":
            line.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            threading.Thread(target=_copy, args=(line, there), daemon=True).start()
        else:
            path = b"/" + target.split(b"/", 3)[3]
            there.sendall(head.replace(target, path, 1))
        _copy(there, line)
    return None


def _copy(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while piece := one.recv(65536):
            other.sendall(piece)
        other.shutdown(socket.SHUT_WR)
