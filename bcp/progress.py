"""How a long deed shows that it goes on: one port, which a shell fills; without one nobody watches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol, TypeVar

T = TypeVar("T")


class Task(Protocol):
    """One loop that is watched."""

    def advance(self, by: int = 1, name: str = "") -> None:
        """So many more are done; `name` is the one at hand (a page, a plan, a person), as the office calls it.

        `advance(0, "the plan")` before the deed names what is being done, `advance()` behind it counts it. A name stays
        until there is another.
        """
        ...


class Progress(Protocol):
    """Who watches: a bar on a terminal, nobody."""

    def task(self, what: str, total: int | None = None) -> AbstractContextManager[Task]:
        """Watch a loop over `total` things; None where nobody knows how many. `what` says in plain words what is done.

        It is given to people as it is, so it comes through `_()`: "Writing the letters".
        """
        ...


class Screen(Progress, Protocol):
    """Who watches a whole command: also what it waits for, and what else needs the terminal."""

    def countdown(self, what: str, seconds: float) -> AbstractContextManager[Task]:
        """Watch something that ends in so many seconds, or at the latest then."""
        ...

    def aside(self) -> AbstractContextManager[None]:
        """Show nothing meanwhile: another program may have the terminal, and ask there."""
        ...


class _Unwatched:
    """Nobody watches."""

    def task(self, what: str, total: int | None = None) -> AbstractContextManager[Task]:
        """Nothing is shown."""
        return nullcontext(self)

    def countdown(self, what: str, seconds: float) -> AbstractContextManager[Task]:
        """Nothing is shown."""
        return nullcontext(self)

    def aside(self) -> AbstractContextManager[None]:
        """Nothing is shown anyway."""
        return nullcontext()

    def advance(self, by: int = 1, name: str = "") -> None:
        """Nothing is shown."""


UNWATCHED: Screen = _Unwatched()
UNSEEN: Task = _Unwatched()


def counted(
    progress: Progress,
    what: str,
    items: Iterable[T],
    total: int | None = None,
    *,
    name: Callable[[T], str] | None = None,
) -> Iterator[T]:
    """The items one by one, watched: each is named when it is at hand, and counted when the next one is asked for."""
    with progress.task(what, total) as task:
        for item in items:
            if name is not None:
                task.advance(0, name(item))
            yield item
            task.advance()
