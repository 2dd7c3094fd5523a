"""A secret in all forms in which programs write it down; loaded only where there is a secret."""

from __future__ import annotations

import unicodedata
from base64 import b64encode
from collections.abc import Iterator
from html import escape
from json import dumps
from shlex import quote as in_shell
from urllib.parse import quote, quote_plus

_LONG_ENOUGH = 8
"""So many letters of base64 are no accident."""
_URL_SAFE = str.maketrans("+/", "-_")


def spelled(value: str) -> Iterator[str]:
    """A secret as programs write it: JSON, Python, HTML, a shell, a URL, base64 and hexadecimal numbers."""
    raw = value.encode("utf-8", "surrogatepass")
    yield value
    yield unicodedata.normalize("NFC", value)
    # Some letters have capitals of another length; in all others capitals are found anyway.
    yield value.upper()
    yield dumps(value)[1:-1]
    yield dumps(value, ensure_ascii=False)[1:-1]
    yield from (repr(value)[1:-1], ascii(value)[1:-1], ascii(raw)[2:-1])
    yield from (escape(value), escape(value, quote=False))
    yield in_shell(value).removeprefix("'").removesuffix("'")
    yield from (quote(raw, safe=""), quote(raw), quote_plus(raw))
    if len(raw) > 3:
        yield raw.hex()
        yield from _in_base64(raw)
    yield from (line for line in value.splitlines() if len(line) >= 8)


def _in_base64(raw: bytes) -> Iterator[str]:
    """Alone, and in the midst of a longer text, where its first and last letters depend on what stands beside it."""
    whole = b64encode(raw).decode()
    middles = [b64encode(b"\0" * before + raw).decode() for before in range(3)]
    inside = [each[(0, 2, 3)[before] : (before + len(raw)) * 8 // 6] for before, each in enumerate(middles)]
    for form in (whole, whole.rstrip("="), *(each for each in inside if len(each) >= _LONG_ENOUGH)):
        yield form
        yield form.translate(_URL_SAFE)
