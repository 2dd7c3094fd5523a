"""Who watches a sending while it goes on, and may stop it between two letters."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from bcp.clock import Clock
from bcp.notice.campaign.outbox import LetterRow
from bcp.notice.channel.base import Handed


class Watcher(Protocol):
    """Who watches a sending: a progress bar, a log, nobody."""

    def handed(self, row: LetterRow, handed: Handed) -> None:
        """A letter was handed over, or could not be."""
        ...

    def pausing(self, seconds: float, why: str) -> None:
        """Nothing is sent for a while, and why."""
        ...

    def wants_stop(self) -> bool:
        """Whether somebody asked to stop; asked between two letters."""
        ...


class Unwatched:
    """Nobody watches the sending."""

    def handed(self, row: LetterRow, handed: Handed) -> None:
        """Nothing is shown."""

    def pausing(self, seconds: float, why: str) -> None:
        """Nothing is shown."""

    def wants_stop(self) -> bool:
        """Nobody stops it."""
        return False


Watch = Callable[[int, Clock], AbstractContextManager[Watcher]]
"""Opens a watch on a sending of so many letters; it ends with the sending."""


def unwatched(_count: int, _clock: Clock) -> AbstractContextManager[Watcher]:
    """Nobody watches."""
    return nullcontext(Unwatched())
