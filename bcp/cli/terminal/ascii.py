"""What is printed where only some characters can be: a terminal or a file of an old code page, as Windows has them."""

from __future__ import annotations

import codecs
import sys
import unicodedata
from io import TextIOWrapper

_NAME = "bcp.plain"
_PLAIN = {
    "✔": "+",
    "✘": "x",
    "▶": ">",
    "▷": ">",
    "→": "->",
    "–": "-",
    "─": "-",
    "…": "...",
    "·": "-",
    "•": "-",
    "“": '"',
    "”": '"',
    "„": '"',
    "’": "'",
    "›": ">",
    "█": "#",
    "░": "-",
    "▂": "_",
    "ł": "l",
    "Ł": "L",
    "ø": "o",
    "ß": "ss",
}


def print_anything() -> None:
    """From now on nothing stops what is printed: a character that cannot be shown becomes the nearest that can."""
    from bcp.cli.terminal.streams import reserve, wrap

    reserve()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=_NAME)
    wrap()


def nearest(text: str, encoding: str) -> str:
    """`text` as it reaches a stream of that encoding: for what has to be measured first."""
    return text.encode(encoding, _NAME).decode(encoding)


def _nearest(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


def _plain(letter: str) -> str:
    """`letter` in ASCII: its stand-in, or without its accents; a question mark where there is neither."""
    bare = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
    return _PLAIN.get(letter) or bare or "?"


codecs.register_error(_NAME, _nearest)
