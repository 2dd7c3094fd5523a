"""What a program prints: its first and its last part, and nothing in between however much it is."""

from __future__ import annotations

import os
from typing import IO

from bcp.mask import KNOWN
from bcp.printed import printed_parts

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
        """What was kept as text, without what would move a cursor and without secrets; how much was left out."""
        if not self._lost:
            return KNOWN.without_secrets(_plain(printed_parts(self._head + self._tail)[0]))
        head, tail = map(_plain, printed_parts(self._head, self._tail))
        head = KNOWN.without_secrets(head, cut_behind=True)
        tail = KNOWN.without_secrets(tail, cut_before=True)
        return f"{head}\n[… {self._lost} bytes left out …]\n{tail}"


def _plain(text: str) -> str:
    return "".join(letter for letter in text if letter in "\n\t" or letter.isprintable())
