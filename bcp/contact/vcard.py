"""vCards (RFC 6350, RFC 2426, and the 2.1 that phones still write) as rows of a contact file."""

from __future__ import annotations

import quopri
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from bcp.errors import Mistake
from bcp.table import MOST_BYTES, Cell, Table, decode, read_bytes, refused

_FOLD = re.compile(r"\r?\n[ \t]")
_QUOTED = re.compile(r"ENCODING=QUOTED-PRINTABLE", re.I)
_BORDER = re.compile(r"(?:BEGIN|END):VCARD", re.I)
_ESCAPE = re.compile(r"\\([\\,;nN:])")


class _Property(NamedTuple):
    name: str
    types: frozenset[str]
    value: str
    at: int
    end: int


class Cards(NamedTuple):
    """A file of vCards: as a table, which knows places; a row a card, its cells by our columns; and what is wrong.

    `spans` are the places where each card begins and ends in the text.
    """

    table: Table
    rows: list[dict[str, Cell]]
    spans: list[tuple[int, int]]
    mistakes: list[Mistake]


def read_cards(path: Path, shown: str) -> Cards:
    """The cards of a file; one that never ends is left out and said. Raises SourceError for what is no vCard."""
    return parse_cards(read_bytes(path, shown), shown)


def parse_cards(raw: bytes, shown: str) -> Cards:
    """The cards in these bytes, as `read_cards` says."""
    if len(raw) > MOST_BYTES:
        words = "this file is larger than 10 MB, which is no list of contacts"
        raise refused(shown, words, "export the cards without their photos")
    text, encoding = decode(raw, shown)
    cards = Cards(Table(shown, text, ",", encoding, [], []), [], [], [])
    _read_into(cards)
    if not cards.rows and not cards.mistakes:
        raise refused(shown, "this file holds no vCard", "a card begins with BEGIN:VCARD")
    return cards


def _read_into(cards: Cards) -> None:
    """A card is whole from its BEGIN to its END; where another one begins before, nobody knows what it lost."""
    card: list[_Property] = []

    def never_ends() -> None:
        hint = "it is left out until END:VCARD stands at its end"
        cards.mistakes.append(cards.table.mistake(card[0].at, "this vCard never ends", hint))

    for one in _properties(cards.table.text):
        if one.name == "BEGIN" and one.value.strip().upper() == "VCARD":
            if card:
                never_ends()
            card = [one]
        elif one.name == "END" and card:
            cards.rows.append(_row(card))
            cards.spans.append((card[0].at, one.end))
            card = []
        elif card:
            card.append(one)
    if card:
        never_ends()


def _properties(text: str) -> Iterator[_Property]:
    end = 0
    lines = re.split(r"(?<=\n)(?![ \t])", text)
    number = 0
    while number < len(lines):
        line, start = lines[number], end
        number, end = number + 1, end + len(line)
        pieces = [line]
        if _QUOTED.search(line):
            # Joined once at the end: a value may have a hundred thousand soft line breaks.
            while pieces[-1].rstrip("\r\n").endswith("=") and number < len(lines):
                if _BORDER.match(lines[number]):
                    break
                pieces[-1] = pieces[-1].rstrip("\r\n")[:-1]
                pieces.append(lines[number])
                number, end = number + 1, end + len(lines[number])
        one = _property("".join(pieces), start, end)
        if one is not None:
            yield one


def _property(whole: str, start: int, end: int) -> _Property | None:
    head, colon, value = _FOLD.sub("", whole).strip("\r\n").partition(":")
    if not colon:
        return None
    name, *parameters = head.split(";")
    upper = [parameter.upper() for parameter in parameters]
    if "ENCODING=QUOTED-PRINTABLE" in upper:
        value = quopri.decodestring(value.encode()).decode("utf-8", "replace")
    types = re.findall(r"[A-Z]+", " ".join(p.removeprefix("TYPE=") for p in upper))
    return _Property(name.strip().rpartition(".")[2].upper(), frozenset(types), value, start, end)


def _row(card: list[_Property]) -> dict[str, Cell]:
    """The first of each kind counts: phones put the main entry first."""
    row: dict[str, Cell] = {}
    for one in card:
        column, read = _column(one)
        text = read(one.value)
        if column and text and column not in row:
            row[column] = Cell(text, one.at)
    person = row.get("person")
    if "name" not in row and person:
        row["name"] = person
    return row or {"name": Cell("", card[0].at)}


def _plain(value: str) -> str:
    return _ESCAPE.sub(lambda found: " " if found[1] in "nN" else found[1], value).strip()


def _first(value: str) -> str:
    return _plain(re.split(r"(?<!\\);", value)[0])


def _number(value: str) -> str:
    return _plain(value).removeprefix("tel:")


_COLUMNS: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "FN": ("person", _plain),
    "ORG": ("name", _first),
    "EMAIL": ("email", _plain),
    "TEL": ("phone", _number),
    "LANG": ("language", _plain),
    "CATEGORIES": ("groups", _plain),
}


def _column(one: _Property) -> tuple[str, Callable[[str], str]]:
    if one.name == "TEL" and "CELL" in one.types:
        return "mobile", _number
    if one.name == "TEL" and "FAX" in one.types:
        return "", _plain
    return _COLUMNS.get(one.name, ("", _plain))
