"""The headers of a stranger's mail as text, however broken: raw bytes, words cut in two, encodings that nobody names.

The reader of the standard library is not used: what spam and old servers write there makes it fail, or lose letters.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator, Mapping
from email.utils import getaddresses

LONGEST = 256 * 1024
"""Bytes of headers; a mail with more is not read."""
MOST_LINES = 2000
_LONGEST_VALUE = 64 * 1024
"""Bytes of one header that are read: a list of 1,000 ids of earlier mails fits."""
_LONGEST_SHOWN = 2000
_SHOWN = 200
_END = re.compile(rb"\r?\n\r?\n|\r\r")
_NAME = re.compile(rb"[!-9;-~]{1,100}")
_WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]{0,2000})(?:\?=|\Z)")

_LETTERS: Mapping[str, str] = {
    "PL": "ąćęłńóśźż",
    "CZ": "áčďéěíňóřšťúůýž",
    "SK": "áäčďéíĺľňóôŕšťúýž",
    "DE": "äöüß",
    "GR": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",
}
_SAME_LETTERS = {"AT": "DE", "CH": "DE", "CY": "GR"}
_PAGES: Mapping[str, tuple[str, ...]] = {
    "PL": ("cp1250", "iso8859_2"),
    "CZ": ("cp1250", "iso8859_2"),
    "SK": ("cp1250", "iso8859_2"),
    "DE": ("cp1252",),
    "GR": ("cp1253", "iso8859_7"),
}
"""The code pages in which each country's programs wrote; by Windows more often than not."""
_MIXED = re.compile(r"[a-zA-Z][\u0370-\u03ff]|[\u0370-\u03ff][a-zA-Z]")
_ANGLE = re.compile(r"<\s*([^<>@\s]{1,100}@[^<>@\s]{1,255})\s*>")
_SIGNS = "„”“‚’‘–—…«»°§€ \u00a0"


class Headers:
    """Everything before the first empty line; `country` is the office's, for bytes whose encoding nobody names."""

    def __init__(self, raw: bytes, country: str = "") -> None:
        """`raw` may be a whole mail, or its beginning."""
        end = _END.search(raw)
        self.length = end.end() if end else len(raw)
        head = raw[: end.start() if end else len(raw)]
        self.too_much = len(head) > LONGEST or head.count(b"\n") > MOST_LINES
        self._country, self._charset = country, ""
        self._values = list(_unfolded(head[:LONGEST]))
        self._charset = _declared(self.raw("Content-Type"))

    def all(self, name: str) -> list[bytes]:
        """The values of a header as they came."""
        wanted = name.lower().encode()
        return [value for key, value in self._values if key == wanted]

    def raw(self, name: str) -> str:
        """The first header of that name as text, encoded words as they are; nothing where there is none."""
        return next((self._text(value[:_LONGEST_VALUE]) for value in self.all(name)), "")

    def has(self, *names: str) -> bool:
        """Whether there is a header of one of these names."""
        return any(self.all(name) for name in names)

    def names(self) -> set[str]:
        """The names that there are, in small letters."""
        return {key.decode("ascii", "replace") for key, _value in self._values}

    def shown(self, name: str) -> str:
        """A header as people read it, in one line that can be kept and shown."""
        return line(unworded(self.raw(name)[:_LONGEST_SHOWN], self._country))

    def address(self, name: str = "From") -> str:
        """The address in a header, or nothing where there is none; of several the first."""
        found = self._mailboxes(name)
        return found[0][1] if found else ""

    def only_address(self, name: str = "From") -> str:
        """The address in a header, or nothing where there is none or there are several."""
        found = self._mailboxes(name)
        return found[0][1] if len(found) == 1 and len(self.all(name)) == 1 else ""

    def person(self, name: str = "From") -> str:
        """The name that stands beside the address."""
        found = self._mailboxes(name)
        return line(unworded(found[0][0], self._country)) if found else ""

    def _mailboxes(self, name: str) -> list[tuple[str, str]]:
        """Names and addresses; they are taken apart before words are decoded, which could hold another address."""
        value = line(self.raw(name)[:_LONGEST_SHOWN], _LONGEST_SHOWN)
        try:
            found = [(who, line(address)) for who, address in getaddresses([value]) if "@" in address]
        except Exception:  # noqa: BLE001 - a stranger wrote it, and the library fails in many ways
            found = []
        # Such as `Nowak, Jan <jan@example.com>`, whose name lacks its quotation marks.
        return found or [(value[: one.start()].strip(' "'), one[1]) for one in _ANGLE.finditer(value)]

    def _text(self, raw: bytes) -> str:
        return text_of(raw, self._charset, self._country)


