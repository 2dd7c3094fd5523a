"""Who gets alerts in the laboratory: a mail server (TLS, port 465) and an SMS gateway (http, port 8081).

Each message is a line of the file that is named: `mail` or `sms`, from whom it came, and what it says. Says "ready".
"""

import socketserver
import ssl
import sys
import threading
from email.header import decode_header, make_header
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs

FILE = Path(sys.argv[1])
LOCK = threading.Lock()


def keep(kind, visitor, text):
    with LOCK, FILE.open("a", encoding="utf-8") as file:
        file.write(f"{kind} {visitor} {text}\n")


class Gateway(BaseHTTPRequestHandler):
    def do_POST(self):
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        keep("sms", self.client_address[0], form["message"][0])
        data = b'{"count":1,"list":[{"id":"1","status":"QUEUE"}]}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


class Mail(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 ready")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.say("354 go on")
                self.take()
                self.say("250 2.0.0 queued")
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def take(self):
        subject = ""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            if line.startswith(b"Subject:"):
                subject = line.decode().partition(" ")[2].strip()
            elif subject and line.startswith(b" "):
                subject += " " + line.decode().strip()
            elif subject:
                keep("mail", self.client_address[0], str(make_header(decode_header(subject))))
                subject = ""

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def get_request(self):
        line, address = super().get_request()
        return CONTEXT.wrap_socket(line, server_side=True), address


CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
CONTEXT.load_cert_chain("/run/lab/cert.pem", "/run/lab/key.pem")
gateway = HTTPServer(("0.0.0.0", 8081), Gateway)
threading.Thread(target=gateway.serve_forever, daemon=True).start()
mail = MailServer(("0.0.0.0", 465), Mail)
print("ready", flush=True)
mail.serve_forever()
