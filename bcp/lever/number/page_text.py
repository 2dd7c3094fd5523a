"""Looks for phone numbers on a web page, in any spelling, wherever a reader or a telephone would find them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import unquote

from bcp.lever.number.phone import spelled
from bcp.markup import harmless

# Tags in the midst of a number are no gap in it; all others are.
_INLINE = frozenset(
    [
        *("a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "em", "font", "i", "ins", "mark", "nobr"),
        *("q", "s", "small", "span", "strong", "sub", "sup", "tt", "u"),
    ]
)
_UNSEEN = frozenset(("style", "template", "noscript"))
_TOLD = ("href", "content", "value", "alt", "title", "placeholder", "aria-label", "data-phone")
_AROUND = 30


class PageText(NamedTuple):
    """What a page says: its text, and what its attributes say, such as `tel:` links."""

    text: str
    attributes: tuple[str, ...]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.told: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN
        self.parts.append("" if tag in _INLINE else "\n")
        self.told.extend(unquote(value) for name, value in attrs if value and name in _TOLD)

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        self.parts.append("" if tag in _INLINE else "\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)


def text_of(page: str) -> PageText:
    """The text of an HTML page; scripts count, for search engines read numbers there, too."""
    reader = _Reader()
    reader.feed(harmless(page.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass"))
    reader.close()
    return PageText("".join(reader.parts), tuple(reader.told))


def find(number: str, text: PageText) -> str:
    """The words around the first place where `number` stands; nothing where it stands nowhere."""
    for each in (text.text, *text.attributes):
        found = spelled(number).search(each)
        if found:
            around = each[max(0, found.start() - _AROUND) : found.end() + _AROUND]
            return " ".join(around.split())
    return ""
