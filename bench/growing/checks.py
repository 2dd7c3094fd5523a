"""Checks with a year behind them: 2,000 changes each, response times of each day, and the events of it all."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

from bcp.app.check.flips import STREAM, untold
from bcp.app.session import Session
from bcp.check.span import Seen
from bcp.event import NOTHING, Head
from bcp.incident.events.check import CheckFlipped
from bcp.store.spans import StoredSpans
from growing.judge import Holds
from growing.subject import Subject, seconds

OFFICE = """name: Bench
country: PL
timezone: Europe/Warsaw
people: [{person: anna, name: Anna}]
roles: [{role: lead, owner: anna}]
"""
FLIPS, YEAR, BATCH = 2000, timedelta(days=365), 20_000
PORT = 47123
ALL = (10, 100, 1000)
QUICK = (10, 40, 160)
NO_PAST = 1.5


def files(folder: Path, checks: int) -> None:
    """An office with so many checks of a server that is up, and nothing behind it."""
    (folder / "checks").mkdir(parents=True)
    (folder / "bcp.yaml").write_text(OFFICE)
    for number in range(checks):
        text = f"check: c{number}\ntitle: C\nprobes: [{{tcp: {{host: 127.0.0.1, port: {PORT}}}}}]\n"
        (folder / f"checks/c{number}.yaml").write_text(text)


def with_a_year(folder: Path, checks: int) -> None:
    """The same, as a watch left it that saw each change; up by now. A change a day has a blip in its hour."""
    files(folder, checks)
    spans, now, apart = StoredSpans(folder / "incidents"), datetime.now(UTC), YEAR / FLIPS
    batch = []
    for left in reversed(range(FLIPS)):
        at = now - apart * left - timedelta(seconds=30)
        state, begun, blips = "down" if left % 2 else "up", at - apart * 0.4, int(not left % 6)
        for number in range(checks):
            seen = Seen(f"c{number}", state, at, begun, "no answer", 20, (0.02, 0.03), blips)  # type: ignore[arg-type]
            batch.append((seen, timedelta(days=2)))
        if len(batch) >= BATCH or not left:
            spans.note(batch)
            batch = []
    spans.close()


def after_changes(folder: Path, changes: int) -> None:
    """An office whose only check is down from now on, after so many changes that were written down as events."""
    (folder / "checks").mkdir(parents=True)
    (folder / "bcp.yaml").write_text(OFFICE)
    probe = f"probes: [{{tcp: {{host: 127.0.0.1, port: {PORT}}}}}]"
    (folder / "checks/c0.yaml").write_text(f"check: c0\ntitle: C\nconfirm: 1 look in 1s\n{probe}\n")
    spans, now = StoredSpans(folder / "incidents"), datetime.now(UTC)
    spans.note(
        [(Seen("c0", "up", now - timedelta(minutes=1), now - timedelta(minutes=9)), timedelta(days=1))]
    )
    spans.close()
    session, head = Session(str(folder)), NOTHING
    for begin in range(0, changes, BATCH):
        entries = [
            CheckFlipped(f"c{number % 50}", "C", "", "up", "", "", "").entry("anna", now, how="watch")
            for number in range(begin, min(changes, begin + BATCH))
        ]
        last = session.stores.levers.append(STREAM, head, entries)[-1]
        head = Head(last.seq, last.hash)
    untold(session, {})  # a pass was there before


@contextmanager
def server(_folder: Path, _size: int) -> Iterator[None]:
    """Takes every connection and closes it."""

    def answer() -> None:
        with suppress(OSError):  # it was closed
            while True:
                listening.accept()[0].close()

    with socket.create_server(("127.0.0.1", PORT), backlog=1024, reuse_port=False) as listening:
        Thread(target=answer, daemon=True).start()
        yield
        listening.shutdown(socket.SHUT_RDWR)


def _page(folder: Path) -> list[str]:
    return ["check", "page", "-o", str(folder / "checks.html")]


SUBJECTS = (
    Subject(
        "check run, a year behind it",
        ALL,
        with_a_year,
        lambda _folder: ["check", "run"],
        Holds("linear", memory=100, against=NO_PAST),
        QUICK,
        is_once=True,
        beside=server,
        empty=files,
    ),
    *(
        Subject(
            f"check {verb}, a year behind it",
            ALL,
            with_a_year,
            lambda _folder, verb=verb: ["check", verb],  # type: ignore[misc]
            Holds("linear", memory=100, against=NO_PAST),
            QUICK,
            empty=files,
        )
        for verb in ("status", "metrics")
    ),
    Subject(
        "check history --json, a year behind it",
        ALL,
        with_a_year,
        lambda _folder: ["check", "history", "--json"],
        Holds("linear", memory=100, most=seconds(5)),
        QUICK,
        runs=2,
    ),
    Subject(
        "check page, a year behind it",
        ALL,
        with_a_year,
        _page,
        Holds("linear", memory=150),
        QUICK,
        runs=2,
    ),
    Subject(
        "check run that sees a change, after many",
        (1000, 10_000, 100_000),
        after_changes,
        lambda _folder: ["check", "run"],
        Holds("flat", memory=100),
        (100, 1000, 5000),
        statuses=(7,),
        is_once=True,
        runs=2,
    ),
)
