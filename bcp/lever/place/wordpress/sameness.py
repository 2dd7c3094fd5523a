"""Whether what WordPress keeps is what was sent to it, but for how it writes its tags; and what it threw away.

For an account without the right `unfiltered_html` WordPress sends all that it saves through `wp_kses_post()`, which
takes out scripts, forms and frames. It also writes tags anew (`<br/>` as `<br />`, `a=b` as `a="b"`, a style without
its last semicolon), and some versions add `rel="noopener"` to links and write emoji as references: that harms nobody.
"""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

from bcp.markup import ended

_RELATIONS = frozenset({"noopener", "noreferrer"})
_EMOJI = re.compile(r"&#x(1f[0-9a-f]{3}|2[0-9a-f]{3}|fe0f|200d);", re.IGNORECASE)


def same(was: bytes, now: bytes) -> bool:
    """Whether both show the same page, tag for tag and letter for letter."""
    return was == now or _pieces(was) == _pieces(now)


def lost(was: bytes, now: bytes) -> list[str]:
    """The tags of `was` that `now` lacks, as `<iframe>`, each once, in their order; nothing where none is gone."""
    gone = Counter(_tags(was)) - Counter(_tags(now))
    return [f"<{name}>" for name in gone]


class _Pieces(HTMLParser):
    """Takes HTML apart; texts and comments stay as they are written."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[tuple[str, ...]] = []
        self._said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = (f"{name}={_value(name, value or '')}" for name, value in attrs if _is_kept(name, value))
        self._add("tag", tag, *kept)

    def handle_endtag(self, tag: str) -> None:
        self._add("end", tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        self._said.append(data)

    def handle_entityref(self, name: str) -> None:
        self._said.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._said.append(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self._add("comment", data)

    def handle_decl(self, decl: str) -> None:
        self._add("declaration", decl)

    def unknown_decl(self, data: str) -> None:
        self._add("declaration", data)

    def handle_pi(self, data: str) -> None:
        self._add("instruction", data)

    def close(self) -> None:
        super().close()
        self._add()

    def _add(self, *piece: str) -> None:
        if self._said:
            self.found.append(("text", "".join(self._said)))
            self._said.clear()
        if piece:
            self.found.append(piece)


def _pieces(page: bytes) -> list[tuple[str, ...]]:
    text = ended(page).decode("utf-8", "surrogateescape").replace("\r\n", "\n")
    parser = _Pieces()
    parser.feed(_EMOJI.sub(lambda found: chr(int(found[1], 16)), text))
    parser.close()
    return parser.found


def _tags(page: bytes) -> list[str]:
    return [piece[1] for piece in _pieces(page) if piece[0] == "tag"]


def _is_kept(name: str, value: str | None) -> bool:
    return name != "rel" or bool(set((value or "").split()) - _RELATIONS)


def _value(name: str, value: str) -> str:
    if name == "rel":
        return " ".join(each for each in value.split() if each not in _RELATIONS)
    if name == "style":
        return ";".join(each.strip() for each in value.split(";") if each.strip())
    return value
