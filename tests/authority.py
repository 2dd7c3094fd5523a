"""A real time stamp authority of OpenSSL behind a real port."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.children import only_with

TSA = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
crypto_device = builtin
certs = {folder}/inter.pem
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


@cache
def _certified() -> dict[str, bytes]:
    """The keys and certificates of an authority, one between it and the root; made once, since keys take long."""
    only_with("openssl")
    ssl = ["openssl"]
    made = [
        [*ssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out", "root.pem",
         "-subj", "/CN=Test Root", "-days", "30"],
        [*ssl, "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=TSA"],
        [*ssl, "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "inter.key", "-out", "inter.csr",
         "-subj", "/CN=Between"],
        [*ssl, "x509", "-req", "-in", "inter.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial",
         "-out", "inter.pem", "-days", "30", "-extfile", "ca"],
        [*ssl, "x509", "-req", "-in", "tsa.csr", "-CA", "inter.pem", "-CAkey", "inter.key", "-CAcreateserial",
         "-out", "tsa.pem", "-days", "30", "-extfile", "ext"],
    ]  # fmt: skip
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "ext").write_text(
            "extendedKeyUsage = critical,timeStamping\nkeyUsage = critical,digitalSignature\n"
        )
        (folder / "ca").write_text("basicConstraints = critical,CA:TRUE\n", encoding="ascii")
        for command in made:
            subprocess.run(command, cwd=folder, check=True, capture_output=True)
        return {
            each: (folder / each).read_bytes() for each in ("root.pem", "inter.pem", "tsa.pem", "tsa.key")
        }


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A real time stamp authority of OpenSSL behind a real port: its address and its root certificate."""
    folder = tmp_path / "tsa"
    folder.mkdir()
    for name, data in _certified().items():
        (folder / name).write_bytes(data)
    (folder / "serial").write_text("01\n", encoding="ascii")
    (folder / "tsa.cnf").write_text(TSA.format(folder=folder), encoding="ascii")

    class Stamps(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            (folder / "query").write_bytes(query)
            ts = ["openssl", "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply"]
            subprocess.run(ts, cwd=folder, check=True, capture_output=True)
            body = (folder / "reply").read_bytes()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Stamps)
    threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", folder / "root.pem"
    server.shutdown()
    server.server_close()
