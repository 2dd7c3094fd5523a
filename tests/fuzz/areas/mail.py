"""What strangers write to the office: replies, bounces, automatic answers, anything, over real IMAP."""

from __future__ import annotations

import shutil
import socket
import ssl
from random import Random

import trustme

from tests.answers import BOUNCES, Draw, Letter, away, look, opt_out
from tests.fuzz import mutate
from tests.fuzz.area import Area, Input, some
from tests.fuzz.oracle import command
from tests.test_inbox import bounce, reply, sent
from tests.wire import tcp_server

_MORE = [
    b'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain; charset=x-none\n'
    b"Content-Transfer-Encoding: base64\n\nVGhhbmtz\n--b\nContent-Type: message/rfc822\n\nSubject: inner\n\nx\n--b--\n",
    b"Auto-Submitted: auto-replied\nReferences: <a@b> <c@d>\nDate: Thu, 26 Nov 2026 08:00:00 +0100\n\nAway.\n",
    b"From: =?utf-8?q?J=C3=A1n?= <jan0@example.com>\nReply-To: x@example.com\nContent-Type: text/html\n\n<p>Hi</p>\n",
]


class Mail(Area):
    """An office that sent a letter, and one new message in its mailbox."""

    name = "mail"

    def prepare(self) -> None:
        """Send the letter, and begin to serve the mailbox."""
        self.office.mkdir(parents=True)
        sent(self.office).ledger.close()
        self.data = b""
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.folder / "authority.pem")
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(self.context)
        port = self.stack.enter_context(tcp_server(self._imap))
        channels = (self.office / "channels.yaml").read_text(encoding="utf-8")
        place = f"port: {port}, authority: {self.folder / 'authority.pem'}, host: localhost,"
        (self.office / "channels.yaml").write_text(
            channels.replace("inbox: {host: localhost,", f"inbox: {{{place}")
        )
        letter = Letter(
            "<letter@example.com>", "jan0@example.com", b"Message-ID: <letter@example.com>\r\n\r\nx\r\n"
        )
        drawn = [make(Draw(Random(1), letter, 1)).encode() for make in (*BOUNCES, away, look, opt_out)]
        self.seeds = [bounce().encode(), reply().encode(), *drawn, *_MORE]
        self.seeds += [
            reply(n, "X: y").encode().split(b"\n\n")[0] + b"\n" + more for n, more in enumerate(_MORE)
        ]
        self.keep_state()

    def _imap(self, line: socket.socket) -> None:
        """RFC 3501, as far as we speak it."""
        with self.context.wrap_socket(line, server_side=True) as secret, secret.makefile("rwb") as file:
            say = lambda *words: (file.write(b"".join(words) + b"\r\n"), file.flush())  # noqa: E731
            say(b"* OK here")
            for heard in file:
                tag, _, rest = heard.strip().partition(b" ")
                if rest.upper().startswith(b"UID SEARCH"):
                    say(b"* SEARCH 1")
                elif rest.upper().startswith((b"SELECT", b"EXAMINE")):
                    say(b"* 1 EXISTS\r\n* OK [UIDVALIDITY 1]")
                elif rest.upper().startswith(b"UID FETCH"):
                    say(b"* 1 FETCH (UID 1 BODY[] {%d}\r\n" % len(self.data), self.data, b")")
                elif rest.upper().startswith(b"CAPABILITY"):
                    say(b"* CAPABILITY IMAP4rev1")
                say(tag, b" OK done")

    def make(self, random: Random) -> Input:
        """Bytes of a message."""
        if random.random() < 0.1:  # parts within parts
            deep = random.choice((5, 50, 400))
            part = b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n'
            body = b"".join(part % (n, n) for n in range(deep)) + random.choice(self.seeds)
            return Input("message", mutate.of_bytes(random, body, self.seeds))
        return Input("message", mutate.of_bytes(random, random.choice(self.seeds), self.seeds))

    def try_(self, given: Input, thoroughly: bool) -> None:
        """Fetch it, and what shows it; a second look ends as well."""
        self.data = given.data
        commands = [
            ("inbox", "fetch"),
            ("inbox", "list", "--all"),
            ("inbox", "list", "--others"),
            ("notice", "status"),
            ("inbox", "fetch"),
            ("notice", "unknown"),
        ]
        try:
            for arguments in some(commands, given, thoroughly):
                command(self.office, *arguments, MAIL="secret")
        finally:
            self.put_back_state()
            shutil.rmtree(self.office / "incidents" / "crash", ignore_errors=True)
