"""Standard input, output and error as every command finds them: there, harmless to a terminal, and never a failure.

- A stream that was closed before we began leads nowhere. Its number is taken first of all: else the next file that is
  opened would have it, and a sentence meant for a person would be written into the database.
- Whatever is written passes `visible`, and loses the secrets that are known. Only the console of `output.py` goes
  round that, for its own colours, and does the same with what it is given itself.
- What stands on the last row of a terminal, a bar, is taken away before anything else is written (`last_row.py`).
- A deed is not given up because nobody can read about it: where a stream fails (its reader has gone, its disk is full)
  the rest goes nowhere, and `lost` tells at the end what could not be shown.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Any, TextIO, cast

from bcp.cli.terminal.last_row import ROW
from bcp.revealed import REVEALED
from bcp.visible import visible


class SteadyStream:
    """A stream that takes everything; `lost` is why it could not be shown, None where all of it was."""

    def __init__(self, raw: TextIO) -> None:
        self._raw = raw
        self.lost: OSError | None = None
        self._is_terminal = self.isatty()

    def write(self, text: str) -> int:
        """Write it; nowhere, once the stream has failed."""
        try:
            if self.lost is None and self._is_terminal:
                with ROW.lock:
                    ROW.clear()
                    self._raw.write(text)
                    ROW.noted(text)
            elif self.lost is None:
                self._raw.write(text)
        except (OSError, ValueError) as error:
            self._fails(error)
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        """Write them, one behind the other."""
        self.write("".join(lines))

    def flush(self) -> None:
        """Hand on what waits."""
        try:
            if self.lost is None:
                self._raw.flush()
        except (OSError, ValueError) as error:
            self._fails(error)

    def isatty(self) -> bool:
        """Whether a terminal is behind it, and was not lost."""
        try:
            return self.lost is None and self._raw.isatty()
        except (OSError, ValueError):
            return False

    def _fails(self, error: OSError | ValueError) -> None:
        self.lost = error if isinstance(error, OSError) else OSError(str(error))
        # What waits in the buffer of Python itself would fail once more at the end, with a status of its own.
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._raw.fileno())
            os.close(nowhere)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)


class VisibleStream(SteadyStream):
    """The same for everybody but our console: nothing passes that steers a terminal, and no secret."""

    def __init__(self, raw: TextIO) -> None:
        super().__init__(raw)
        self._plain = SteadyStream(raw)
        self.rich_proxied_file = self._plain
        """Where a console of rich writes instead (a name of rich's own)."""

    def write(self, text: str) -> int:
        """Write it, made visible."""
        self._plain.write(visible(REVEALED.net(text)))
        self.lost = self._plain.lost
        return len(text)

    def flush(self) -> None:
        """Hand on what waits."""
        self._plain.flush()
        self.lost = self._plain.lost


def reserve() -> None:
    """Take the numbers 0, 1 and 2 where they are free, and give Python streams for them. Nothing else comes before."""
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        try:
            os.fstat(number)
        except OSError:
            with suppress(OSError):
                taken = os.open(os.devnull, os.O_RDWR)
                if taken != number:
                    os.dup2(taken, number)
                    os.close(taken)
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 - to the end


def wrap() -> None:
    """From now on what is printed passes through here."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if not isinstance(stream, SteadyStream):
            setattr(sys, name, cast(TextIO, VisibleStream(stream)))


def lost(stream: TextIO) -> OSError | None:
    """Why a part of what was written could not be shown; None where all of it was, as far as can be seen."""
    with suppress(OSError, ValueError):
        stream.flush()
    inner = getattr(stream, "rich_proxied_file", stream)
    return cast("OSError | None", getattr(inner, "lost", None))
