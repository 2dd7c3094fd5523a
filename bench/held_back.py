"""Held back: 1,000 letters, 20 of whose recipients each break the session, against the same letters without them.

A small SMTP server in a process of its own speaks TLS and wants a login, as real ones do, so that each broken session
costs what it costs there: a new connection, a handshake, a login. At 20 recipients, drawn by chance, it hangs up in
answer to RCPT, each time. All others must be told in the one run, the 20 must stay waiting and be named, and it may
take at most twice the time. Both runs go through the outbox as `bcp notice send` does, freezing not included; they take
turns, and the medians are compared. Waits are not slept but added: ten seconds behind the first five letters in
both, and with the 20 those before they are tried once more.
"""

from __future__ import annotations

import multiprocessing
import random
import socket
import ssl
import statistics
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme
from letters import COUNT, office_in
from measure import told

from bcp.clock import SystemClock
from bcp.files import IncidentFiles
from bcp.notice.campaign.outbox import HELD
from bcp.notice.campaign.post import LetterContext, SendingRequest
from bcp.notice.campaign.send import Delivery
from bcp.notice.campaign.watching import Unwatched
from bcp.notice.channel.channels import Ways
from bcp.notice.channel.kinds.smtp import Smtp
from bcp.world.real import Real
from bcp.world.secret import Secrets

BREAKERS, TURNS, HOLD = 20, 3, 2.0


def server(
    port: multiprocessing.Queue[int], certificate: bytes, key: bytes, breakers: frozenset[str]
) -> None:
    """Takes every letter but those to `breakers`, at whom it hangs up, if the sender is not "plain"."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile() as chain:
        chain.write(certificate + key)
        chain.flush()
        context.load_cert_chain(chain.name)
    listener = socket.create_server(("127.0.0.1", 0))
    port.put(listener.getsockname()[1])
    while True:
        connection, _address = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=met, args=(context, connection, breakers), daemon=True).start()


def met(context: ssl.SSLContext, connection: socket.socket, breakers: frozenset[str]) -> None:
    """Agree on TLS with one client, and serve it."""
    with suppress(OSError), context.wrap_socket(connection, server_side=True) as line:
        serve(line, breakers)


def serve(line: ssl.SSLSocket, breakers: frozenset[str]) -> None:
    """One session."""
    file, breaks = line.makefile("rb"), False
    line.sendall(b"220 sink\r\n")
    while said := file.readline():
        verb, answer = said[:4].upper(), b"250 ok\r\n"
        if verb == b"EHLO":
            answer = b"250-sink\r\n250 AUTH PLAIN\r\n"
        elif verb == b"AUTH":
            answer = b"235 welcome\r\n"
        elif verb == b"MAIL":
            breaks = b"plain@" not in said
        elif verb == b"RCPT" and breaks and said.decode().partition("<")[2].partition(">")[0] in breakers:
            return
        elif verb == b"DATA":
            line.sendall(b"354 go on\r\n")
            while file.readline() != b".\r\n":
                pass
        line.sendall(b"221 bye\r\n" if verb == b"QUIT" else answer)
        if verb == b"QUIT":
            return


@dataclass
class AddedUp:
    """A clock whose waits are added, not slept."""

    waited: float = 0.0

    def now(self) -> datetime:
        """The present moment, with all waits."""
        return SystemClock().now() + timedelta(seconds=self.waited)

    def monotonic(self) -> float:
        """Seconds on a clock that nobody sets, with all waits."""
        return time.monotonic() + self.waited

    def sleep(self, seconds: float) -> None:
        """Add it."""
        self.waited += seconds


def run(port: int, authority: Path, sender: str) -> tuple[float, float, dict[str, int]]:
    """Seconds at work, seconds of waits, and how many letters came to what; a held one counts as such."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        post = office_in(folder, port)
        fields = {
            "host": "localhost", "port": port, "security": "tls", "user": "office", "password": "env:MAIL",
            "from": f"{sender}@kropka.example", "authority": str(authority), "a_minute": 0,
        }  # fmt: skip
        post.ways = Ways({"mail": Smtp.model_validate(fields)})
        prepared = post.prepare(
            LetterContext("incident", datetime.now(UTC), {}, "anna"), SendingRequest("line-down", "clients")
        )
        assert post.freeze(prepared) == COUNT
        clock, world = AddedUp(), Real(Secrets(folder, {"MAIL": "pw"}))
        sending = Delivery(
            post.ledger, prepared.campaign, post.ways.channels, world, clock, Unwatched(), "Europe/Warsaw",
            IncidentFiles(folder), timedelta(seconds=90),
        )  # fmt: skip
        began = time.perf_counter()
        sending.run()
        seconds = time.perf_counter() - began
        found: dict[str, int] = {}
        for row in post.ledger.rows(prepared.campaign.id):
            state = "held back" if row.reason == HELD else row.state
            found[state] = found.get(state, 0) + 1
        return seconds, clock.waited, found


def main() -> int:
    """Measure and print; 1 where a hold is not held."""
    breakers = random.Random(17).sample(range(COUNT), BREAKERS)
    ca = trustme.CA()
    certificate = ca.issue_cert("localhost")
    chain, key = certificate.cert_chain_pems[0].bytes(), certificate.private_key_pem.bytes()
    queue: multiprocessing.Queue[int] = multiprocessing.Queue()
    addresses = frozenset(f"jan{number}@example.com" for number in breakers)
    process = multiprocessing.Process(target=server, args=(queue, chain, key, addresses), daemon=True)
    process.start()
    port = queue.get()
    with tempfile.TemporaryDirectory() as folder:
        authority = Path(folder) / "ca.pem"
        ca.cert_pem.write_to_path(authority)
        turns = [(run(port, authority, "plain"), run(port, authority, "office")) for _ in range(TURNS)]
    process.terminate()
    print(__doc__.strip(), "\n")
    assert all(one[2] == {"sent": COUNT} for one, _other in turns)
    worst = min(other[2].get("sent", 0) for _one, other in turns)
    work = [statistics.median(turn[side][0] for turn in turns) for side in (0, 1)]
    waits = [statistics.median(turn[side][1] for turn in turns) for side in (0, 1)]
    for side, name in enumerate(("without them", "with them")):
        print(f"{name:<14}{work[side]:6.2f} s at work, {waits[side]:5.1f} s of waits: {turns[-1][side][2]}")
    held = told("others who were not told, of 980", COUNT - BREAKERS - worst, 0, "")
    held &= told("with 20 who break the session against without, at work", work[1] / work[0], HOLD)
    return int(
        not told("the same with the waits", (work[1] + waits[1]) / (work[0] + waits[0]), HOLD) or not held
    )


if __name__ == "__main__":
    sys.exit(main())
