"""What the public page shows of our marks: a mark in the source that an editor has may be nowhere on the page.

A page builder shows a text of its own, a part may be hidden, a cache may be old. Some servers take the comments out of
what they send; then the words before and behind a mark tell whether its place is seen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

from bcp.i18n import _
from bcp.lever.place import marks
from bcp.markup import harmless

_AROUND = 40
"""So many letters before and behind a mark show where it is."""
_ENOUGH = 12
"""So many letters in all are not on a page by chance, one after the other."""
_HERE = "bcpmarkstandshere"
_NEVER_SEEN = re.compile("head|title|template|noscript|textarea|select|iframe|object|dialog")
_VOID = re.compile("area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MARK = re.compile(r"\s*(/?)bcp:([a-z0-9:-]+)\s*", re.IGNORECASE)


def unseen(public: bytes, source: bytes, name: str) -> str:
    """Why a reader of the page `public` does not see the part `name` of `source`: a sentence, or nothing."""
    shown = [part for part in _parts(public) if part.name == name]
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
    return [each for each in found if len(each) >= _ENOUGH]


@dataclass(slots=True)
class _ShownPart:
    """What stands between two marks of a page as readers get it."""

    name: str
    is_hidden: bool
    text: str = ""


def _parts(page: bytes) -> list[_ShownPart]:
    parser = _Parts()
    parser.feed(marks.decoded(harmless(page)))
    parser.close()
    return parser.found


class _Parts(HTMLParser):
    """Reads a page tag by tag, and knows which of them hide what is in them. A mark in a script is none."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[_ShownPart] = []
        self._begun: dict[str, _ShownPart] = {}
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
        at = next((at for at in reversed(range(len(self._open))) if self._open[at][0] == tag), None)
        if at is not None:
            del self._open[at:]

    def handle_data(self, data: str) -> None:
        """What readers see, unless it is a script."""
        if self.cdata_elem is None:
            for part in self._begun.values():
                part.text += data

    def handle_comment(self, data: str) -> None:
        """A mark, perhaps."""
        mark = _MARK.fullmatch(data)
        if mark is None:
            return
        name = mark[2].lower()
        if not mark[1]:
            self._begun.setdefault(name, _ShownPart(name, any(hides for _name, hides in self._open)))
        elif name in self._begun:
            self.found.append(self._begun.pop(name))
