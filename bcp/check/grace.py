"""A minute of grace: behind a sleep, a jump of the clock or a watch that was killed, news wait for it, and are one.

A computer that wakes has no network yet, and neither has one whose power came back: each check would be told as down,
and a minute later as up again.
"""

from __future__ import annotations

from dataclasses import replace

from bcp.check.round import Outcome
from bcp.probe.base import State

MINUTE = 60.0
"""Seconds."""


class Grace:
    """The news of that minute. Moments are seconds of the event loop."""

    def __init__(self, length: float) -> None:
        self._length = length
        self._until: float | None = None
        self._held: dict[str, tuple[State | None, Outcome]] = {}

    def begin(self, now: float) -> None:
        """From now on news wait; one that is under way becomes longer."""
        self._until = now + self._length

    @property
    def is_on(self) -> bool:
        """Whether news wait."""
        return self._until is not None

    def hold(self, outcome: Outcome) -> None:
        """Keep what changed; what is again as it was before is no news any more."""
        before = self._held[outcome.check][0] if outcome.check in self._held else outcome.before
        if outcome.state == (before or "up"):
            self._held.pop(outcome.check, None)
        else:
            self._held[outcome.check] = before, outcome

    def over(self, now: float) -> list[Outcome]:
        """What is to be told once the minute is over, each as a change from what was told last; else nothing."""
        if self._until is None or now < self._until:
            return []
        self._until = None
        return self.end()

    def end(self) -> list[Outcome]:
        """The same at once: the watch ends."""
        found = [replace(outcome, before=before) for before, outcome in self._held.values()]
        self._held.clear()
        return found
