"""imap: a mail server gives out mail: it greets, encrypts and, if wanted, lets us log in (RFC 3501, 9051)."""

from __future__ import annotations

from pydantic import Field

from bcp.i18n import _
from bcp.mask import KNOWN
from bcp.probe.base import Attempt, Result
from bcp.probe.dial import SocketStream
from bcp.probe.mail_server import KNOWN_WAYS, MailLogin, MailProbe, Security
from bcp.probe.trouble import Trouble

_PORTS = {"tls": 993, "starttls": 143, "none": 143}
_MOST_LINES = 100


class Imap(MailProbe):
    """A mail server is ready to give out mail."""

    security: Security = Field(default="tls", description="how the connection is encrypted")

    def describe(self) -> str:
        """One line: what is looked at."""
        port = self.port or _PORTS[self.security]
        if self.user:
            return _("log in at the mailbox server {host} port {port}").format(host=self.host, port=port)
        return _("be greeted by the mailbox server {host} port {port}").format(host=self.host, port=port)

    async def see(self, attempt: Attempt) -> Result:
        """Greeting, encryption, login; then leave."""
        async with self.stream(attempt, self.port or _PORTS[self.security], self.security == "tls") as stream:
            attempt.doing = _("waiting for the greeting of {host}").format(host=self.host)
            greeting = await stream.line()
            kind = greeting.upper().split(" ")[:2]
            if kind not in (["*", "OK"], ["*", "PREAUTH"]):
                is_imap = greeting.startswith("* ")
                raise Trouble(self.said(greeting[2:]) if is_imap else _("the answer is not IMAP"))
            if self.security == "starttls":
                await self._command(stream, "a1", "STARTTLS")
                await stream.encrypt(attempt.shared.tls_trusting(self.trust))
            if self.user and self.password and kind[1] != "PREAUTH":
                attempt.doing = _("logging in at {host}").format(host=self.host)
                await self._log_in(stream, attempt.shared.secret(self.password))
            stream.say("a9 LOGOUT")
        return Result(
            "up", self.said(greeting[2:]), evidence={"greeting": KNOWN.without_secrets(greeting)[:200]}
        )

    async def _log_in(self, stream: SocketStream, password: str) -> None:
        offered = await self._offered(stream)
        ways = {each.removeprefix("AUTH=") for each in offered if each.startswith("AUTH=")}
        if "LOGINDISABLED" in offered or not ways.isdisjoint(KNOWN_WAYS):
            reply = await self._by_sasl(stream, self.login(ways, password))
        else:
            reply = await self._by_command(stream, password)
        if not reply.upper().startswith("A3 OK"):
            raise Trouble(_("the login is refused: {said}").format(said=self.said(reply[3:])))

    async def _offered(self, stream: SocketStream) -> set[str]:
        """What the server says that it can do."""
        stream.say("a2 CAPABILITY")
        found: set[str] = set()
        for _line in range(_MOST_LINES):
            line = await stream.line()
            if line.startswith("a2 "):
                return found
            if line.upper().startswith("* CAPABILITY "):
                found |= set(line.upper().split()[2:])
        raise Trouble(_("the answer is not IMAP"))

    async def _by_sasl(self, stream: SocketStream, login: MailLogin) -> str:
        stream.say(f"a3 AUTHENTICATE {login.way}")
        reply, turn = await self._until(stream, "+", "a3 "), 0
        while reply.startswith("+"):
            stream.say(login.answer(reply[1:].strip(), turn))
            reply, turn = await self._until(stream, "+", "a3 "), turn + 1
        return reply

    async def _by_command(self, stream: SocketStream, password: str) -> str:
        """The login of servers that know no other (RFC 3501 §6.2.3); what cannot be quoted is a literal."""
        line = "a3 LOGIN"
        for word in (self.user or "", password):
            if word.isascii() and word.isprintable():
                line += ' "' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
                continue
            stream.say(f"{line} {{{len(word.encode())}}}")
            reply = await self._until(stream, "+", "a3 ")
            if not reply.startswith("+"):
                return reply
            line = word
        stream.say(line)
        return await self._until(stream, "a3 ")

    async def _command(self, stream: SocketStream, tag: str, command: str) -> None:
        stream.say(f"{tag} {command}")
        reply = await self._until(stream, f"{tag} ")
        if not reply.upper().startswith(f"{tag.upper()} OK"):
            raise Trouble(self.said(reply[len(tag) + 1 :]))

    async def _until(self, stream: SocketStream, *starts: str) -> str:
        """The first line with one of these beginnings; the server may tell other things before it."""
        for _line in range(_MOST_LINES):
            line = await stream.line()
            if line.startswith(starts):
                return line
        raise Trouble(_("the answer is not IMAP"))


Kind = Imap
