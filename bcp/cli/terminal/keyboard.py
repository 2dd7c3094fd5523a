"""What a person types as an answer: not what was typed before the question, and Enter is a truly empty line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from bcp.cli.terminal.last_row import ROW
from bcp.cli.terminal.output import err, say
from bcp.i18n import _
from bcp.visible import is_seen
from bcp.yes_no import read_yes_no


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
        ROW.answered()
        typed = line.rstrip("\r\n")
        if not typed or any(map(is_seen, typed)):
            return typed.strip()
        say(
            _(
                "  Only keys that cannot be seen were pressed. Nothing was done. Press Enter alone, or answer."
            ),
            "yellow",
        )


def read_line(*question: str) -> str | None:
    """Show the lines of a question and read what is typed after that; None at the end of the input.

    What was typed before does not answer it, nor does what nobody sees.
    """

    def ask() -> None:
        forget_typed_ahead()
        # Not printed by rich itself: a Ctrl-C at that moment would leave the prompt in its buffer, to be shown again.
        with err.capture() as shown:
            for line in question:
                err.print(line)
            err.print("> ", end="")
        err.file.write(shown.get())
        err.file.flush()

    return typed_line(ask)


def agrees(question: str, on_enter: bool) -> bool:
    """Whether the person says yes, in a language of the tool; the end of the input is a no."""
    typed = read_line(question)
    return typed is not None and (read_yes_no(typed) is True if typed else on_enter)


def _forget_on_windows() -> None:
    import importlib

    msvcrt: Any = importlib.import_module("msvcrt")
    while msvcrt.kbhit():
        msvcrt.getwch()
