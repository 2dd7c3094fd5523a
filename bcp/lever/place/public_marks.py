"""What the public page shows of our marks: a mark in the source that an editor has may be nowhere on the page.

A page builder shows a text of its own, a part may be hidden, a cache may be old. Some servers take the comments out of
what they send; then the words before and behind a mark tell whether its place is seen.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

from bcp.i18n import _
from bcp.lever.place import marks
from bcp.markup import ended

_AROUND = 40
"""So many letters before and behind a mark show where it is."""
_PAIRS = 20
"""So many pairs of marks are looked for at most."""
_ENOUGH = 12
"""So many letters in all are not on a page by chance, one after the other."""
_HERE = "bcpmarkstandshere"
_NEVER_SEEN = re.compile("head|title|template|noscript|textarea|select|iframe|object|dialog")
_VOID = re.compile("area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MARK = re.compile(r"\s*(/?)bcp:([a-z0-9:-]+)\s*", re.IGNORECASE)


def unseen(public: bytes, source: bytes, name: str) -> str:
    """Why a reader of the page `public` does not see the part `name` of `source`: a sentence, or nothing."""
    shown = _parts(public, name)
    if not shown:
        letters = marks.plain(public)
        if any(around in letters for around in _surroundings(source, name)):
            return ""
        return _(
            "the mark for the {name} is in the page as it is edited, and not in what the public gets: a page builder "
            "may show a text of its own, or a cache an old page"
        )
    inner = {marks.plain(part) for part in marks.read(source, name)}
    if not {marks.plain(escape(part.text)) for part in shown} <= inner:
        return _("the public sees another text than the page has between the marks of the {name}")
    if all(part.is_hidden for part in shown):
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
    return [each for each in found[:_PAIRS] if len(each) >= _ENOUGH]


@dataclass(slots=True)
class _ShownPart:
    """What stands between two marks of a page as readers get it."""

    is_hidden: bool
    text: str = ""


def _parts(page: bytes, name: str) -> list[_ShownPart]:
    parser = _Parts(name)
    parser.feed(marks.decoded(ended(page)))
    parser.close()
    return parser.found


class _Parts(HTMLParser):
    """Reads a page tag by tag, and knows which of them hide what is in them. A mark in a script is none.

    However a page is built, each of its tags costs the same.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.found: list[_ShownPart] = []
        self._name = name
        self._said: list[str] = []
        self._begun: _ShownPart | None = None
        self._open: list[tuple[str, bool]] = []
        self._names: Counter[str] = Counter()
        self._hiding = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a tag."""
        if tag == "body":  # it ends a head that nobody ended
            self._close(0)
        if not _VOID.fullmatch(tag):
            told = dict(attrs)
            hides = "hidden" in told or bool(_HIDDEN.search(told.get("style") or ""))
            hides = hides or bool(_NEVER_SEEN.fullmatch(tag))
            self._open.append((tag, hides))
            self._names[tag] += 1
            self._hiding += hides

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that holds nothing."""

    def handle_endtag(self, tag: str) -> None:
        """Close it, and what was left open in it."""
        if self._names[tag]:
            self._close(next(at for at in reversed(range(len(self._open))) if self._open[at][0] == tag))

    def _close(self, down_to: int) -> None:
        while len(self._open) > down_to:
            tag, hides = self._open.pop()
            self._names[tag] -= 1
            self._hiding -= hides

    def handle_data(self, data: str) -> None:
        """What readers see, unless it is a script."""
        if self._begun is not None and self.cdata_elem is None:
            self._said.append(data)

    def handle_comment(self, data: str) -> None:
        """A mark, perhaps."""
        mark = _MARK.fullmatch(data)
        if mark is None or mark[2].lower() != self._name:
            return
        if not mark[1] and self._begun is None:
            self._begun = _ShownPart(bool(self._hiding))
            self._said.clear()
        elif mark[1] and self._begun is not None:
            self._begun.text = "".join(self._said)
            self.found.append(self._begun)
            self._begun = None
