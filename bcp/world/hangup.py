"""What ends while a program runs because its window was closed, or we are asked to end, ends that program first."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

_ASKED = [
    each for each in (getattr(signal, name, None) for name in ("SIGHUP", "SIGTERM")) if each is not None
]


@contextmanager
def ended_in_order() -> Iterator[None]:
    """In this block SIGHUP and SIGTERM are what Ctrl-C is, where nobody said otherwise (`nohup`, the watch).

    A thread cannot say so, and needs not: whoever has threads ends in order himself.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    changed = [number for number in _ASKED if signal.getsignal(number) == signal.SIG_DFL]
    for number in changed:
        signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number in changed:
            signal.signal(number, signal.SIG_DFL)


def _interrupt(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt
