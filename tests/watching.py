"""Somebody who watches a long deed, for a test that asks what was shown of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field

from bcp.progress import Task


@dataclass
class WatchedTask:
    """One loop: what it does, of how many, how many were done, and what was at hand."""

    what: str
    total: int | None
    count: int = 0
    names: list[str] = field(default_factory=list)
    has_ended: bool = False

    def advance(self, by: int = 1, name: str = "") -> None:
        """Note it."""
        self.count += by
        self.names += [name] if name else []


@dataclass
class Watching:
    """A `bcp.progress.Screen` that keeps all that it is shown."""

    tasks: list[WatchedTask] = field(default_factory=list)

    @property
    def sizes(self) -> list[tuple[str, int | None]]:
        """What each loop does, and of how many."""
        return [(task.what, task.total) for task in self.tasks]

    @property
    def names(self) -> list[str]:
        """What was at hand, one after the other."""
        return [name for task in self.tasks for name in task.names]

    @contextmanager
    def task(self, what: str, total: int | None = None) -> Iterator[Task]:
        """Note a loop, and its end."""
        self.tasks.append(task := WatchedTask(what, total))
        yield task
        task.has_ended = True

    def countdown(self, what: str, seconds: float) -> AbstractContextManager[Task]:
        """Note what is waited for."""
        return self.task(what, round(seconds))

    def aside(self) -> AbstractContextManager[None]:
        """There is no terminal to be left alone."""
        return nullcontext()
