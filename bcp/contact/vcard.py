"""Files of vCards as rows of a contact file: of several addresses the preferred one comes first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from bcp.contact import wish
from bcp.contact.vcard_text import Property, properties
from bcp.errors import Mistake
from bcp.table import MOST_BYTES, Cell, Table, decode, read_bytes, refused

_ESCAPE = re.compile(r"\\([\\,;nN:])")
_PARTS = re.compile(r"(?<!\\);")
_LINE_BREAKS = re.compile(r"[\r\n\t]+")
_LINK = re.compile(r"(?:tel|mailto):", re.I)
"""Before an address that is written as one of the web (RFC 6350, 6.4.1)."""
_WISH = re.compile(r"X-.*(?:OPT.?(?:ED.?)?OUT|UNSUBSCRI|DO.?NOT.?(?:CONTACT|MAIL))")
_OURS = {
    "name": "ORG", "person": "FN", "email": "EMAIL", "phone": "TEL", "mobile": "TEL CELL", "language": "LANG",
    "groups": "CATEGORIES", "opted_out": "X-OPTED-OUT",
}  # fmt: skip
"""Our columns, and the properties that they are made of, in words for people."""
_OTHERS = (
    "FN",
    "N",
    "ORG",
    "EMAIL",
    "TEL",
    "LANG",
    "CATEGORIES",
    "BEGIN",
    "END",
    "VERSION",
    "KIND",
    "PRODID",
    "REV",
    "UID",
)
_REACHED = ("email", "mobile", "phone")
"""What somebody without a name is called by."""
_LONGEST = 400
"""Letters of several entries in one cell."""


class Cards(NamedTuple):
    """A file of vCards: as a table, which knows places; a row a card, its cells by our columns; and what is wrong.

    `spans` are the places where each card begins and ends in the text; `left_out` the cards that are no contacts;
    `others` the properties that nothing is made of.
    """

    table: Table
    rows: list[dict[str, Cell]]
    spans: list[tuple[int, int]]
    mistakes: list[Mistake]
    left_out: list[Mistake]
    others: dict[str, None]

    def as_table(self) -> Table:
        """The rows as a table with one column for each of ours that a card has; `columns` says which is which."""
        names = [name for name in _OURS if any(name in row for row in self.rows)]
        header = [Cell(_OURS[name], 0) for name in names] + [Cell(name, 0) for name in self.others]
        rows = [
            [row.get(name, Cell("", start)) for name in names]
            for row, (start, _end) in zip(self.rows, self.spans, strict=True)
        ]
        return Table(self.table.shown, self.table.text, "", self.table.encoding, header, rows)

    @staticmethod
    def columns(table: Table) -> dict[str, str | None]:
        """The column of ours that each column of such a table is; None for what is left out."""
        ours = {shown: name for name, shown in _OURS.items()}
        return {one.text: ours.get(one.text) for one in table.header}


def is_cards(path: Path) -> bool:
    """Whether a file holds cards, by its name."""
    return path.suffix.lower() in (".vcf", ".vcard")


def begins_as_cards(raw: bytes) -> bool:
    """Whether a file of another name holds cards."""
    return (
        raw[:80].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").upper().startswith(b"BEGIN:VCARD")
    )


def read_cards(path: Path, shown: str, languages: Sequence[str] = ()) -> Cards:
    """The cards of a file; one that never ends is left out and said. Raises SourceError for what is no vCard.

    `languages` as `table.decode` takes them.
    """
    return parse_cards(read_bytes(path, shown), shown, languages)


def parse_cards(raw: bytes, shown: str, languages: Sequence[str] = ()) -> Cards:
    """The cards in these bytes, as `read_cards` says."""
    if len(raw) > MOST_BYTES:
        words = "this file is larger than 10 MB, which is no list of contacts"
        raise refused(shown, words, "export the cards without their photos")
    text, encoding = decode(raw, shown, languages)
    cards = Cards(Table(shown, text, ",", encoding, [], []), [], [], [], [], {})
    _read_into(cards)
    if not (cards.rows or cards.mistakes or cards.left_out):
        raise refused(shown, "this file holds no vCard", "a card begins with BEGIN:VCARD")
    return cards


def _read_into(cards: Cards) -> None:
    """A card is whole from its BEGIN to its END; where another one begins before, nobody knows what it lost."""
    card: list[Property] = []

    def never_ends() -> None:
        hint = "it is left out until END:VCARD stands at its end"
        cards.mistakes.append(cards.table.mistake(card[0].at, "this vCard never ends", hint))

    within = 0
    for one in properties(cards.table.text, cards.table.encoding):
        # An AGENT of vCard 2.1 is a card within the card.
        within += one.name == "BEGIN" and bool(card) and (within > 0 or _is_open_agent(card[-1]))
        if within:
            within -= one.name == "END"
        elif one.name == "BEGIN" and one.value.strip().upper() == "VCARD":
            if card:
                never_ends()
            card = [one]
        elif one.name == "END" and card:
            _keep(cards, card, one.end)
            card = []
        elif card:
            card.append(one)
    if card:
        never_ends()


def _is_open_agent(last: Property) -> bool:
    return last.name == "AGENT" and not last.value.strip()


def _keep(cards: Cards, card: Sequence[Property], end: int) -> None:
    kinds = {one.value.strip().casefold() for one in card if one.name in ("KIND", "X-ADDRESSBOOKSERVER-KIND")}
    row = _row(card)
    if kinds & {"group", "location", "application", "device"}:
        called = row.get("person", row.get("name", Cell("", 0))).text
        words = f'the card "{called}" is a {min(kinds)} and no contact: it is left out'
        cards.left_out.append(cards.table.mistake(card[0].at, words))
        return
    if "org" in kinds and row.get("name") == row.get("person"):
        row.pop("person", None)
    cards.rows.append(row)
    cards.spans.append((card[0].at, end))
    cards.others.update(dict.fromkeys(one.name for one in card if one.name not in _OTHERS))


def _row(card: Sequence[Property]) -> dict[str, Cell]:
    """What a card says in our columns. Several addresses or numbers stand in one cell, the preferred one first."""
    by_rank = sorted(card, key=lambda one: one.rank)
    of = {
        name: [one for one in by_rank if one.name == name]
        for name in ("FN", "N", "NICKNAME", "ORG", "EMAIL", "LANG")
    }
    calls = [
        one for one in by_rank if one.name == "TEL" and not one.types & {"FAX", "PAGER", "MODEM", "DATA"}
    ]
    row = {
        "name": _filled((one, _organisation(one.value)) for one in of["ORG"]),
        "person": _filled(
            [
                *((one, _plain(one.value)) for one in of["FN"]),
                *((one, _made_of_parts(one.value)) for one in of["N"]),
                *((one, _plain(one.value)) for one in of["NICKNAME"]),
            ]
        ),
        "email": _several(of["EMAIL"]),
        "phone": _several(one for one in calls if not _is_mobile(one)),
        "mobile": _several(one for one in calls if _is_mobile(one)),
        "language": _filled((one, _plain(one.value)) for one in of["LANG"]),
        "groups": _several((one for one in card if one.name == "CATEGORIES"), ","),
        "opted_out": _filled((one, _plain(one.value)) for one in card if _is_wish(one)),
    }
    found = {column: one for column, one in row.items() if one is not None}
    calling = next((found[column] for column in ("person", *_REACHED) if column in found), None)
    if "name" not in found and calling:
        found["name"] = Cell(calling.text.split("; ")[0], calling.at)
    elif "name" in found and "person" in found and found["person"].text == found["name"].text:
        del found["person"]  # a firm, as address books show it
    return found or {"name": Cell("", card[0].at)}


def _is_wish(one: Property) -> bool:
    """Whether it says that somebody wishes no letters; a note may say so as well."""
    return bool(_WISH.fullmatch(one.name)) or (one.name == "NOTE" and wish.asks(_plain(one.value)))


def _is_mobile(one: Property) -> bool:
    return bool(one.types & {"CELL", "IPHONE", "TEXT", "MSG"})


def _filled(found: Iterable[tuple[Property, str]]) -> Cell | None:
    """The first that says something."""
    return next((Cell(text, one.at) for one, text in found if text), None)


def _several(found: Iterable[Property], between: str = "; ") -> Cell | None:
    texts: dict[str, int] = {}
    for one in found:
        text = _LINK.sub("", _plain(one.value))
        if text and sum(map(len, texts)) + len(text) < _LONGEST:
            texts.setdefault(text, one.at)
    return Cell(between.join(texts), next(iter(texts.values()))) if texts else None


def _plain(value: str) -> str:
    said = _ESCAPE.sub(lambda found: " " if found[1] in "nN" else found[1], value)
    return _LINE_BREAKS.sub(" ", said).strip()


def _organisation(value: str) -> str:
    """The firm; its units stand behind it."""
    return next(filter(None, map(_plain, _PARTS.split(value))), "")


def _made_of_parts(value: str) -> str:
    """The name as it is said, of family name, given and further names (RFC 6350, 6.2.2); titles are left out."""
    family, given, further, *_rest = [*(_plain(part) for part in _PARTS.split(value)), "", "", ""]
    return " ".join(filter(None, (given, further, family)))
