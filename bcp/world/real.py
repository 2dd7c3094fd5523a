"""The real world: programs are run and requests are sent."""

from __future__ import annotations

import dataclasses
import logging
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import PurePath
from typing import Any

from bcp.clock import SystemClock
from bcp.errors import InputError
from bcp.ftp_files import FtpFiles, FtpServer
from bcp.outside import (
    ChatPost,
    Chatted,
    Held,
    HttpResponse,
    Mailbox,
    MailEnvelope,
    MailResult,
    MailServer,
    Program,
    Ran,
    Request,
)
from bcp.secret_text import Sendable, each_leaf, in_url
from bcp.world.file import read, remove, replace
from bcp.world.mail import Mailer
from bcp.world.program import run
from bcp.world.secret import Secrets

_LOG = logging.getLogger(__name__)
_WHOLE = 4
"""So many times the time-out of a request may its whole answer take: a server that sends a byte now and then."""


class Real:
    """Reaches what lies outside."""

    announces = True

    def __init__(self, secrets: Secrets) -> None:
        """`secrets` looks up what programs and requests refer to."""
        self._secrets = secrets
        self._mailer = Mailer(secrets)
        self._tls: Any = None
        self._logins: dict[tuple[str, str, str], Any] = {}

    def run(self, program: Program) -> Ran:
        """Run a program and wait for it; what it prints is kept up to 32 KiB, its first and its last part."""
        began = SystemClock().monotonic()
        ran = self._run(program)
        end = f"status {ran.code}" if ran.code is not None else "not ended" if ran.began else "not begun"
        _LOG.info(
            "program %s: %s, %.2f s",
            _name_of(str(program.arguments[0])),
            end,
            SystemClock().monotonic() - began,
        )
        return ran

    def _run(self, program: Program) -> Ran:
        try:
            arguments = [self._revealed(text) for text in program.arguments]
            env = {name: self._revealed(text) for name, text in program.env.items()}
            stdin = None if program.stdin is None else self._revealed(program.stdin)
        except InputError as error:
            return Ran(None, trouble=f"{error.message}: {error.hint}", began=False)
        return run(dataclasses.replace(program, arguments=tuple(arguments), env=env, stdin=stdin), self._told)

    def request(self, request: Request) -> HttpResponse:
        """Send an HTTP request; of the answer as much is kept, and redirects are followed, as it says."""
        began = SystemClock().monotonic()
        answer = self._request(request)
        end = (
            f"status {answer.status}"
            if answer.status is not None
            else "no answer"
            if answer.sent
            else "not sent"
        )
        _LOG.info(
            "%s %s: %s, %.2f s",
            request.method,
            origin(str(request.url)),
            end,
            SystemClock().monotonic() - began,
        )
        return answer

    def _request(self, request: Request) -> HttpResponse:
        import httpx

        from bcp.world.reach import AskedWithin, NotAsked, send

        try:
            url = self._in_url(request.url)
            headers = [_header(name, self._revealed(value)) for name, value in request.headers.items()]
            body = each_leaf(request.json, self._revealed)
            login = self._login(request)
            url, form, content = self._signed(request, url, headers)
        except InputError as error:
            return HttpResponse(None, trouble=f"{error.message}: {error.hint}", sent=False)
        public = {name: value for name, value in request.headers.items() if isinstance(value, str)}
        window = AskedWithin(_WHOLE * request.timeout)
        try:
            with window, self._client(request) as client:
                asked = client.build_request(
                    request.method, url, headers=headers, json=body, data=form, content=content,
                    extensions=window.extensions,
                )  # fmt: skip
                with closing(send(client, asked, public, login, follow=request.follow)) as response:
                    raw = _read(response, request.most + 1, _WHOLE * request.timeout)
            if window.is_over:  # what was cut off then may look whole
                return HttpResponse(None, trouble=_slow(request))
        except NotAsked as error:
            return HttpResponse(None, trouble=self._told(str(error)))
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            return HttpResponse(None, trouble=self._told(_not_reached(str(error))), sent=False)
        except httpx.TimeoutException as error:
            late = f"no answer within {request.timeout:g} s"
            return HttpResponse(None, trouble=_slow(request) if "too slowly" in str(error) else late)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, UnicodeError) as error:
            return self._broken_off(request, error, is_over=window.is_over)
        kept, cut = raw[: request.most], len(raw) > request.most
        text = self._told(kept.decode("utf-8", errors="replace"), cut)
        told = {name: self._told(value) for name, value in response.headers.items()}
        return HttpResponse(response.status_code, text, headers=told, raw=kept, cut=cut)

    def _signed(
        self, request: Request, url: str, headers: list[tuple[bytes, bytes]]
    ) -> tuple[str, Any, bytes | None]:
        """The address, the form and the content to send; a signature is added to the `headers`."""
        form = each_leaf(request.form, self._revealed)
        if request.signed is None:
            return url, form, request.content
        from bcp.world.signature import twilio, zadarma

        secret = self._secrets.value(request.signed.secret)
        if request.signed.scheme == "twilio":
            signed = twilio(url, secret)
        else:
            signed = zadarma(request.method, url, form, self._secrets.value(request.signed.key), secret)
        headers += [_header(name, value) for name, value in signed.headers.items()]
        return signed.url, None, signed.content

    def _client(self, request: Request) -> Any:
        """What sends it; the settings of TLS are made once: it takes 20 ms to read the system's certificates."""
        import httpx

        from bcp.world.reach import Guarded

        self._tls = self._tls or httpx.create_ssl_context()
        # Where the author wrote an address, it may be anywhere; whither others send us from there is looked at.
        transport = Guarded() if request.follow else None
        return httpx.Client(timeout=request.timeout, transport=transport, verify=self._tls)

    def _login(self, request: Request) -> Any:
        """What httpx signs in with. Raises InputError where the password cannot be had."""
        if request.login is None:
            return None
        user, password = request.login[0], self._secrets.value(request.login[1])
        if not request.login_as_asked:
            return user, password
        from bcp.world.login import AskedLogin

        # A changed password is another login: what a server once said to the old one is not what it wants now.
        key = (origin(str(request.url)), user, password)
        return self._logins.setdefault(key, AskedLogin(user, password))

    def _broken_off(self, request: Request, error: Exception, *, is_over: bool) -> HttpResponse:
        import httpx

        if is_over:
            return HttpResponse(None, trouble=_slow(request))
        sent = isinstance(error, httpx.TransportError) and not isinstance(error, httpx.UnsupportedProtocol)
        return HttpResponse(None, trouble=self._told(f"the request failed: {error}"), sent=sent)

    def read_file(self, path: str) -> Held:
        """What a file holds."""
        return read(path)

    def write_file(self, path: str, content: bytes, like: str = "") -> str:
        """Replace a file whole or not at all."""
        return replace(path, content, like)

    def remove_file(self, path: str) -> str:
        """Take a file away."""
        return remove(path)

    def mail(self, parcel: MailEnvelope, before_body: Callable[[], None]) -> MailResult:
        """Hand a letter to a server, over a connection that is kept for the next one."""
        mailed = self._mailer.mail(parcel, before_body)
        _LOG.info("mail to %s: %s, code %s", parcel.server.host, mailed.stage, mailed.code)
        return mailed

    def chat(self, post: ChatPost) -> Chatted:
        """Say something in a chat, through Apprise."""
        from bcp.world.chat import say

        chatted = say(post, self._secrets)
        _LOG.info("chat: accepted: %s", {True: "yes", False: "no", None: "nobody knows"}[chatted.accepted])
        return chatted

    def mailbox(self, server: MailServer) -> Mailbox:
        """The mailbox at this server, over IMAP. Raises InputError where it cannot be opened."""
        from bcp.world.mailbox import ImapMailbox

        _LOG.info("mailbox at %s is opened", server.host)
        return ImapMailbox(server, self._secrets)

    def ftp(self, server: FtpServer) -> FtpFiles:
        """A session with this server. Raises StepFailed where it cannot be opened."""
        from bcp.world.ftp import Ftp

        _LOG.info("ftp at %s is opened: %s", server.host, server.security)
        return Ftp(server, self._secrets)

    def _revealed(self, text: Sendable) -> str:
        return text if isinstance(text, str) else text.revealed(self._secrets.value)

    def _in_url(self, url: Sendable) -> str:
        return url if isinstance(url, str) else url.revealed(lambda name: in_url(self._secrets.value(name)))

    def _told(self, text: str, cut: bool = False) -> str:
        return self._secrets.mask(text, cut)


