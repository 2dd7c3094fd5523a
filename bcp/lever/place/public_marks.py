"""What the public page shows of our marks: a mark in the source that an editor has may be nowhere on the page.

A page builder shows a text of its own, a part may be hidden, a cache may be old. Some servers take the comments out of
what they send; then the words before and behind a mark tell whether its place is seen.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from bcp.i18n import _
from bcp.lever.place import marks
from bcp.markup import harmless

_AROUND = 40
"""So many letters before and behind a mark show where it is."""
_HERE = "bcpmarkstandshere"
_NEVER_SEEN = re.compile("head|title|template|noscript|textarea|select|iframe|object|dialog")
_VOID = re.compile("area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BEGIN = re.compile(r"\s*bcp:([a-z0-9:-]+)\s*", re.IGNORECASE)


def unseen(public: bytes, source: bytes, name: str) -> str:
    """Why a reader of the page `public` does not see the part `name` of `source`: a sentence, or nothing."""
    inner = {marks.plain(part) for part in marks.read(source, name)}
    shown = marks.read(public, name)
    if not shown:
        letters = marks.plain(public)
        if any(around in letters for around in _surroundings(source, name)):
            return ""
        return _(
            "the mark for the {name} is in the page as it is edited, and not in what the public gets: a page builder "
            "may show a text of its own, or a cache an old page"
        )
    if not {marks.plain(part) for part in shown} <= inner:
        return _("the public sees another text than the page has between the marks of the {name}")
    if name not in _visible(public):
        return _("the mark for the {name} is in a part of the page that readers do not see")
    return ""


def _surroundings(source: bytes, name: str) -> list[str]:
    """For each pair of marks the letters before it, in it and behind it, where there are enough of them to be sure."""
    inner = [marks.plain(part) for part in marks.read(source, name)]
    pieces = marks.plain(marks.write(source, name, [_HERE.encode()] * len(inner))).split(_HERE)
    found = [
        before[-_AROUND:] + part + behind[:_AROUND]
        for before, part, behind in zip(pieces, inner, pieces[1:], strict=False)
    ]
    return [each for each in found if len(each) >= _AROUND]


def _visible(page: bytes) -> set[str]:
    """The names of the marks that stand where a reader sees what is between them."""
    parser = _Visible()
    parser.feed(marks.decoded(harmless(page)))
    parser.close()
    return parser.found


class _Visible(HTMLParser):
    """Reads a page tag by tag, and knows which of them hide what is in them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a tag."""
        if tag == "body":  # it ends a head that nobody ended
            self._open.clear()
        if not _VOID.fullmatch(tag):
            told = dict(attrs)
            hides = "hidden" in told or bool(_HIDDEN.search(told.get("style") or ""))
            self._open.append((tag, hides or bool(_NEVER_SEEN.fullmatch(tag))))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that holds nothing."""

    def handle_endtag(self, tag: str) -> None:
        """Close it, and what was left open in it."""
        names = [name for name, _hides in self._open]
        if tag in names:
            del self._open[len(names) - 1 - names[::-1].index(tag) :]

    def handle_comment(self, data: str) -> None:
        """A mark."""
        mark = _BEGIN.fullmatch(data)
        if mark and not any(hides for _name, hides in self._open):
            self.found.add(mark[1].lower())
