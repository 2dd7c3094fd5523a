"""The last row of the terminal, on which a bar stands; whatever else is written there takes its place first.

All that we print passes `streams.py`, which asks here before it writes. So no sentence is torn by a bar, wherever it
comes from: a remark, a warning of the log, a bug. While a question waits for its answer no bar is drawn behind it.
"""

from __future__ import annotations

import os
from threading import RLock
from typing import IO

from bcp.clock import SystemClock


class LastRow:
    """What stands on the last row, and whether anything may."""

    def __init__(self) -> None:
        self.lock = RLock()  # of the same thread again: a signal may come in the middle of a write, and print
        self._clock = SystemClock()
        self._text = ""
        self._cells = 0
        self._file: IO[str] | None = None
        self._is_drawing = False
        self._is_begun = False
        self._quiet_since = self._clock.monotonic()
        self._asked = 0.0

    def draw(self, file: IO[str], text: str, cells: int) -> None:
        """Put `text`, so many cells wide, in the place of what stood there; nothing on a row that others began."""
        with self.lock:
            if self._is_begun or (self._file is not None and text == self._text):
                return
            # Blanks and no command of a terminal: those of Windows do not all know one. As far as the row goes, for
            # what a person types meanwhile is shown behind the bar.
            rest = " " * (max(self._cells, _reach(file)) - cells)
            self._put(file, f"\r{text}{rest}" + "\b" * len(rest))
            self._text, self._cells, self._file = text, cells, file

    def clear(self) -> None:
        """Leave the row as if nothing had stood there."""
        with self.lock:
            if self._file is not None and not self._is_drawing:
                # Two more where nobody knows how far the row goes: the sign of a Ctrl-C stands behind the bar.
                self._put(self._file, "\r" + " " * (_reach(self._file) or self._cells + 2) + "\r")
                self.forget()

    def forget(self) -> None:
        """What stood there is no more our concern: others have the terminal, and wrote below it."""
        with self.lock:
            self._cells, self._file = 0, None

    def noted(self, text: str) -> None:
        """Somebody wrote `text` to the terminal."""
        if text and not self._is_drawing:
            self._asked, self._quiet_since = self.asked(), self._clock.monotonic()
            self._is_begun = not text.endswith("\n")

    def answered(self) -> None:
        """A person pressed Enter behind a question: its row has ended."""
        with self.lock:
            self.noted("\n")

    def stands(self) -> bool:
        """Whether something of ours stands there."""
        return self._file is not None

    def quiet(self) -> float:
        """For how many seconds nobody has written anything; 0 behind a question."""
        return 0.0 if self._is_begun else self._clock.monotonic() - self._quiet_since

    def asked(self) -> float:
        """For how many seconds in all a question stood there: the time of a person, and none of the work."""
        return self._asked + (self._clock.monotonic() - self._quiet_since if self._is_begun else 0.0)

    def _put(self, file: IO[str], text: str) -> None:
        self._is_drawing = True
        try:
            file.write(text)
            file.flush()
        finally:
            self._is_drawing = False


def _reach(file: IO[str]) -> int:
    """How many cells of a row can be written without beginning another one; 0 where nobody knows."""
    try:
        return max(0, os.get_terminal_size(file.fileno()).columns - 1)
    except (OSError, ValueError):
        return 0


ROW = LastRow()
"""That of this process."""
