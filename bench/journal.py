"""How fast the journal is: events a second, each flushed to the disk, against bare SQLite; and how fast it is read.

    python bench/journal.py [FOLDER]

FOLDER is where the databases are made and removed again; by default here, since a temporary folder
may lie in memory, where a flush costs nothing.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from statistics import median

from measure import here, least, told

from bcp.chain import checked
from bcp.event import NOTHING, Entry, Event, Head, seal
from bcp.store.database import FILE
from bcp.store.journal import Journal

ROUNDS = 80
BATCH = 50
READ, READINGS = 10_000, 5
WANTED = 0.7
STREAM = "2026-11-26-internet-outage"
ROWS = "SELECT stream, seq, kind, body, hash FROM events ORDER BY seq"
ADD = "INSERT INTO events (stream, seq, kind, body, hash) VALUES (?, ?, ?, ?, ?)"


class StoppedClock:
    """So that all sides write the very same rows."""

    def now(self) -> datetime:
        """Always the same."""
        return datetime(2026, 11, 26, 6, 50, tzinfo=UTC)

    def monotonic(self) -> float:
        """Nothing passes."""
        return 0.0

    def sleep(self, seconds: float) -> None:
        """Nobody waits."""


def entry(number: int) -> Entry:
    evidence = f"PING 192.0.2.1: 3 packets transmitted, 0 received, 100% packet loss, time {number} ms"
    return Entry("step.done", "ann", {"step": f"step-{number % 30}", "evidence": evidence, "exit": 1})


def sealed(after: Head, entries: Sequence[Entry]) -> list[Event]:
    events: list[Event] = []
    for one in entries:
        events.append(seal(STREAM, after, one, StoppedClock().now()))
        after = head_of(events)
    return events


def head_of(events: Sequence[Event]) -> Head:
    return Head(events[-1].seq, events[-1].hash)


def bare(path: Path) -> sqlite3.Connection:
    """What one would write without a thought: a table, an index to find a kind by, the same settings."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(
        "CREATE TABLE events (stream TEXT, seq INTEGER, kind TEXT, body TEXT, hash TEXT, PRIMARY KEY (stream, seq))"
    )
    connection.execute("CREATE INDEX by_kind ON events (kind, stream)")
    return connection


def insert(connection: sqlite3.Connection, events: Sequence[Event]) -> None:
    """One statement, one commit, one flush an event."""
    for event in events:
        connection.execute(ADD, (event.stream, event.seq, event.kind, event.body, event.hash))


def append(journal: Journal, head: Head, entries: Sequence[Entry]) -> None:
    """One append, one flush an event: what a walk through a runbook does."""
    for one in entries:
        head = head_of(journal.append(STREAM, head, [one]))


def flush(path: Path) -> None:
    """Nothing but a page written and flushed, as often as there are events in a batch."""
    with path.open("wb", buffering=0) as file:
        for _ in range(BATCH):
            file.write(bytes(4096))
            os.fsync(file.fileno())


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def compare_writing(folder: Path) -> bool:
    journal = Journal(folder / "journal", StoppedClock())
    took: dict[str, list[float]] = {"journal": [], "bare": [], "flush": []}
    head = NOTHING
    with closing(bare(folder / "bare.sqlite3")) as connection:
        for number in range(ROUNDS + 1):
            entries = [entry(number) for number in range(head.seq, head.seq + BATCH)]
            events = sealed(head, entries)
            work: list[tuple[str, Callable[[], object]]] = [
                ("journal", partial(append, journal, head, entries)),
                ("bare", partial(insert, connection, events)),
                ("flush", partial(flush, folder / "page")),
            ]
            for name, deed in reversed(work) if number % 2 else work:
                took[name].append(seconds(deed))
            head = head_of(events)
        assert [tuple(row) for row in journal.rows(STREAM)] == connection.execute(ROWS).fetchall()
    journal.close()
    return print_writing({name: rounds[1:] for name, rounds in took.items()})


def print_writing(took: dict[str, list[float]]) -> bool:
    for name, what in (
        ("journal", "events; one append and one flush each: sealed, compared with the last, inserted"),
        (
            "bare",
            "events; the same rows and one flush each, prepared insert; nothing sealed, compared or refused",
        ),
        ("flush", "no database: a page written and flushed"),
    ):
        print(f"{name:8}{BATCH / median(took[name]):7.0f} a second   {what}")
    ratios = sorted(bare / ours for ours, bare in zip(took["journal"], took["bare"], strict=True))
    quarter = len(ratios) // 4
    print(
        f"ratio   {median(ratios):7.2f}            wanted >= {WANTED}: median of {ROUNDS} pairs of {BATCH} events, "
        f"interleaved, after one to warm up; the middle half from {ratios[quarter]:.2f} to {ratios[-quarter]:.2f}"
    )
    return median(ratios) >= WANTED


def compare_reading(folder: Path) -> bool:
    """Reading a long journal, and proving its chain, against the same rows fetched and hashed by bare SQLite."""
    journal = Journal(folder / "long", StoppedClock())
    journal.append(STREAM, NOTHING, [entry(number) for number in range(READ)])
    with closing(sqlite3.connect(folder / "long" / FILE)) as connection:
        took = least(
            {
                "fetched": here(lambda: connection.execute(ROWS).fetchall()),
                "hashed": here(
                    lambda: [sha256(row[3].encode()).hexdigest() for row in connection.execute(ROWS)]
                ),
                "read": here(lambda: list(journal.rows(STREAM))),
                "proved": here(lambda: list(checked(journal.rows(STREAM)))),
            },
            READINGS,
        )
    journal.close()
    held = [
        told(f"{READ:,} events read, against their rows fetched", took["read"] / took["fetched"], 1.5),
        told(f"{READ:,} events proved, against their rows hashed", took["proved"] / took["hashed"], 3),
    ]
    return all(held)


def main() -> int:
    where = Path(sys.argv[1]) if len(sys.argv) > 1 else Path.cwd()
    with tempfile.TemporaryDirectory(prefix="bench-journal-", dir=where) as folder:
        held = [compare_writing(Path(folder))]
        held.append(compare_reading(Path(folder)))
    return int(not all(held))


if __name__ == "__main__":
    sys.exit(main())
