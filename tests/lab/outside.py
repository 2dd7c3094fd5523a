"""What an office reaches over its line, in the laboratory's internet: a mail server, Twilio, the web space.

`outside.py FOLDER` prints the ports as JSON when all of it answers, and ends with its input. `GET /` at the port
`state` says what was sent, forwarded and spoken. All is real but Twilio, which keeps to the vendor's own contract.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
from contextlib import ExitStack, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.servers import nginx
from tests.smtpd import running
from tests.twilio import twilio

ADDRESS = "203.0.113.50"


def relay(port: int) -> int:
    """A port of the public address that leads to a server on the loopback."""
    listener = socket.create_server((ADDRESS, 0), backlog=64)

    def pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def serve() -> None:
        while True:
            visitor, _address = listener.accept()
            inside = socket.create_connection(("127.0.0.1", port))
            for each in (visitor, inside):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=pump, args=(visitor, inside), daemon=True).start()
            threading.Thread(target=pump, args=(inside, visitor), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    return int(listener.getsockname()[1])


def main(folder: Path) -> None:
    with ExitStack() as stack:
        mail = stack.enter_context(running(folder, host=ADDRESS))
        account = stack.enter_context(twilio())
        web = stack.enter_context(nginx(folder / "nginx"))
        number = account.own("+48732000001")

        class State(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                told = {
                    "copies": mail.copies(),
                    "voice_url": number["voice_url"],
                    "digits": account.spoken() if account.calls else "",
                }
                body = json.dumps(told).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: object) -> None:
                """Nothing is printed."""

        state = ThreadingHTTPServer((ADDRESS, 0), State)
        threading.Thread(target=state.serve_forever, daemon=True).start()
        ports = {
            "mail": relay(mail.port),
            "twilio": relay(int(account.url.rpartition(":")[2])),
            "web": relay(web.port),
            "state": state.server_port,
        }
        print(json.dumps(ports), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
