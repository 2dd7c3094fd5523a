"""What a walk waits for: a time, a program that outlived its step, another terminal; it is shown for how long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bcp.clock import Clock
from bcp.i18n import _
from bcp.incident.state import StepState
from bcp.progress import Screen
from bcp.times import local_clock

ELSEWHERE_PAUSE = 1.0
WAITING_PAUSE = 5.0


@dataclass(frozen=True, slots=True)
class Waits:
    """Waits in short pieces: behind each one what others wrote is taken in, and told by `read_news`."""

    clock: Clock
    progress: Screen
    read_news: Callable[[], object]
    refresh: Callable[[], object]

    def for_step(self, step: StepState, zone: ZoneInfo) -> None:
        """Wait until the program of `step` has ended, and until its time has come, unless somebody settles it."""
        if step.process.runs:
            with self.progress.task(_("Waiting for the program that is still running")):
                while step.process.runs:
                    self.clock.sleep(ELSEWHERE_PAUSE)
                    self.read_news()
        if step.until is not None:
            words = _("Waiting until {time}").format(time=local_clock(step.until, zone, self.clock.now()))
            with self.progress.countdown(words, self._left(step)):
                while self._left(step) > 0 and not step.settled:
                    self.clock.sleep(min(self._left(step), WAITING_PAUSE))
                    self.read_news()

    def for_other(self, who: str, is_at_it: Callable[[], bool]) -> None:
        """Wait while another terminal carries a step out."""
        with self.progress.task(_("Waiting for {whom}").format(whom=who)):
            while is_at_it():
                self.clock.sleep(ELSEWHERE_PAUSE)
                self.refresh()

    def _left(self, step: StepState) -> float:
        return (step.until - self.clock.now()).total_seconds() if step.until is not None else 0.0
