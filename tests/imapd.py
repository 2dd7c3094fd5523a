"""A mailbox on a loopback port that fails as it is told: it refuses a message, or breaks off at one."""

from __future__ import annotations

import re
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import trustme

from tests.ports import free_port

USER, PASSWORD = "office", "pass-word-imap"


@dataclass
class Imapd:
    """What it serves, by number, and how it fails; `asked` is every line that it was given, but the log-in."""

    port: int
    authority: Path
    messages: dict[int, bytes]
    validity: int = 1
    refuses: set[int] = field(default_factory=set)
    breaks_at: dict[int, int] = field(default_factory=dict)
    """By number: how often."""
    sends_all: bool = False
    """It sends whole messages, whatever part is asked for."""
    numbers_last: bool = False
    """The number of a message is told behind it."""
    quotes: str = ""
    """What it answers to each folder, as an error."""
    logs_in: str = "OK done"
    """What it answers to a log-in; nothing: it hangs up."""
    searched: str = ""
    """What it tells behind the numbers that a search found."""
    fetched: str = ""
    """What it tells of each message, in place of the message; `{number}` is which."""
    latency: float = 0.0
    """Seconds that it takes for each answer."""
    asked: list[str] = field(default_factory=list)

    def answer(self, tag: str, line: str) -> Iterator[bytes]:
        """The answer to a line. Raises ConnectionError where it breaks off."""
        verb = line.upper()
        time.sleep(self.latency)
        if verb.startswith("CAPABILITY"):
            yield b"* CAPABILITY IMAP4rev1\r\n"
        elif verb.startswith(("SELECT", "EXAMINE")):
            if self.quotes:
                yield f"{tag} NO {self.quotes}\r\n".encode()
                return
            yield b"* %d EXISTS\r\n* OK [UIDVALIDITY %d] x\r\n" % (len(self.messages), self.validity)
        elif verb.startswith("UID SEARCH HEADER") and self.searched.startswith("NO "):
            yield f"{tag} {self.searched}\r\n".encode()
            return
        elif verb.startswith("UID SEARCH HEADER"):
            wanted = line.rpartition('"')[0].rpartition('"')[2].encode()
            numbers = [number for number, raw in self.messages.items() if wanted in raw]
            yield b"* SEARCH " + b" ".join(b"%d" % number for number in numbers) + b"\r\n"
        elif verb.startswith("UID SEARCH"):
            every = " ".join(map(str, self.messages))
            yield f"* SEARCH {every}{self.searched}\r\n".encode()
        elif verb.startswith("LOGIN"):
            if not self.logs_in:
                raise ConnectionError
            yield f"{tag} {self.logs_in}\r\n".encode()
            return
        elif verb.startswith("UID FETCH"):
            numbers = [int(number) for number in line.split()[2].split(",")]
            for number in numbers:
                if self.breaks_at.get(number, 0) > 0:
                    self.breaks_at[number] -= 1
                    raise ConnectionError
                yield from self._fetched(number, verb) if number not in self.refuses else ()
            if self.refuses.intersection(numbers):
                yield f"{tag} NO it is locked\r\n".encode()
                return
        yield f"{tag} OK done\r\n".encode()

    def _fetched(self, number: int, verb: str) -> Iterator[bytes]:
        raw = self.messages[number]
        if self.fetched:
            told = self.fetched.format(number=number)
            yield f"* {number} FETCH ({told}{'' if told.endswith('}') else ')'}\r\n".encode()
            return
        if "[HEADER]" in verb and not self.sends_all:
            raw = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        part = re.search(r"<0\.(\d+)>", verb)
        raw = raw[: int(part[1])] if part and not self.sends_all else raw
        # Another message's flags may be told in between.
        yield b"* 9 FETCH (FLAGS (\\Seen))\r\n"
        first, last = (b"", b" UID %d" % number) if self.numbers_last else (b"UID %d " % number, b"")
        yield b"* %d FETCH (%sBODY[] {%d}\r\n" % (number, first, len(raw)) + raw + last + b")\r\n"


@contextmanager
def imapd(folder: Path, messages: list[bytes]) -> Iterator[Imapd]:
    """Serve these messages over TLS, numbered from 1."""
    ca = trustme.CA()
    ca.cert_pem.write_to_path(folder / "imap-ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("localhost").configure_cert(context)
    served = Imapd(free_port(), folder / "imap-ca.pem", dict(enumerate(messages, 1)))

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK hello\r\n")
            for raw in self.rfile:
                tag, _blank, line = raw.decode().strip().partition(" ")
                if not line.upper().startswith("LOGIN"):
                    served.asked.append(line)
                if line.upper().startswith("LOGOUT"):
                    return
                try:
                    for part in served.answer(tag, line):
                        self.wfile.write(part)
                except ConnectionError:
                    return

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

        def get_request(self) -> tuple[ssl.SSLSocket, tuple[str, int]]:
            plain, address = super().get_request()
            return context.wrap_socket(plain, server_side=True), address

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that went away is nobody's trouble."""

    with Server(("127.0.0.1", served.port), Session) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield served
        finally:
            server.shutdown()
            thread.join()
