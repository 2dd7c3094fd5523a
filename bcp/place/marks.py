"""Our parts of a page: what stands between `<!-- bcp:notice -->` and `<!-- /bcp:notice -->`, and so for `number`.

A page is handled as bytes, and our text is written in ASCII with character references, so that every other byte stays
as it was, whatever encoding the page is in. A name may stand in the page more than once: all are filled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import unescape

NAMES = ("notice", "number")
_CODED = "latin-1:"
_PATTERN = rb"(<!--\s*bcp:%s\s*-->)(.*?)(<!--\s*/bcp:%s\s*-->)"
_LEFT_OUT = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE)


def pair(name: str) -> str:
    """What to put into a page, so that the part can stand there."""
    return f"<!-- bcp:{name} --><!-- /bcp:{name} -->"


def read(page: bytes, name: str) -> list[bytes]:
    """What stands between each pair of marks, in order; nothing where the page has none."""
    return [found[2] for found in _pattern(name).finditer(page)]


def write(page: bytes, name: str, inner: Sequence[bytes]) -> bytes:
    """The page with these parts between its marks, one for each pair."""
    parts = iter(inner)
    return _pattern(name).sub(lambda found: found[1] + next(parts) + found[3], page)


def write_all(page: bytes, parts: Mapping[str, Sequence[bytes]]) -> bytes:
    """The page with all these parts."""
    for name, inner in parts.items():
        page = write(page, name, inner)
    return page


def ascii_html(html: str) -> bytes:
    """HTML in ASCII, every other letter as a character reference."""
    return html.encode("ascii", "xmlcharrefreplace")


def plain(html: str | bytes) -> str:
    """The letters and digits that a reader sees, and nothing else: two pages that say the same are the same here."""
    text = decoded(html) if isinstance(html, bytes) else html
    seen = unescape(_LEFT_OUT.sub(" ", text))
    return "".join(letter for letter in seen.casefold() if letter.isalnum())


def decoded(page: bytes) -> str:
    """The page as text, to be shown or searched; never to be written back."""
    try:
        return page.decode()
    except UnicodeDecodeError:
        return page.decode("latin-1")


def kept(part: bytes) -> str:
    """Bytes as text for the journal, from which `given` makes the same bytes again."""
    try:
        text = part.decode()
    except UnicodeDecodeError:
        text = _CODED
    # A text that begins like a coded one is coded, too: what comes back must be the very bytes.
    return _CODED + part.decode("latin-1") if text.startswith(_CODED) else text


def given(text: str) -> bytes:
    """The bytes that `kept` was given."""
    coded = text.startswith(_CODED)
    return text.removeprefix(_CODED).encode("latin-1") if coded else text.encode()


def _pattern(name: str) -> re.Pattern[bytes]:
    return re.compile(_PATTERN % (name.encode(), name.encode()), re.DOTALL | re.IGNORECASE)
