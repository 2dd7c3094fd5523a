"""The text of vCards (RFC 6350, RFC 2426, and the 2.1 that phones still write) as properties, each decoded."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bcp.errors import SourceError
from bcp.table import decode

_LINES = re.compile(r"(?<=\n)(?![ \t])|(?<=\r)(?![\n \t])")
_FOLD = re.compile(r"(?:\r\n|\r|\n)[ \t]")
_SOFT = re.compile(r"=[ \t]*(?:\r\n|\r|\n)")
_BORDER = re.compile(r"\s*(?:BEGIN|END):VCARD", re.I)
_HEAD = re.compile(r'((?:[^":\r\n]++|"[^"\r\n]*+")*+):')
_PARAMETER = re.compile(r'(?:[^";]++|"[^"]*+")++')
_QUOTED_HEAD = re.compile(r"[^:\r\n]*;(?:ENCODING=)?QUOTED-PRINTABLE\b", re.I)
_SEEMS_QUOTED = re.compile(r"(?:[^=]++|=[0-9A-F]{2}|=\s*\Z)*+")
_TEXTS = frozenset({"FN", "N", "ORG", "NICKNAME", "EMAIL", "TEL", "CATEGORIES", "TITLE", "NOTE", "ADR"})
"""The properties that are words, and no file or link that may hold `=` for another reason."""


class Property(NamedTuple):
    """One property of a card: its name without a group, its parameters, its value, and from where to where it is."""

    name: str
    parameters: Mapping[str, list[str]]
    value: str
    at: int
    end: int

    @property
    def types(self) -> frozenset[str]:
        """What it is for: `CELL`, `WORK`, `PREF`."""
        return frozenset(self.parameters.get("TYPE", ()))

    @property
    def rank(self) -> int:
        """1 for what is preferred most, 101 for what nobody ranked (RFC 6350, 5.3; `type=pref` before it)."""
        rank = next(iter(self.parameters.get("PREF", ())), "")
        if rank.isdecimal():
            return int(rank[:3])
        return 1 if "PREF" in self.types or "PREF" in self.parameters else 101


def properties(text: str, encoding: str) -> Iterator[Property]:
    """Each property of a text that was read from bytes in `encoding`."""
    end = 0
    lines = _LINES.split(text)
    number = 0
    while number < len(lines):
        line, start = lines[number], end
        number, end = number + 1, end + len(line)
        pieces = [line]
        is_quoted = _is_quoted(line)
        if is_quoted:
            # Joined once at the end: a value may have a hundred thousand soft line breaks.
            while pieces[-1].rstrip().endswith("=") and number < len(lines):
                if _BORDER.match(lines[number]):
                    break
                pieces.append(lines[number])
                number, end = number + 1, end + len(lines[number])
        joined = "".join(pieces)
        one = _property(_SOFT.sub("", joined) if is_quoted else joined, start, end, encoding)
        if one is not None:
            yield one


def _is_quoted(line: str) -> bool:
    """Whether a value is quoted-printable: its head says so, or one of words looks so and goes on in the next line."""
    if _QUOTED_HEAD.match(line):
        return True
    head, _colon, value = line.partition(":")
    return (
        line.rstrip().endswith("=")
        and _name(head) in _TEXTS
        and "BASE64" not in head.upper()
        and _seems(value)
    )


def _seems(value: str) -> bool:
    return bool(re.search(r"(?:=[0-9A-F]{2}){2}", value)) and bool(_SEEMS_QUOTED.fullmatch(value))


def _name(head: str) -> str:
    return head.partition(";")[0].strip().rpartition(".")[2].upper()


def _property(whole: str, start: int, end: int, encoding: str) -> Property | None:
    line = _FOLD.sub("", whole).strip("\r\n")
    found = _HEAD.match(line)
    head, colon, value = (found[1], ":", line[found.end() :]) if found else line.partition(":")
    if not colon:
        return None
    _first, *said = _PARAMETER.findall(head) or [""]
    parameters: dict[str, list[str]] = {}
    for parameter in said:
        key, equals, values = parameter.partition("=")
        key = key.strip().upper()
        if not equals:
            key, values = _bare(key)
        parameters.setdefault(key, []).extend(each.strip(' "').upper() for each in values.split(","))
    name = _name(head)
    return Property(name, parameters, _decoded(name, parameters, value, encoding), start, end)


def _bare(word: str) -> tuple[str, str]:
    """The parameter that a lone word of a vCard 2.1 stands for."""
    return ("ENCODING" if word in ("QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT") else "TYPE", word)


def _decoded(name: str, parameters: Mapping[str, list[str]], value: str, encoding: str) -> str:
    coding = next(iter(parameters.get("ENCODING", ())), "")
    charset = next(iter(parameters.get("CHARSET", ())), "")
    is_words = name in _TEXTS
    seems_quoted = _seems(value) or (charset and "=" in value and _SEEMS_QUOTED.fullmatch(value))
    if coding == "QUOTED-PRINTABLE" or (not coding and is_words and seems_quoted):
        return _as_text(quopri.decodestring(value.encode("utf-8")), charset)
    if coding in ("B", "BASE64") and is_words:
        try:
            return _as_text(base64.b64decode(re.sub(r"\s", "", value)), charset)
        except binascii.Error:
            return value
    return _as_charset(value, charset, encoding)


def _as_text(raw: bytes, charset: str) -> str:
    """The words in these bytes: as their own parameter says, else as UTF-8, else as a file of their bytes is read."""
    for candidate in filter(None, (charset, "utf-8")):
        try:
            return raw.decode(candidate)
        except (LookupError, UnicodeDecodeError):
            continue
    try:
        return decode(raw, "").text
    except SourceError:
        return raw.decode("utf-8", "replace")


def _as_charset(value: str, charset: str, encoding: str) -> str:
    """A value that says its own encoding, in a file that was read in another one of a byte a letter."""
    if not charset or value.isascii() or encoding.lower().startswith("utf"):
        return value
    try:
        return value.encode(encoding).decode(charset)
    except (LookupError, UnicodeError):
        return value
