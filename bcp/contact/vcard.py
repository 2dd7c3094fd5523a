"""vCards (RFC 6350, RFC 2426, and the 2.1 that phones still write) as rows of a contact file."""

from __future__ import annotations

import quopri
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from bcp.errors import SourceError
from bcp.table import MOST_BYTES, Cell, Table, decode, read_bytes, refused

_FOLD = re.compile(r"\r?\n[ \t]")
_ESCAPE = re.compile(r"\\([\\,;nN:])")


class _Property(NamedTuple):
    name: str
    types: frozenset[str]
    value: str
    at: int


class Cards(NamedTuple):
    """A file of vCards: as a table, which knows places; and a row a card, its cells by our columns."""

    table: Table
    rows: list[dict[str, Cell]]


def read_cards(path: Path, shown: str) -> Cards:
    """The cards of a file. Raises SourceError for what is no vCard."""
    raw = read_bytes(path, shown)
    if len(raw) > MOST_BYTES:
        words = "this file is larger than 10 MB, which is no list of contacts"
        raise refused(shown, words, "export the cards without their photos")
    text, encoding = decode(raw, shown)
    table = Table(shown, text, ",", encoding, [], [])
    rows = [_row(card) for card in _cards(table)]
    if not rows:
        raise refused(shown, "this file holds no vCard", "a card begins with BEGIN:VCARD")
    return Cards(table, rows)


def _cards(table: Table) -> Iterator[list[_Property]]:
    card: list[_Property] | None = None
    for one in _properties(table.text):
        if one.name == "BEGIN" and one.value.upper() == "VCARD":
            card = [one]
        elif one.name == "END" and card is not None:
            yield card
            card = None
        elif card is not None:
            card.append(one)
    if card is not None:
        raise SourceError([table.mistake(card[0].at, "this vCard never ends", "END:VCARD is missing")])


def _properties(text: str) -> Iterator[_Property]:
    at = 0
    lines = iter(re.split(r"(?<=\n)(?![ \t])", text))
    for line in lines:
        start, at = at, at + len(line)
        whole = line
        if re.search(r"ENCODING=QUOTED-PRINTABLE", line, re.I):
            while whole.rstrip("\r\n").endswith("="):
                more = next(lines, "")
                at += len(more)
                whole = whole.rstrip("\r\n")[:-1] + more
                if not more:
                    break
        head, colon, value = _FOLD.sub("", whole).strip("\r\n").partition(":")
        if not colon:
            continue
        name, *parameters = head.split(";")
        upper = [parameter.upper() for parameter in parameters]
        if "ENCODING=QUOTED-PRINTABLE" in upper:
            value = quopri.decodestring(value.encode()).decode("utf-8", "replace")
        types = re.findall(r"[A-Z]+", " ".join(p.removeprefix("TYPE=") for p in upper))
        yield _Property(name.rpartition(".")[2].upper(), frozenset(types), value, start)


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