def _header(name: str, value: str) -> tuple[bytes, bytes]:
    """A header and its value: letters outside ASCII as UTF-8. Raises InputError, showing nothing of what it is."""
    value = value.strip(" \t")
    if any((ord(letter) < 32 and letter != "\t") or letter == "\x7f" for letter in value):
        raise InputError(
            f"the header {name} holds a line break or another sign that no header may hold",
            "store the secret anew, on one line",
        )
    return name.encode(), value.encode()


def origin(url: str) -> str:
    """`https://www.example.com` of an address, without a login, a path or a query; a reference is shown as one."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "an address that cannot be read"
    if not host:
        return "an address that is kept as a secret"
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}"


def _name_of(program: str) -> str:
    """The name of the program alone; of a whole line that somebody put there by mistake nothing."""
    name = PurePath(program).name
    return name if re.fullmatch(r"[\w.+-]{1,40}", name) else "…"


def _read(response: Any, most: int, within: float) -> bytes:
    """At most so much of the body; raises a time-out where it comes so slowly that nobody would wait for its end."""
    import httpx

    clock = SystemClock()
    ends = clock.monotonic() + within
    kept = b""
    for chunk in response.iter_bytes():
        kept += chunk
        if len(kept) >= most:
            break
        if clock.monotonic() >= ends:
            raise httpx.ReadTimeout("the answer comes too slowly")
    return kept[:most]


def _slow(request: Request) -> str:
    return f"the whole answer did not come within {_WHOLE * request.timeout:g} s"


def _not_reached(said: str) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in said:
        return f"the certificate of the server is not to be trusted, so nothing was sent ({said})"
    return f"the server could not be reached: {said}"
