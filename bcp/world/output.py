"""What a program prints: its first and its last part, and nothing in between however much it is."""

from __future__ import annotations

import os
from typing import IO

from bcp.printed import printed

_KEPT = 16 * 1024
_CHUNK = 4096


class KeptOutput:
    """The first and the last 16 KiB of an output."""

    def __init__(self) -> None:
        self._head = b""
        self._tail = b""
        self._lost = 0

    def read(self, pipe: IO[bytes]) -> None:
        """Read to the end."""
        while chunk := os.read(pipe.fileno(), _CHUNK):
            room = _KEPT - len(self._head)
            self._head += chunk[:room]
            tail = self._tail + chunk[room:] if room < len(chunk) else self._tail
            self._lost += max(0, len(tail) - _KEPT)
            self._tail = tail[-_KEPT:]

    def text(self) -> str:
        """What was kept as text, without what would move a cursor, and how much was left out."""
        if self._lost:
            text = printed(self._head, self._tail, gap=f"\n[… {self._lost} bytes left out …]\n")
        else:
            text = printed(self._head + self._tail)
        return "".join(letter for letter in text if letter in "\n\t" or letter.isprintable())