def _unfolded(head: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each name in small letters, and its value with the lines that belong to it; what is no header is left out."""
    name, parts = b"", list[bytes]()
    for each in re.split(rb"\r?\n|\r", head):
        if each[:1] in (b" ", b"\t"):
            parts.append(b" " + each.strip())
            continue
        if name:
            yield name, b"".join(parts)
        before, colon, value = each.partition(b":")
        name = before.rstrip().lower() if colon and _NAME.fullmatch(before.rstrip()) else b""
        parts = [value.strip()]
    if name:
        yield name, b"".join(parts)


def _declared(content_type: str) -> str:
    found = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", content_type, re.I)
    return found[1] if found else ""


def text_of(raw: bytes, charset: str = "", country: str = "") -> str:
    """Bytes as text: UTF-8, else the encoding that the mail declares, else the code page that fits best.

    A code page fits as far as it makes letters of a language of ours of the bytes; the office's country comes first.
    """
    if raw.isascii():
        return raw.decode("ascii")
    for encoding in ("utf-8", charset):
        try:
            if encoding and not _is_wide(encoding):
                return raw.decode(encoding)
        except (LookupError, ValueError):
            continue
    own = _SAME_LETTERS.get(country, country)
    best, text = float("-inf"), raw.decode("utf-8", "replace")
    for there in sorted(_PAGES, key=lambda each: each != own):
        for page in _PAGES[there]:
            try:
                found = raw.decode(page)
            except ValueError:
                continue
            fit = _fit(found, _LETTERS[there])
            if fit > best:
                best, text = fit, found
    return text


def _is_wide(encoding: str) -> bool:
    return encoding.lower().startswith(("utf-16", "utf-32", "utf16", "utf32", "us-ascii", "ascii"))


def _fit(text: str, letters: str) -> int:
    strange = [letter for letter in text if not letter.isascii() and letter not in _SIGNS]
    # No word is Greek and Latin: where it seems so, it is neither.
    mixed = len(_MIXED.findall(text))
    return sum(1 if letter.lower() in letters else -1 for letter in strange) - 2 * mixed


def unworded(value: str, country: str = "") -> str:
    """A header with its encoded words (RFC 2047) as people read them, also broken ones.

    Known to be broken: a letter that is cut in two between two words, blanks inside, no padding, no end, a charset that
    nobody has, and a word right beside plain text. What cannot be decoded stays as it is written.
    """
    pieces: list[tuple[str, bytes]] = []  # the charset and bytes; plain text as UTF-8
    last = 0
    for found in _WORD.finditer(value):
        between, last = value[last : found.start()], found.end()
        content = _unpacked(found[2], found[3])
        if content is None:
            pieces.append(("", f"{between}{found[0]}".encode("utf-8", "replace")))
            continue
        charset = found[1].lower()
        if pieces and pieces[-1][0] and not between.strip():
            if pieces[-1][0] == charset:
                pieces[-1] = (charset, pieces[-1][1] + content)
                continue
        elif between:
            pieces.append(("", between.encode("utf-8", "replace")))
        pieces.append((charset, content))
    pieces.append(("", value[last:].encode("utf-8", "replace")))
    return "".join(_word_text(content, charset, country) for charset, content in pieces)


def _unpacked(way: str, text: str) -> bytes | None:
    if way in "qQ":
        return quopri.decodestring(text.replace("_", " ").encode("utf-8", "replace"), header=False)
    letters = re.sub(r"[^A-Za-z0-9+/]", "", text)
    try:
        return base64.b64decode(letters + "=" * (-len(letters) % 4))
    except (binascii.Error, ValueError):
        return None


def _word_text(content: bytes, charset: str, country: str) -> str:
    if not charset:
        return content.decode("utf-8", "replace")
    try:
        return content.decode(charset)
    except (LookupError, ValueError):
        return text_of(content, "", country)


def line(value: str, most: int = _SHOWN) -> str:
    """One line that can be kept."""
    return " ".join(value.replace("\0", " ").encode(errors="replace").decode().split())[:most]
