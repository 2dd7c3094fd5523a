"""What a person types as an answer: not what was typed before the question, and Enter is a truly empty line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from bcp.cli.terminal.output import say
from bcp.i18n import _
from bcp.visible import is_seen


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


def typed_line(ask: Callable[[], object]) -> str | None:
    """Ask, and read the line that is typed, without blanks around it; None at the end of the input.

    It is "" for Enter alone. Blanks, tabs and whatever else nobody sees (Ctrl-L, an invisible letter) were typed by
    a hand or an elbow that meant no answer, so they are no Enter: the question is asked again.
    """
    while True:
        ask()
        line = sys.stdin.readline()
        if not line:
            return None
        typed = line.rstrip("\r\n")
        if not typed or any(map(is_seen, typed)):
            return typed.strip()
        say(
            _(
                "  Only keys that cannot be seen were pressed. Nothing was done. Press Enter alone, or answer."
            ),
            "yellow",
        )


def _forget_on_windows() -> None:
    import importlib

    msvcrt: Any = importlib.import_module("msvcrt")
    while msvcrt.kbhit():
        msvcrt.getwch()
