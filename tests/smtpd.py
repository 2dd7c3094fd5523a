"""A mail server in a thread, which does on request what real ones do rarely."""

from __future__ import annotations

import base64
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import BinaryIO

import trustme

from tests.wire import Listener

USER, PASSWORD = "office@example.com", "s3cret pässword"


@dataclass
class Faults:
    latency: float = 0.0
    busy_after: int = 0
    quota: int = 0
    greylist: bool = False
    too_fast: tuple[int, ...] = ()
    drop_each: int = 0
    drop_is_before_storing: bool = False
    dot_delay: float = 0.0
    recipients: dict[str, str] = field(default_factory=dict)
    """What is answered to RCPT; "drop" hangs up, "silence" answers nothing."""
    bodies: dict[str, str] = field(default_factory=dict)
    """What is answered behind the dot, by recipient; a "drop" behind it hangs up."""
    sender: str = ""
    no_starttls: bool = False
    refuse_data: str = ""
    mechanism: str = "PLAIN LOGIN"


@dataclass
class Accepted:
    recipient: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        found = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found


class Smtpd:
    """Listens on a port of the loopback; `authority` is the file of the certificate to trust."""

    def __init__(self, folder: Path, faults: Faults | None = None, host: str = "localhost") -> None:
        self.faults = faults or Faults()
        self.accepted: list[Accepted] = []
        self.connections = 0
        self.commands: Counter[str] = Counter()
        self._greeted: set[str] = set()
        self._lock = threading.Lock()
        ca = trustme.CA()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ca.issue_cert(host).configure_cert(self.context)
        self.authority = folder / "ca.pem"
        ca.cert_pem.write_to_path(self.authority)
        self._listener = Listener(self._met)
        self.port = self._listener.port
        self.close = self._listener.close

    def copies(self) -> Counter[str]:
        """How often each recipient's letter was accepted."""
        with self._lock:
            return Counter(one.recipient for one in self.accepted)

    def _met(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connections += 1
        threading.Thread(target=self._session, args=(connection,), daemon=True).start()

    def _session(self, connection: socket.socket) -> None:
        try:
            _Session(self, connection).run()
        except (OSError, EOFError, ValueError):
            pass
        finally:
            connection.close()


class _Session:
    def __init__(self, server: Smtpd, connection: socket.socket) -> None:
        self.server = server
        self.connection = connection
        self.file: BinaryIO = connection.makefile("rb")
        self.secure = False
        self.known = False
        self.letters = 0
        self.recipient = ""
        self.recipients: list[str] = []

    def run(self) -> None:
        self.say("220 test ready")
        while True:
            line = self.line()
            verb = line.split(" ", 1)[0].upper()
            self.server.commands[verb] += 1
            if verb == "QUIT":
                self.say("221 bye")
                return
            getattr(self, f"do_{verb.lower()}", self.do_other)(line)

    def line(self) -> str:
        raw = self.file.readline()
        if not raw:
            raise EOFError
        return raw.decode().rstrip("\r\n")

    def say(self, text: str) -> None:
        if self.server.faults.latency:
            time.sleep(self.server.faults.latency)
        self.connection.sendall(text.encode() + b"\r\n")

    def do_other(self, _line: str) -> None:
        self.say("502 5.5.2 unknown command")

    def do_ehlo(self, _line: str) -> None:
        offers = ["test", "8BITMIME"]
        if not self.secure and not self.server.faults.no_starttls:
            offers.append("STARTTLS")
        if self.secure:
            offers.append(f"AUTH {self.server.faults.mechanism}")
        self.say("\r\n".join([*(f"250-{one}" for one in offers), "250 SIZE 10000000"]))

    def do_starttls(self, _line: str) -> None:
        self.say("220 go on")
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.file = self.connection.makefile("rb")
        self.secure = True

    def do_auth(self, line: str) -> None:
        given = base64.b64decode(line.split(" ")[2]).decode().split("\0") if line.count(" ") > 1 else []
        if line.upper().startswith("AUTH LOGIN"):
            self.say("334 VXNlcm5hbWU6")
            user = base64.b64decode(self.line()).decode()
            self.say("334 UGFzc3dvcmQ6")
            given = ["", user, base64.b64decode(self.line()).decode()]
        self.known = given[1:] == [USER, PASSWORD]
        self.say("235 2.7.0 welcome" if self.known else "535 5.7.8 bad user or password")

    def do_mail(self, _line: str) -> None:
        faults = self.server.faults
        if not self.known:
            return self.say("530 5.7.0 log in first")
        if faults.busy_after and self.letters >= faults.busy_after:
            self.say("421 4.7.0 too many messages in this session")
            raise EOFError
        if faults.quota and len(self.server.accepted) >= faults.quota:
            return self.say("550 5.4.5 daily sending quota exceeded")
        if self.server.commands["MAIL"] in faults.too_fast:
            return self.say("450 4.7.1 you send too fast")
        self.recipients = []
        return self.say(faults.sender or "250 2.1.0 ok")

    def do_rcpt(self, line: str) -> None:
        self.recipient = line[line.index("<") + 1 : line.rindex(">")]
        answer = self.server.faults.recipients.get(self.recipient, "")
        if self.server.faults.greylist and self.recipient not in self.server._greeted:
            self.server._greeted.add(self.recipient)
            answer = "451 4.7.1 greylisted, try again"
        if answer == "drop":
            raise EOFError
        if answer == "silence":
            return
        if not answer:
            self.recipients.append(self.recipient)
        self.say(answer or "250 2.1.5 ok")
        if answer.startswith("421"):
            raise EOFError

    def do_rset(self, _line: str) -> None:
        self.say("250 2.0.0 ok")

    def do_data(self, _line: str) -> None:
        faults = self.server.faults
        if faults.refuse_data:
            return self.say(faults.refuse_data)
        self.say("354 go on")
        lines = []
        while (raw := self.file.readline()) != b".\r\n":
            if not raw:
                raise EOFError
            lines.append(raw[1:] if raw.startswith(b".") else raw)
        if self.recipient in faults.bodies:
            answer = faults.bodies[self.recipient]
            if said := answer.removesuffix("drop").rstrip():
                self.say(said)
            if answer.endswith("drop"):
                raise EOFError
            return None
        self.letters += 1
        with self.server._lock:
            count = len(self.server.accepted) + 1
            drop = bool(faults.drop_each) and count % faults.drop_each == 0
            if not (drop and faults.drop_is_before_storing):
                self.server.accepted += [Accepted(each, b"".join(lines)) for each in self.recipients]
        if drop:
            if faults.drop_is_before_storing:
                faults.drop_each = 0
            raise EOFError
        if faults.dot_delay:
            time.sleep(faults.dot_delay)
        return self.say("250 2.0.0 queued as 4711")


@contextmanager
def running(folder: Path, faults: Faults | None = None, host: str = "localhost") -> Iterator[Smtpd]:
    server = Smtpd(folder, faults, host)
    try:
        yield server
    finally:
        server.close()
