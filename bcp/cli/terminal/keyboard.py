"""What was typed before a question was on the screen does not answer it."""

from __future__ import annotations

import sys
from typing import Any


def forget_typed_ahead() -> None:
    """Drop what was typed before the question was on the screen."""
    if not sys.stdin.isatty():
        return
    try:
        import termios
    except ImportError:
        _forget_on_windows()
        return
    termios.tcflush(sys.stdin, termios.TCIFLUSH)


def _forget_on_windows() -> None:
    import importlib

    msvcrt: Any = importlib.import_module("msvcrt")
    while msvcrt.kbhit():
        msvcrt.getwch()
