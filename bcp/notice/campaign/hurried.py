"""The clock of a rehearsed sending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bcp.clock import Clock


@dataclass
class Hurried:
    """The clock of a rehearsal: nothing goes out, so no provider and nobody's eyes have to be waited for."""

    clock: Clock

    def now(self) -> datetime:
        """The present moment."""
        return self.clock.now()

    def monotonic(self) -> float:
        """Seconds on a clock that nobody sets."""
        return self.clock.monotonic()

    def sleep(self, seconds: float) -> None:
        """Go on at once."""
