"""Watches a long deed as a terminal would, and keeps what it was told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Watched:
    """A `Progress`: each loop with how many it has, and the names it came by, in order."""

    def __init__(self) -> None:
        self.tasks: list[tuple[str, int | None]] = []
        self.names: list[str] = []

    @contextmanager
    def task(self, what: str, total: int | None = None) -> Iterator[Watched]:
        self.tasks.append((what, total))
        yield self

    def advance(self, by: int = 1, name: str = "") -> None:
        self.names += [name] * by
