"""The real world for what cannot wait: short time-outs, and, where the usual line is dead, over another one."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import httpcore
import httpx

from bcp.outside import ChatPost, Chatted, HttpResponse, MailServer, Request
from bcp.probe.second_line import connect_over
from bcp.world.mail import Mailer
from bcp.world.real import Real
from bcp.world.secret import Secrets

PATIENCE = 12.0
"""Seconds for a connection or an answer: who hears of an outage late may as well hear of it by the next way."""


class Urgent(Real):
    """Reaches what lies outside, over the interface `via` where one is named; programs know nothing of that."""

    def __init__(self, secrets: Secrets, via: str | None = None) -> None:
        super().__init__(secrets)
        self._via = via
        self._mailer: Mailer = _UrgentMailer(secrets, via)

    def request(self, request: Request) -> HttpResponse:
        """As its parent, with less patience."""
        return super().request(replace(request, timeout=min(request.timeout, PATIENCE)))

    def chat(self, post: ChatPost) -> Chatted:
        """As its parent, over the line."""
        from bcp.world.chat_line import over

        with over(self._via, PATIENCE):
            return super().chat(post)

    def hang_up(self) -> None:
        """Take leave of the mail servers: the next message may be weeks away."""
        self._mailer.close()

    def _client(self, request: Request) -> Any:
        if self._via is None:
            return super()._client(request)
        self._tls = self._tls or httpx.create_ssl_context()
        return httpx.Client(timeout=request.timeout, transport=_BoundTransport(self._tls, self._via))


class _UrgentMailer(Mailer):
    """Connects over one line."""

    def __init__(self, secrets: Secrets, via: str | None) -> None:
        super().__init__(secrets)
        self._via = via

    def _dial(self, server: MailServer) -> smtplib.SMTP:
        if server.security == "tls":
            return _BoundTlsSmtp(server, self._via, self._context(server.authority))
        return _BoundSmtp(server, self._via)


class _BoundSmtp(smtplib.SMTP):
    """SMTP over one line; over the usual one without a name of it."""

    def __init__(self, server: MailServer, via: str | None) -> None:
        self._via = via
        # Without a name of ours smtplib looks one up, which takes its time where names are dead.
        super().__init__(server.host, server.port, _our_name(), timeout=PATIENCE)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        if self._via is not None:
            return connect_over(host, port, self._via, timeout)
        return socket.create_connection((host, port), timeout)


def _our_name() -> str:
    name = socket.gethostname()
    return name if name.isascii() and "." in name.strip(".") else "[127.0.0.1]"


class _BoundTlsSmtp(_BoundSmtp):
    """The same, with TLS from the first byte."""

    def __init__(self, server: MailServer, via: str | None, context: ssl.SSLContext) -> None:
        self._tls = context
        super().__init__(server, via)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self._tls.wrap_socket(super()._get_socket(host, port, timeout), server_hostname=host)


class _BoundTransport(httpx.BaseTransport):
    """What httpx sends its requests through, each over a connection of its own at one line.

    httpx sets the options of a socket when it is connected, which is too late to choose the line; its core takes a
    backend of ours (https://www.encode.io/httpcore/network-backends/).
    """

    def __init__(self, tls: ssl.SSLContext, via: str) -> None:
        self._pool = httpcore.ConnectionPool(ssl_context=tls, network_backend=_BoundBackend(via))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, read to its end: what an alert is answered with is short."""
        url = request.url
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        asked = httpcore.Request(
            request.method,
            target,
            headers=request.headers.raw,
            content=request.read(),
            extensions=request.extensions,
        )
        try:
            answer = self._pool.handle_request(asked)
            content = answer.read()
        except httpcore.ConnectTimeout as error:
            raise httpx.ConnectTimeout(str(error)) from error
        except httpcore.ConnectError as error:
            raise httpx.ConnectError(str(error)) from error
        except httpcore.TimeoutException as error:
            raise httpx.ReadTimeout(str(error)) from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise httpx.ReadError(str(error)) from error
        return httpx.Response(answer.status, headers=answer.headers, content=content)

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()


class _BoundBackend(httpcore.NetworkBackend):
    """Connects over one line."""

    def __init__(self, via: str) -> None:
        self._via = via

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Raises what httpcore raises."""
        try:
            return _Stream(connect_over(host, port, self._via, timeout or PATIENCE))
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error


class _Stream(httpcore.NetworkStream):
    """A socket as httpcore has it."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Raises ReadTimeout or ReadError."""
        try:
            self._line.settimeout(timeout)
            return self._line.recv(max_bytes)
        except TimeoutError as error:
            raise httpcore.ReadTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Raises WriteTimeout or WriteError."""
        try:
            self._line.settimeout(timeout)
            self._line.sendall(buffer)
        except TimeoutError as error:
            raise httpcore.WriteTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    def close(self) -> None:
        """Let go of the socket."""
        self._line.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same, encrypted. Raises ConnectTimeout or ConnectError."""
        try:
            self._line.settimeout(timeout)
            return _Stream(ssl_context.wrap_socket(self._line, server_hostname=server_hostname))
        except TimeoutError as error:
            self.close()
            raise httpcore.ConnectTimeout(str(error)) from error
        except OSError as error:
            self.close()
            raise httpcore.ConnectError(str(error)) from error

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks for."""
        return {"socket": self._line, "is_readable": False}.get(info)
