"""An FTP server of the test, without encryption, that keeps its files in memory and has the faults of real ones."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

LINE = "{mode}   1 {owner}  {size} Nov 29 14:00 {name}\r\n"


@dataclass
class Ftpd:
    """`says` is what is answered to a command instead of doing it, by its word, or by its word and a file.

    `greeting` comes first. `cut` is how much of a file is kept; `mode` and `owner` are what a new file gets, and
    `chmod` says that rights may be changed; `drops` is the command after which the connection ends, done and
    unanswered; `dead` says that no connection for data comes about, `line` is how a file is listed.
    """

    port: int = 0
    greeting: str = "220 ready"
    files: dict[str, bytes] = field(default_factory=dict)
    modes: dict[str, tuple[str, str]] = field(default_factory=dict)
    says: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    mode: str = "-rw-r--r--"
    owner: str = "kropka web"
    chmod: bool = True
    drops: str = ""
    dead: bool = False
    line: str = LINE
    asked: list[str] = field(default_factory=list)

    def add(self, name: str, content: bytes, mode: str = "-rw-r--r--", owner: str = "kropka web") -> None:
        self.files[name], self.modes[name] = content, (mode, owner)

    def listed(self) -> bytes:
        rows = [
            self.line.format(
                mode=self.modes[name][0], owner=self.modes[name][1], size=len(self.files[name]), name=name
            )
            for name in self.files
        ]
        return "".join(rows).encode()


class _Handler(socketserver.StreamRequestHandler):
    found: Ftpd

    def handle(self) -> None:
        self.data: socket.socket | None = None
        self.source = ""
        with suppress(OSError):
            self.say(self.found.greeting)
            while line := self.rfile.readline():
                command = line.decode().rstrip("\r\n")
                word, _blank, rest = command.partition(" ")
                self.found.asked.append(command)
                answer = self.found.says.get(command) or self.found.says.get(word)
                if answer is None:
                    answer = getattr(self, word.lower(), lambda _rest: "500 what?")(rest)
                if self.found.drops and command.startswith(self.found.drops):
                    return
                self.say(answer)
                if word == "QUIT":
                    return

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())
        self.wfile.flush()

    def user(self, _rest: str) -> str:
        return "331 password"

    def pass_(self, _rest: str) -> str:
        return "230 in"

    def cwd(self, _rest: str) -> str:
        return "250 there"

    def opts(self, _rest: str) -> str:
        return "200 so"

    type = quit = opts

    def epsv(self, _rest: str) -> str:
        return "500 what?"

    def pasv(self, _rest: str) -> str:
        if self.data is not None:
            self.data.close()
        self.data = socket.create_server(("127.0.0.1", 0))
        port = self.data.getsockname()[1]
        if self.found.dead:
            self.data.close()
            self.data = None
        return f"227 (127,0,0,1,{port >> 8},{port & 255})"

    def moved(self, content: bytes | None) -> bytes:
        """What goes, or comes, over the connection for data."""
        assert self.data is not None
        self.say("150 here it comes")
        line, _address = self.data.accept()
        with line:
            if content is not None:
                line.sendall(content)
                return b""
            return b"".join(iter(lambda: line.recv(65536), b""))

    def retr(self, name: str) -> str:
        if name not in self.found.files:
            return "550 no such file"
        self.moved(self.found.files[name])
        return "226 done"

    def stor(self, name: str) -> str:
        content = self.moved(None)[: self.found.cut]
        self.found.add(name, content, self.found.mode, self.found.owner)
        return "226 done"

    def list(self, _rest: str) -> str:
        self.moved(self.found.listed())
        return "226 done"

    def nlst(self, _rest: str) -> str:
        self.moved("".join(f"{name}\r\n" for name in self.found.files).encode())
        return "226 done"

    def size(self, name: str) -> str:
        return f"213 {len(self.found.files[name])}" if name in self.found.files else "550 no such file"

    def rnfr(self, name: str) -> str:
        self.source = name
        return "350 and to?" if name in self.found.files else "550 no such file"

    def rnto(self, name: str) -> str:
        self.found.files[name] = self.found.files.pop(self.source)
        self.found.modes[name] = self.found.modes.pop(self.source)
        return "250 done"

    def dele(self, name: str) -> str:
        return "250 done" if self.found.files.pop(name, None) is not None else "550 no such file"

    def site(self, rest: str) -> str:
        _chmod, mode, name = rest.split(" ", 2)
        if not self.found.chmod:
            return "502 not here"
        bits = "".join(
            letter if int(mode, 8) >> (8 - at) & 1 else "-" for at, letter in enumerate("rwxrwxrwx")
        )
        self.found.modes[name] = ("-" + bits, self.found.modes[name][1])
        return "200 done"


setattr(_Handler, "pass", _Handler.pass_)


@contextmanager
def ftpd() -> Iterator[Ftpd]:
    found = Ftpd()
    handler = type("Handler", (_Handler,), {"found": found})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        found.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield found
        finally:
            server.shutdown()
