"""Shows on a terminal that a long deed goes on: one row, which is gone when the deed has ended.

- It is written to standard error, where that is a terminal; to no file, no pipe and no mail of cron.
- Nothing is shown before the terminal has been quiet for half a second: what is quick stays quiet.
- A thread draws it, so that it moves also while one thing takes long.
- A loop inside another is shown in the same row, behind the one at hand.
- A terminal that cannot go back in its row gets a line every few seconds.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from threading import Event, RLock, Thread, current_thread, main_thread

from rich.cells import cell_len

from bcp.cli.terminal.last_row import ROW
from bcp.cli.terminal.output import err
from bcp.cli.terminal.progress_row import Watched, row, sentence
from bcp.clock import SystemClock
from bcp.i18n import _
from bcp.progress import UNSEEN, UNWATCHED, Screen, Task

_LOG = logging.getLogger(__name__)
_TICK = 0.25
_QUIET, _QUIET_NET = 0.5, 0.75
"""For so long nothing was written before a row is shown; a bit longer where it can say no more than that it works."""
_FIRST_LINE, _NEXT_LINE = 1.0, 5.0
_FREE = 3
"""Cells at the end of the row that stay empty: the sign of a Ctrl-C (`^C`) must not begin another one."""
_NARROWEST = 20


def at_terminal() -> Screen:
    """The bar of this terminal; nobody where no terminal is written to."""
    return _BARS if sys.stderr is not None and sys.stderr.isatty() else UNWATCHED


def over_all() -> AbstractContextManager[object]:
    """Around a whole command: where nothing else is shown for a while, that it works."""
    return _BARS.net() if at_terminal() is _BARS else nullcontext()


class _Bars:
    """All loops that go on in this process, from the outermost on, and the thread that shows them."""

    def __init__(self) -> None:
        self._clock = SystemClock()
        self._lock = RLock()
        self._tasks: list[Watched] = []
        self._painter: Thread | None = None
        self._ended = Event()
        self._asides = 0
        self._shown = ""
        self._asked = 0.0

    def task(self, what: str, total: int | None = None) -> AbstractContextManager[Task]:
        """Show a loop while the block lasts."""
        return self._watched(Watched(what, total, self._clock.monotonic()))

    def countdown(self, what: str, seconds: float) -> AbstractContextManager[Task]:
        """Show for how long it will last."""
        return self._watched(Watched(what, None, self._clock.monotonic(), length=max(0.0, seconds)))

    def net(self) -> AbstractContextManager[Task]:
        """Show that something goes on wherever no loop says what."""
        return self._watched(Watched(_("Working"), None, self._clock.monotonic(), is_net=True))

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Show nothing while the block lasts."""
        with self._lock:
            self._asides += 1
        ROW.clear()
        try:
            yield
        finally:
            with self._lock:
                self._asides -= 1

    @contextmanager
    def _watched(self, watched: Watched) -> Iterator[Task]:
        if current_thread() is not main_thread():
            yield UNSEEN  # what goes on beside the deed is not what the person waits for
            return
        with self._lock:
            self._leave_questions_out()
            self._tasks.append(watched)
            if self._painter is None:
                self._begin()
        try:
            yield _Advancing(watched, self._lock)
        finally:
            self._end(watched)

    def _leave_questions_out(self) -> None:
        """What a person took for answers was no work: whatever began before them begins so much later."""
        asked, before = ROW.asked(), self._asked
        self._asked = asked
        for each in self._tasks:
            if each.length is None:  # an end that is known comes whether or not somebody was asked
                each.began += asked - before

    def _begin(self) -> None:
        """Start the thread; where the computer gives none, the deed is done and nobody sees how far it is."""
        self._ended = Event()
        painter = Thread(target=self._paint, args=(self._ended,), name="progress", daemon=True)
        with suppress(RuntimeError):
            painter.start()
            self._painter = painter

    def _end(self, watched: Watched) -> None:
        with self._lock:
            # What began in this loop has ended with it: a generator that is not asked any more may not know that yet.
            if watched in self._tasks:
                del self._tasks[self._tasks.index(watched) :]
            painter = self._painter
            if self._tasks or painter is None:
                return
            self._painter = None
            self._ended.set()
        painter.join()
        ROW.clear()

    def _paint(self, ended: Event) -> None:
        try:
            while not ended.wait(_TICK):
                self._show(ended)
        except Exception as error:  # noqa: BLE001 - a bug of ours, and no reason to disturb the deed
            from bcp.traced import place_of

            _LOG.warning("no progress is shown any more: %s at %s", type(error).__name__, place_of(error))

    def _show(self, ended: Event) -> None:
        # The order of the locks is that of a deed that prints while it counts: never the other way round.
        with self._lock:
            self._leave_questions_out()
            tasks, now = list(self._tasks), self._clock.monotonic()
        if not _is_in_front():
            ROW.forget()
            return
        if not tasks or ended.is_set() or self._asides:
            return
        if err.is_dumb_terminal:
            if ROW.quiet() >= (_NEXT_LINE if self._shown else _FIRST_LINE):
                self._shown = sentence(tasks, now)
                err.print(self._shown)
            return
        if ROW.quiet() >= (_QUIET_NET if all(each.is_net for each in tasks) else _QUIET):
            width = max(_NARROWEST, err.width - _FREE)
            text = "  " + row(tasks, now, width - 2, getattr(err.file, "encoding", None) or "ascii")
            ROW.draw(err.file, text, cell_len(text))


class _Advancing:
    """One loop, as it is counted."""

    def __init__(self, watched: Watched, lock: RLock) -> None:
        self._watched = watched
        self._lock = lock

    def advance(self, by: int = 1, name: str = "") -> None:
        """So many more are done, and this one is at hand."""
        with self._lock:
            self._watched.count += by
            self._watched.name = name or self._watched.name


def _is_in_front() -> bool:
    """Whether the terminal is ours: a deed that was put into the background must not write over another one's row."""
    try:
        return os.tcgetpgrp(sys.stderr.fileno()) == os.getpgrp()
    except (AttributeError, OSError, ValueError):
        return True  # Windows has no such thing


_BARS = _Bars()
