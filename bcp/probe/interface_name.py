"""Whether two spellings name one network interface, as this system treats them."""

from __future__ import annotations

import sys
import unicodedata


def same_name(one: str, other: str) -> bool:
    """Whether they are one name: an accent may be a letter of its own or not; capitals count where they do here.

    Windows takes `ethernet` for `Ethernet`; on Linux and macOS these are two.
    """
    return one == other or _plain(one) == _plain(other)


def _plain(name: str) -> str:
    composed = unicodedata.normalize("NFC", name)
    # Letter by letter, as Windows does it: no letter becomes two.
    return "".join(map(_capital, composed)) if sys.platform == "win32" else composed


def _capital(letter: str) -> str:
    return upper if len(upper := letter.upper()) == 1 else letter
