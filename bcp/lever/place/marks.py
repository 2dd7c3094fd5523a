"""Our parts of a page: what stands between `<!-- bcp:notice -->` and `<!-- /bcp:notice -->`, and so for `number`.

A page is handled as bytes, and our text is written in ASCII with character references, so that every other byte stays
as it was, whatever encoding the page is in. A name may stand in the page more than once: all are filled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape

NAMES = ("notice", "number")
_CODED = "latin-1:"
_MARK = rb"<!--\s*%s\s*-->"
_ANY = re.compile(rb"<!--\s*bcp:((?:[a-z0-9-]+:)?(?:notice|number))\s*-->", re.IGNORECASE)
_BEGIN = re.compile(r"<(?:(!--)|(script|style)\b)?", re.IGNORECASE)
_ENDS = {
    "!--": re.compile("-->"),
    "script": re.compile(r"</script\s*>", re.IGNORECASE),
    "style": re.compile(r"</style\s*>", re.IGNORECASE),
    "": re.compile(">"),
}
"""What ends a comment, a script, a style and any other tag."""


def pair(name: str) -> str:
    """What to put into a page, so that the part can stand there."""
    return f"<!-- bcp:{name} --><!-- /bcp:{name} -->"


def names(page: bytes) -> set[str]:
    """The names of all parts that a page has a first mark for, those of other offices too (`kropka:number`)."""
    return {found[1].decode().lower() for found in _ANY.finditer(page)}


def read(page: bytes, name: str) -> list[bytes]:
    """What stands between each pair of marks, in order; nothing where the page has none."""
    return [page[start:end] for start, end in _between(page, name)]


def write(page: bytes, name: str, inner: Sequence[bytes]) -> bytes:
    """The page with these parts between its marks, one for each pair."""
    pieces, at, parts = list[bytes](), 0, iter(inner)
    for start, end in _between(page, name):
        pieces += [page[at:start], next(parts)]
        at = end
    return b"".join([*pieces, page[at:]])


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
    seen = unescape(" ".join(_outside_tags(text)))
    return "".join(letter for letter in seen.casefold() if letter.isalnum())


def words(html: bytes) -> str:
    """What a reader sees of a piece of HTML, on one line."""
    return " ".join(unescape(" ".join(_outside_tags(decoded(html)))).split())


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


def _between(page: bytes, name: str) -> Iterator[tuple[int, int]]:
    """Where each part begins and ends. A page may hold a hundred thousand marks without their ends: it is read once."""
    ends = _mark(b"/bcp:" + name.encode()).finditer(page)
    end = next(ends, None)
    behind = 0
    for begin in _mark(b"bcp:" + name.encode()).finditer(page):
        while end is not None and end.start() < begin.end():
            end = next(ends, None)
        if end is None:
            return
        if begin.start() >= behind:
            yield begin.end(), end.start()
            behind = end.end()


def _mark(words: bytes) -> re.Pattern[bytes]:
    return re.compile(_MARK % words, re.IGNORECASE)


def _outside_tags(text: str) -> Iterator[str]:
    """What stands outside of tags, comments, scripts and styles; what never ends is looked for once."""
    at, endless = 0, set[str]()
    while begin := _BEGIN.search(text, at):
        end = None
        for kind in ((begin[1] or begin[2] or "").lower(), ""):
            if kind not in endless:
                end = _ENDS[kind].search(text, begin.end() if kind else begin.start() + 1)
                if end is not None:
                    break
                endless.add(kind)
        if end is None:
            break
        yield text[at : begin.start()]
        at = end.end()
    yield text[at:]
