"""What the tests of the store have in common: a stream, entries for it, and the file opened without bcp."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from bcp.errors import Exit, StoreError
from bcp.event import NOTHING, Entry, Event, Head
from bcp.store.database import FILE, Database
from bcp.store.journal import Journal
from tests.frozen import FrozenClock

STREAM = "2026-11-26-internet-outage"


def journal_in(state: Path) -> Journal:
    return Journal(state, FrozenClock())


def hasty_journal_in(state: Path) -> Journal:
    """One that does not wait for a locked store."""
    return Journal(Database(state, patience=0.05), FrozenClock())


def notes(count: int) -> list[Entry]:
    return [Entry("note", "ann", {"text": f"Nr {number}"}) for number in range(1, count + 1)]


def end_of(events: Sequence[Event]) -> Head:
    return Head(events[-1].seq, events[-1].hash)


def bare(state: Path) -> closing[sqlite3.Connection]:
    """The file, opened as any other program would."""
    return closing(sqlite3.connect(state / FILE, isolation_level=None))


def uses(journal: Journal) -> list[Callable[[], object]]:
    """Every way to use a journal; the last one writes."""
    return [
        lambda: list(journal.rows(STREAM)),
        lambda: journal.streams("note"),
        lambda: journal.append(STREAM, NOTHING, notes(1)),
    ]


def assert_told(use: Callable[[], object], sentence: str) -> None:
    """It fails as a person is to see it: one sentence, a hint, exit status 3."""
    with pytest.raises(StoreError, match=sentence) as found:
        use()
    assert found.value.exit is Exit.STORE
    assert found.value.hint
    assert "\n" not in found.value.message
    assert "Errno" not in found.value.message
