"""sip: a telephone server answers (OPTIONS) and, if wanted, knows us (REGISTER that changes nothing)."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from bcp.host_name import ascii_name
from bcp.i18n import _
from bcp.probe.base import Attempt, Remote, Result
from bcp.probe.bind import bound_socket
from bcp.probe.dial import connect
from bcp.probe.sip_message import (
    MOST,
    Dialog,
    MalformedSip,
    Response,
    authorization,
    is_stale,
    length_of_body,
    parse,
)
from bcp.probe.trouble import Trouble, one_line
from bcp.yaml.keyed import fail, told
from bcp.yaml.rules import both_or_none
from bcp.yaml.types import Host, Line, Secret

_FIRST_AGAIN = 0.5  # seconds: T1 of RFC 3261 §17.1.2.1, doubled each time

Exchange = Callable[[bytes], Awaitable[Response]]


class Sip(Remote):
    """A telephone server answers."""

    model_config = ConfigDict(json_schema_extra=both_or_none("user", "password"))

    host: Host = Field(examples=["sip.provider.example"], description="the telephone server")
    port: int = Field(default=5060, ge=1, le=65535, description="its port")
    transport: Literal["udp", "tcp"] = Field(default="udp", description="how it is reached")
    domain: Host | None = Field(default=None, description="the domain of our account, if not the host")
    user: Line | None = Field(
        default=None, description="our account, to see that it can register", examples=["100"]
    )
    password: Secret | None = Field(
        default=None, description="where its password is kept", examples=["env:SIP_PASSWORD"]
    )

    @model_validator(mode="after")
    def _whole_login(self) -> Sip:
        if (self.user is None) != (self.password is None):
            missing = "password" if self.password is None else "user"
            fail("Sip", [told((), f"a login needs user and password: {missing} is missing")])
        return self

    def describe(self) -> str:
        """One line: what is asked of whom."""
        where = f"{self.host}:{self.port}/{self.transport}"
        if self.user:
            return _("see that {user} can register at the telephone server {where}").format(
                user=self.user, where=where
            )
        return _("ask the telephone server {where} whether it is there").format(where=where)

    def targets(self) -> tuple[str, ...]:
        """The host that this looks at."""
        return (self.host,)

    async def see(self, attempt: Attempt) -> Result:
        """OPTIONS; with an account REGISTER, answering its challenge."""
        with await self._line(attempt) as line:
            attempt.doing = _("waiting for the telephone server {host}").format(host=self.host)
            domain = ascii_name(self.domain or self.host).removesuffix(".")
            dialog = Dialog(domain, self.user or "bcp", self.transport, _address_of(line))
            exchange = _Udp(line, dialog).exchange if self.transport == "udp" else _Tcp(line, dialog).exchange
            if self.user and self.password:
                return await self._register(attempt, dialog, exchange, attempt.shared.secret(self.password))
            response = await exchange(dialog.request("OPTIONS"))
            attempt.reached = True
        said = self._said(response)
        if not _is_alive(response.code):
            raise Trouble(said, evidence={"code": response.code})
        return Result("up", said, evidence={"code": response.code})

    async def _line(self, attempt: Attempt) -> socket.socket:
        if self.transport == "tcp":
            return await connect(attempt, self.host, self.port)
        address = (await attempt.addresses(self.host))[0]
        line = bound_socket(address, socket.SOCK_DGRAM, attempt.via)
        try:
            line.connect((address, self.port))
        except OSError:
            line.close()
            raise
        return line

    async def _register(self, attempt: Attempt, dialog: Dialog, exchange: Exchange, password: str) -> Result:
        response = await exchange(dialog.request("REGISTER"))
        attempt.reached = True
        for turn in range(2):
            if response.code not in _CHALLENGES:
                break
            asked, answer = _CHALLENGES[response.code]
            challenge = response.headers.get(asked, "")
            if turn and not is_stale(challenge):
                break
            told = authorization(challenge, "REGISTER", dialog.uri, dialog.user, password)
            if told is None:
                words = _("{host} offers no login of a kind that is known here ({kinds})")
                kinds = one_line(challenge, 80) or "-"
                raise Trouble(words.format(host=self.host, kinds=kinds), "inconclusive")
            response = await exchange(dialog.request("REGISTER", {answer: told}))
        said = self._said(response)
        if not _is_alive(response.code):
            raise Trouble(said, evidence={"code": response.code})
        if not 200 <= response.code <= 299:
            raise Trouble(
                _("the login is refused: {said}").format(said=said), evidence={"code": response.code}
            )
        return Result("up", said, evidence={"code": response.code})

    def _said(self, response: Response) -> str:
        return _("{host} says: {words}").format(
            host=self.host, words=f"{response.code} {response.phrase}".strip()
        )


def _is_alive(code: int) -> bool:
    """Whether a server that answers so works, even if it does not like the question (RFC 3261 §21).

    Only 5xx says that the server itself is in trouble; 501 says no more than that it does not know OPTIONS.
    """
    return code == 501 or not 500 <= code <= 599


def _address_of(line: socket.socket) -> str:
    """Where answers reach us, as a request names it."""
    host, port = line.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


_CHALLENGES = {401: ("www-authenticate", "Authorization"), 407: ("proxy-authenticate", "Proxy-Authorization")}


class _Udp:
    """Requests over UDP, sent again until a final response comes."""

    def __init__(self, line: socket.socket, dialog: Dialog) -> None:
        self._line, self._dialog = line, dialog

    async def exchange(self, request: bytes) -> Response:
        pause = _FIRST_AGAIN
        while True:
            self._line.send(request)
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    return await self._final()
            pause *= 2

    async def _final(self) -> Response:
        loop = asyncio.get_running_loop()
        while True:
            with suppress(MalformedSip):
                response = parse(await loop.sock_recv(self._line, MOST))
                if response.is_final and self._dialog.is_ours(response):
                    return response


class _Tcp:
    """Requests over one TCP connection; each response is as long as it says."""

    def __init__(self, line: socket.socket, dialog: Dialog) -> None:
        self._line, self._dialog, self._left = line, dialog, b""

    async def exchange(self, request: bytes) -> Response:
        await asyncio.get_running_loop().sock_sendall(self._line, request)
        while True:
            response = await self._next()
            if response.is_final and self._dialog.is_ours(response):
                return response

    async def _next(self) -> Response:
        while b"\r\n\r\n" not in self._left.lstrip(b"\r\n"):
            await self._more()
        head, _gap, rest = self._left.lstrip(b"\r\n").partition(b"\r\n\r\n")
        size, self._left = length_of_body(head), rest
        while len(self._left) < size:
            await self._more()
        self._left = self._left[size:]
        return parse(head)

    async def _more(self) -> None:
        piece = await asyncio.get_running_loop().sock_recv(self._line, MOST)
        if not piece:
            raise EOFError
        self._left += piece
        if len(self._left) > 2 * MOST:
            raise MalformedSip("it never ends")


Kind = Sip
