"""Shows a sending on the terminal while it goes on, letter by letter."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import timedelta
from types import FrameType
from typing import Any

from bcp.cli.terminal.output import say
from bcp.cli.terminal.progress import at_terminal
from bcp.clock import Clock
from bcp.i18n import _
from bcp.notice.campaign.outbox import Key, LetterRow
from bcp.notice.campaign.suspicion import is_suspicious
from bcp.notice.channel.base import Handed
from bcp.progress import Progress, Task
from bcp.times import say_duration

_FATES: Mapping[str, Callable[[], str]] = {
    "failed": lambda: _("refused"),
    "later": lambda: _("put off"),
    "unknown": lambda: _("may have arrived"),
}
"""Of a letter; what is said of a server stands in its pause, or at the end, and so do letters that became files."""


class SendingShown:
    """Shows a sending on the terminal; the first Ctrl-C stops it behind the present letter."""

    def __init__(self, total: int, _clock: Clock, progress: Progress | None = None) -> None:
        self._total = total
        self._progress = progress or at_terminal()
        self._stack = ExitStack()
        self._task: Task | None = None
        self._seen: set[Key] = set()
        self._stop = False
        self._before: Any = None

    def __enter__(self) -> SendingShown:
        self._before = signal.signal(signal.SIGINT, self._interrupted)
        self._task = self._stack.enter_context(self._progress.task(_("Sending the letters"), self._total))
        return self

    def __exit__(self, *_error: object) -> None:
        signal.signal(signal.SIGINT, self._before)
        self._stack.close()

    def handed(self, row: LetterRow, handed: Handed) -> None:
        """A line for a letter that did not simply go out; all are counted in the bar."""
        # One that was held back is tried again, and stays one letter; a next way is one more.
        is_new = row.key not in self._seen
        self._seen.add(row.key)
        if is_suspicious(handed):
            say(f"  {row.name}: {_('held back')}: {handed.reply}", "yellow")
        elif handed.fate in _FATES:
            say(f"  {row.name}: {_FATES[handed.fate]()}: {handed.reply}", "yellow")
        if handed.remark:
            say(f"  {handed.remark}", "yellow")
        if self._task is not None:
            self._task.advance(int(is_new), row.name)

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
        if self._task is not None:
            self._task.advance(0, _("stopping after this letter"))
