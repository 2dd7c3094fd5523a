"""What a program prints: its first and its last part, and nothing in between however much it is."""

from __future__ import annotations

import os
from typing import IO

from bcp.mask import KNOWN
from bcp.printed import printed_parts, without_controls

_SHORT = 16 * 1024
_LONG = 512 * 1024
_CHUNK = 64 * 1024


class KeptOutput:
    """The first and the last part of an output: 16 KiB each of it as evidence, 512 KiB each for whoever reads it."""

    def __init__(self) -> None:
        self._head = b""
        self._tail = bytearray()
        self._size = 0

    def read(self, pipe: IO[bytes]) -> None:
        """Read to the end."""
        while chunk := os.read(pipe.fileno(), _CHUNK):
            room = _LONG - len(self._head)
            self._head += chunk[:room]
            self._tail += chunk[room:]
            self._size += len(chunk)
            if len(self._tail) > 2 * _LONG:
                del self._tail[:-_LONG]

    def text(self) -> str:
        """What is evidence of it."""
        return self._kept(_SHORT)

    def whole(self) -> str:
        """All of it, as far as it was kept; nothing where that is no more than what is evidence of it."""
        return self._kept(_LONG) if self._size > 2 * _SHORT else ""

    def _kept(self, room: int) -> str:
        """Its first and last part as text: how much was left out, no sequence for a terminal, and no secret."""
        # What a program left running in the background may still print.
        head, tail, size = self._head, bytes(self._tail), self._size
        if size <= 2 * room:
            return KNOWN.without_secrets(without_controls(printed_parts(head + tail)[0]))
        first, last = map(without_controls, printed_parts(head[:room], (head + tail)[-room:]))
        first = KNOWN.without_secrets(first, cut_behind=True)
        last = KNOWN.without_secrets(last, cut_before=True)
        return f"{first}\n[… {size - 2 * room} bytes left out …]\n{last}"
