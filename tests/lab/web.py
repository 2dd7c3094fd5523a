"""The web servers of the laboratory: `inet` (our website, everybody else's, the provider's wall) and `portal`.

Ends its start-up when the ports are open and serves on in the background.
"""

import os
import socket
import ssl
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SITE_BROKEN = Path("/run/lab/site-broken")
CERTIFICATE = ("/run/lab/cert.pem", "/run/lab/key.pem")
WALL_CERTIFICATE = ("/run/lab/wall-cert.pem", "/run/lab/wall-key.pem")
LONG = "<p>" + 250 * "Pages of real sites are longer than one packet, and these are, too. " + "</p>"
TOLD_BY_ITS_MAKER = {
    "/generate_204": (204, ""),
    "/hotspot-detect.html": (200, "<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>"),
    "/connecttest.txt": (200, "Microsoft Connect Test"),
    "/success.txt": (200, "success\n"),
}


class Server(ThreadingHTTPServer):
    """Without the look-up of its own name, which hangs where DNS is dead; in both families."""

    daemon_threads = True
    request_queue_size = 4096  # one that is full drops packets, as if the line lost them
    address_family = socket.AF_INET6

    def server_bind(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        self.socket.bind(self.server_address)


class Page(BaseHTTPRequestHandler):
    """A page that says through which line the visitor came."""

    def answer(self, status, body="", **headers):
        data = body.encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("X-Visitor", self.client_address[0].removeprefix("::ffff:"))
        if status != 204:
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def do_HEAD(self):
        self.do_GET()

    def log_message(self, *_):
        pass


class Internet(Page):
    """Our website under its own name, everybody else's under any other."""

    def do_GET(self):
        path = self.path.partition("?")[0]
        if self.headers.get("Host", "").startswith("www.office.test"):
            broken = SITE_BROKEN.exists()
            self.answer(
                *(
                    (503, "Error establishing a database connection")
                    if broken
                    else (200, "The Office Ltd" + LONG)
                )
            )
        else:
            site = f"Somebody else's site, {self.headers.get('Host', '')}" + LONG
            self.answer(*TOLD_BY_ITS_MAKER.get(path, (200, site)))


class Wall(Page):
    """What a provider shows in place of every page to whom it wants to hear from."""

    def do_GET(self):
        self.answer(200, "<html><h1>Your bill of October is not paid</h1></html>")


class PortalSends(Page):
    """Sends every visitor to its login page."""

    def do_GET(self):
        self.answer(302, Location="http://login.hotspot.test/")


class PortalShows(Page):
    """Shows its login page in place of every page."""

    def do_GET(self):
        self.answer(200, "<html><form>Room number and name, please</form></html>")


def tls(server, certificate=CERTIFICATE):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    return server


def servers(place):
    if place == "portal":
        return [Server(("", 8302), PortalSends), Server(("", 8200), PortalShows)]
    return [
        Server(("", 8066), Wall),
        tls(Server(("", 8466), Wall), WALL_CERTIFICATE),
        Server(("", 80), Internet),
        tls(Server(("", 443), Internet)),
    ]


if __name__ == "__main__":
    ready = servers(sys.argv[1])
    if os.fork():
        os._exit(0)
    os.setsid()
    for server in ready[1:]:
        threading.Thread(target=server.serve_forever).start()
    ready[0].serve_forever()
