"""Whose turn it is to look: one process at a time keeps the spans. A process that dies gives its turn back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def turn(state: Path) -> Iterator[bool]:
    """Whether it is ours, for as long as the block lasts. `state` is the state folder."""
    from filelock import FileLock, Timeout

    state.mkdir(parents=True, exist_ok=True)
    lock = FileLock(state / "checks.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()
