"""Shows a sending on the terminal while it goes on, letter by letter."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping
from datetime import timedelta
from types import FrameType
from typing import Any

from bcp.cli.terminal.output import err, say
from bcp.clock import Clock
from bcp.i18n import _
from bcp.notice.campaign.outbox import Key, LetterRow
from bcp.notice.campaign.suspicion import is_suspicious
from bcp.notice.channel.base import Handed
from bcp.times import say_duration

_FATES: Mapping[str, Callable[[], str]] = {
    "failed": lambda: _("refused"),
    "later": lambda: _("put off"),
    "unknown": lambda: _("may have arrived"),
}
"""Of a letter; what is said of a server stands in its pause, or at the end, and so do letters that became files."""


class Progress:
    """Shows a sending on the terminal; the first Ctrl-C stops it behind the present letter."""

    def __init__(self, total: int, clock: Clock) -> None:
        self._total = total
        self._clock = clock
        self._began = clock.monotonic()
        self._count = 0
        self._seen: set[Key] = set()
        self._stop = False
        self._before: Any = None

    def __enter__(self) -> Progress:
        self._before = signal.signal(signal.SIGINT, self._interrupted)
        return self

    def __exit__(self, *_error: object) -> None:
        signal.signal(signal.SIGINT, self._before)
        if err.is_terminal and self._count:
            say()  # ends the line of the bar

    def handed(self, row: LetterRow, handed: Handed) -> None:
        """One line a letter; on a terminal one line for all, with the rate and the time left."""
        self._count += 1
        self._seen.add(row.key)
        if is_suspicious(handed):
            say(f"  {row.name}: {_('held back')}: {handed.reply}", "yellow")
        elif handed.fate in _FATES:
            say(f"  {row.name}: {_FATES[handed.fate]()}: {handed.reply}", "yellow")
        if handed.remark:
            say(f"  {handed.remark}", "yellow")
        if err.is_terminal:
            passed = max(0.001, self._clock.monotonic() - self._began)
            rate = self._count / passed
            # One that was held back is tried again, and stays one letter; a next way is one more.
            count, total = len(self._seen), max(1, self._total, len(self._seen))
            left = (total - count) / rate
            bar = "█" * (20 * count // total)
            err.file.write(f"\r  {bar:<20} {count}/{total}  {rate * 60:.0f}/min  {left:.0f} s left ")
            err.file.flush()

    def pausing(self, seconds: float, why: str) -> None:
        """Say it, so that nobody thinks it hangs."""
        words = _("pause of {time}: {why} (Ctrl-C stops)")
        say()
        say("  " + words.format(time=say_duration(timedelta(seconds=seconds)), why=why))

    def wants_stop(self) -> bool:
        """Whether Ctrl-C was pressed."""
        return self._stop

    def _interrupted(self, _number: int, _frame: FrameType | None) -> None:
        if self._stop:
            raise KeyboardInterrupt
        self._stop = True
