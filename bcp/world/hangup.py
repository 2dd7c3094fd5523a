"""What ends while a program runs because its window was closed, or we are asked to end, ends that program first."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_NAMES = ("SIGHUP", "SIGTERM", "SIGINT")
_ASKED = [each for each in (getattr(signal, name, None) for name in _NAMES) if each is not None]


class AskedToEnd:
    """That somebody asked us to end: only remembered until `hear`, then what Ctrl-C is.

    Else it could come between the start of a program and the first line that would end it.
    """

    def __init__(self) -> None:
        self._is_heard = False
        self._waits = False

    def __call__(self, _number: int, _frame: object) -> None:
        """It is asked now. Raises KeyboardInterrupt where that is heard."""
        self._waits = True
        if self._is_heard:
            self.hear()

    def hear(self) -> None:
        """From now on it is heard; also what was asked before. Raises KeyboardInterrupt."""
        self._is_heard = True
        if self._waits:
            self._waits = False
            raise KeyboardInterrupt


@contextmanager
def ended_in_order() -> Iterator[AskedToEnd]:
    """In this block SIGHUP and SIGTERM are what Ctrl-C is, where nobody said otherwise (`nohup`, the watch).

    A thread cannot say so, and needs not: whoever has threads ends in order himself.
    """
    asked = AskedToEnd()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return
    before = {number: signal.getsignal(number) for number in _ASKED}
    usual = (signal.SIG_DFL, signal.default_int_handler)
    changed = {number: handler for number, handler in before.items() if handler in usual}
    for number in changed:
        signal.signal(number, asked)
    try:
        yield asked
    finally:
        for number, handler in changed.items():
            signal.signal(number, handler)
    asked.hear()
