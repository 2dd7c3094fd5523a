"""What servers answer to our looks: any bytes at all, from real servers on loopback, and what `ping` prints."""

from __future__ import annotations

import asyncio
import socket
import traceback
from contextlib import suppress
from random import Random

import yaml

from bcp.clock import SystemClock
from bcp.printed import printed
from bcp.probe.base import Probe as AnyProbe
from bcp.probe.base import Shared
from bcp.probe.kinds.dns import Dns
from bcp.probe.kinds.http import Http
from bcp.probe.kinds.imap import Imap
from bcp.probe.kinds.sip import Sip
from bcp.probe.kinds.smtp import Smtp
from bcp.probe.kinds.tcp import Tcp
from bcp.probe.kinds.tls import Tls
from bcp.probe.ping_output import has_tried, times
from tests.fuzz import mutate
from tests.fuzz.area import Area, Input
from tests.fuzz.oracle import Failed, command
from tests.offices import OFFICE
from tests.wire import tcp_server, udp_server

_HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 44\r\n\r\n"
_SEEDS = {
    "http": [
        _HTTP + b"<html><title>Login</title><p>hello</p></html>",
        b"HTTP/1.1 302 Found\r\nLocation: /next\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: //\xc5\xbc.pl/\xc4\x85 b?c\r\nSet-Cookie: a=1; Path=/; Max-Age=9\r\n\r\n",
        _HTTP.replace(b"utf-8", b"none")
        + b"<meta charset=cp1250><!-- a --><b c='>'>h&eacute;llo</b><script>a</script>",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nRetry-After: 9\r\nDate: x\r\n\r\n\x1f\x8b\x08\0",
    ],
    "smtp": [
        b"220 mx ESMTP\r\n250-mx\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n235 ok\r\n221 bye\r\n",
        b"220-mx\r\n220 ESMTP\r\n250-mx\r\n250 AUTH=LOGIN\r\n334 VXNlcg==\r\n334 UGFzcw==\r\n235 ok\r\n",
        b"220 mx\r\n250-mx\r\n250 AUTH CRAM-MD5\r\n334 PDE4OTZAbXg+\r\n235 ok\r\n",
    ],
    "imap": [
        b"* OK here\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\na2 OK\r\n+ \r\na3 OK done\r\n* BYE\r\n",
        b"* OK here\r\n* CAPABILITY IMAP4rev1\r\na2 OK\r\n+ go on\r\na3 OK done\r\n* BYE\r\n",
    ],
    "sip": [
        b"SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP x;branch=z\r\nCSeq: 1 OPTIONS\r\nCall-ID: 1\r\nContent-Length: 0\r\n\r\n"
    ],
    "tcp": [b"hello there\r\n"],
    "tls": [b"\x16\x03\x03\0\x7a\x02\0\0\x76\x03\x03", b"\x15\x03\x03\0\x02\x02\x28"],
    "dns": [
        b"\0\0\x81\x80\0\x01\0\x02\0\0\0\0\x03www\x07example\x03com\0\0\x01\0\x01\xc0\x0c\0\x05\0\x01\0\0\0\x3c\0\x04\x01a\xc0\x10"
        b"\x01a\xc0\x10\0\x01\0\x01\0\0\0\x3c\0\x04\x7f\0\0\x01",
    ],
    "ping": [
        b"64 bytes from 192.168.1.1: icmp_seq=1 ttl=64 time=12.0 ms\n2 packets transmitted, 1 received\n",
        "Odpowiedź z 192.168.1.1: bajtów=32 czas<1 ms TTL=64\r\n".encode("cp852"),
        "Odpověď od 192.168.1.1: bajty=32 čas=12ms TTL=64\r\n".encode("cp1250"),
    ],
}
_KINDS: dict[str, type[AnyProbe]] = {
    **{"http": Http, "smtp": Smtp, "imap": Imap, "sip": Sip, "tcp": Tcp, "tls": Tls, "dns": Dns}
}
_SHARED = Shared(SystemClock(), timeout=0.5, secret=lambda reference: "wardrobe")
_CHECK = """
check: internet
title: The internet
every: 30s
confirm: 1 look in 1s
probes:
  - {probe}
"""


class Probe(Area):
    """A check whose server answers what the input says; the kind is its protocol."""

    name = "probe"

    def prepare(self) -> None:
        """Servers that say anything to anybody."""
        self.data = b""
        (self.office / "checks").mkdir(parents=True)
        (self.office / "bcp.yaml").write_text(OFFICE, encoding="utf-8")
        port = self.stack.enter_context(tcp_server(self._answer))
        names = self.stack.enter_context(udp_server(self._answered))
        here = f"host: 127.0.0.1, port: {port}"
        login = f'{here}, security: none, user: office, password: "env:MAIL"'
        self.probes = {
            "http": f'http: {{url: "http://127.0.0.1:{port}/", text: hello}}',
            "smtp": f"smtp: {{{login}}}",
            "imap": f"imap: {{{login}}}",
            "sip": f"sip: {{{here}, transport: tcp}}",
            "tcp": f"tcp: {{{here}, greets: hello}}",
            "tls": f"tls: {{{here}}}",
            "dns": f"dns: {{name: www.example.com, server: 127.0.0.1, port: {names}}}",
        }

    def _answer(self, line: socket.socket) -> None:
        line.sendall(self.data)
        line.shutdown(socket.SHUT_WR)
        with suppress(OSError):
            while line.recv(65536):
                pass

    def _answered(self, question: bytes) -> bytes | None:
        """An answer with the number of the question, so that it is read."""
        return (question[:2] + self.data[2:])[:60_000]

    def make(self, random: Random) -> Input:
        """Bytes of what a good server says."""
        kind = random.choice(list(_SEEDS))
        every = [seed for seeds in _SEEDS.values() for seed in seeds]
        return Input(kind, mutate.of_bytes(random, random.choice(_SEEDS[kind]), every))

    def try_(self, given: Input, thoroughly: bool) -> None:
        """Look, and show what was seen."""
        self.data = given.data
        if given.kind == "ping":
            text = printed(given.data)
            if not all(0 <= each < float("inf") for each in times(text, "192.168.1.1")):
                raise Failed("a time that is none")
            has_tried(text, "192.168.1.1", is_over=len(given.data) % 2 == 0)
            return
        self._look(given.kind)
        if thoroughly:
            text = _CHECK.format(probe=f"{{{self.probes[given.kind]}}}")
            (self.office / "checks" / "internet.yaml").write_text(text, encoding="utf-8")
            self.put_back_state()
            for arguments in (("check", "run"), ("check", "status"), ("check", "metrics")):
                command(self.office, *arguments, MAIL="secret")

    def _look(self, kind: str) -> None:
        """One look, without the diagnosis that a command makes of what it saw: that takes a second."""
        ((_, fields),) = yaml.safe_load(f"{{{self.probes[kind]}}}").items()
        try:
            result = asyncio.run(_KINDS[kind].model_validate(fields).look(_SHARED))
        except Exception as error:
            raise Failed(f"{kind}: {traceback.format_exc()[-2000:]}") from error
        if result.state not in ("up", "warning", "down", "inconclusive") or not result.reason.isprintable():
            raise Failed(f"{kind}: {result.state}, {result.reason!r}")
