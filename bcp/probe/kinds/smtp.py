"""smtp: a mail server takes mail: it greets, encrypts and, if wanted, logs us in (RFC 5321, 3207, 4954)."""

from __future__ import annotations

from typing import NamedTuple

from pydantic import Field

from bcp.i18n import _
from bcp.mask import KNOWN
from bcp.probe.base import Attempt, Result
from bcp.probe.dial import SocketStream
from bcp.probe.mail_server import MailProbe, Security
from bcp.probe.trouble import Trouble

_PORTS = {"tls": 465, "starttls": 587, "none": 25}
_MOST_LINES = 100
_KNOWS_NO_EHLO = frozenset({500, 501, 502, 504, 550})


class SmtpReply(NamedTuple):
    """A reply of the server: its number and its lines."""

    code: int
    lines: tuple[str, ...]

    @property
    def words(self) -> str:
        """All of it in one line."""
        return f"{self.code} {' '.join(self.lines)}"


class Smtp(MailProbe):
    """A mail server is ready to take mail."""

    security: Security = Field(default="starttls", description="how the connection is encrypted")

    def describe(self) -> str:
        """One line: what is looked at."""
        port = self.port or _PORTS[self.security]
        if self.user:
            return _("log in at the mail server {host} port {port}").format(host=self.host, port=port)
        return _("be greeted by the mail server {host} port {port}").format(host=self.host, port=port)

    async def see(self, attempt: Attempt) -> Result:
        """Greeting, EHLO, encryption, EHLO again, login; then leave."""
        async with self.stream(attempt, self.port or _PORTS[self.security], self.security == "tls") as stream:
            attempt.doing = _("waiting for the greeting of {host}").format(host=self.host)
            greeting = self._wanted(220, await read_reply(stream))
            offers = await self._hello(stream)
            if self.security == "starttls":
                if "STARTTLS" not in offers:
                    raise Trouble(_("{host} does not offer encryption (STARTTLS)").format(host=self.host))
                stream.say("STARTTLS")
                self._wanted(220, await read_reply(stream))
                await stream.encrypt(attempt.shared.tls_trusting(self.trust))
                offers = await self._hello(stream)
            if self.user and self.password:
                attempt.doing = _("logging in at {host}").format(host=self.host)
                await self._log_in(stream, offers.get("AUTH", set()), attempt.shared.secret(self.password))
            stream.say("QUIT")
        words = KNOWN.without_secrets(greeting.words)
        return Result("up", self.said(words), evidence={"greeting": words[:200]})

    async def _hello(self, stream: SocketStream) -> dict[str, set[str]]:
        """What the server offers, each with its kinds; nothing where it knows the old greeting only (RFC 5321 §3.2)."""
        stream.say("EHLO bcp.invalid")
        reply = await read_reply(stream)
        if reply.code in _KNOWS_NO_EHLO:
            stream.say("HELO bcp.invalid")
            self._wanted(250, await read_reply(stream))
            return {}
        offers: dict[str, set[str]] = {}
        for line in self._wanted(250, reply).lines[1:]:
            for name, *kinds in filter(
                None, [line.upper().replace("=", " ").split()]
            ):  # some write AUTH=LOGIN
                offers.setdefault(name, set()).update(kinds)
        return offers

    async def _log_in(self, stream: SocketStream, offered: set[str], password: str) -> None:
        login = self.login(offered, password)
        stream.say(f"AUTH {login.way} {login.first}".rstrip())
        reply, turn = await read_reply(stream), 0
        while reply.code == 334:
            stream.say(login.answer(reply.lines[0], turn))
            reply, turn = await read_reply(stream), turn + 1
        if reply.code != 235:
            raise Trouble(_("the login is refused: {said}").format(said=self.said(reply.words)))

    def _wanted(self, code: int, reply: SmtpReply) -> SmtpReply:
        if reply.code != code:
            raise Trouble(self.said(reply.words))
        return reply


async def read_reply(stream: SocketStream) -> SmtpReply:
    """One reply, over as many lines as it has. Raises Trouble for what is none."""
    lines: list[str] = []
    while len(lines) < _MOST_LINES:
        line = await stream.line()
        code, joint, text = line[:3], line[3:4], line[4:]
        if not (code.isascii() and code.isdigit()) or joint not in ("", " ", "-"):
            break
        lines.append(text)
        if joint != "-":
            return SmtpReply(int(code), tuple(lines))
    raise Trouble(_("the answer is not SMTP"))


Kind = Smtp
