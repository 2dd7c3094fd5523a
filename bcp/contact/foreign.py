"""The rows of a foreign spreadsheet under our names: parts are put together, and what cannot be certain is named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bcp.contact.cell import as_written, one_line, without_hidden
from bcp.contact.headers import PARTS, SEVERAL, headers_of
from bcp.contact.model import COLUMNS
from bcp.contact.rows import OPTED_OUT
from bcp.errors import InputError, Mistake, SourceError
from bcp.table import Cell, Table

_MOBILE = re.compile(r"mobile|cell|iphone|komórk|mobil|handy|κινητ", re.I)
_FAX = re.compile(r"fax|faks|φαξ", re.I)
_SHORTENED = re.compile(r"\s*\+?\d(?:[.,]\d+)?[eE]\+?\d{1,2}\s*")
_BETWEEN_LABELS = re.compile(r"\s*:::\s*")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_REACHED = ("email", "phone", "mobile")
_LINE_END = re.compile(r"\r\n|\r|\n")
_MOST_SHOWN = 60


@dataclass
class Brought:
    """The contacts of a foreign table, by our columns; `notes` names what of it is not in them, or in doubt."""

    rows: list[dict[str, str]] = field(default_factory=list)
    notes: list[Mistake] = field(default_factory=list)


def brought(table: Table, columns: Mapping[str, str | None]) -> Brought:
    """The rows of a foreign table under our names; columns that map to None are left out.

    `columns` gives for each of `headers_of` one of ours or one of `headers.PARTS`. Raises InputError where no column
    says who a contact is, or two columns are one of ours; SourceError with each row of which nobody can tell which cell
    belongs to which column.
    """
    headers = headers_of(table)
    names = [columns.get(header) for header in headers]
    _check_columns(table, headers, names)
    found = Brought(notes=[*_above(table)])
    mistakes: list[Mistake] = []
    texts = [one.text.strip() for one in table.header]
    cells = _Cells(table, headers, names, _labels(headers))
    for number, row in enumerate(table.rows):
        if _is_header(row, texts, names):
            found.notes.append(table.mistake(row[0].at, "this row repeats the names of the columns"))
            continue
        wrong = [*cells.wrong(row, table.rows[number + 1 : number + 2])]
        mistakes.extend(wrong)
        contact = {} if wrong else cells.contact(row, found.notes)
        if contact:
            found.rows.append(contact)
    if mistakes:
        raise SourceError(mistakes)
    return found


def _is_header(row: Sequence[Cell], texts: Sequence[str], names: Sequence[str | None]) -> bool:
    """Whether a row repeats the header; what somebody wishes has been made of its column before."""
    pairs = [
        (one.text.strip(), text)
        for one, text, name in zip(row, texts, names, strict=False)
        if name != OPTED_OUT
    ]
    return (
        len(row) == len(texts)
        and any(text for _cell, text in pairs)
        and all(cell == text for cell, text in pairs)
    )


def examples(table: Table, columns: Mapping[str, str | None], most: int = 3) -> list[str]:
    """Some names of the table as they were decoded, those first in which an encoding would show: outside ASCII."""
    try:
        rows = brought(table, columns).rows
    except (InputError, SourceError):
        rows = [{"name": one.text} for row in table.rows for one in row if not one.text.isascii()]
    names = dict.fromkeys(_cut(name) for row in rows if (name := _called(row)))
    return sorted(names, key=str.isascii)[:most]


def _called(row: Mapping[str, str]) -> str:
    name, person = row.get("name", ""), row.get("person", "")
    return f"{name} ({person})" if person and person != name else name


def _check_columns(table: Table, headers: Sequence[str], names: Sequence[str | None]) -> None:
    used = [column for column in names if column]
    strange = sorted(set(used) - {*COLUMNS, *PARTS})
    if strange:
        hint = "columns: " + ", ".join((*COLUMNS, *PARTS))
        raise InputError(f'there is no column "{strange[0]}" in a contact file', hint)
    twice = next((name for name in used if used.count(name) > 1 and name not in SEVERAL), None)
    if twice:
        hint = f"map one: --map HEADER={twice}, or rename one in the file"
        raise InputError(f'two columns of {table.shown} are to become "{twice}"', hint)
    is_data = next((one for one in table.header if _ADDRESS.fullmatch(one.text.strip())), None)
    if is_data:
        words = f'there is an address ("{is_data.text.strip()[:40]}") where the names of the columns belong'
        hint = "write a first row with the names of the columns, such as: name,email,phone"
        raise SourceError([table.mistake(is_data.at, words, hint)])
    if not set(used) & {"name", "person", *PARTS}:
        shown = ", ".join(f'"{header}"' for header in headers)
        hint = f"say which one it is: --map HEADER=name   (the file has: {shown})"
        raise InputError(f"no column of {table.shown} was recognised as the name", hint)


def _above(table: Table) -> Iterator[Mistake]:
    for row in table.above:
        words = " ".join(one.text.strip() for one in row if one.text.strip())
        yield table.mistake(
            row[0].at, f'this row above the names of the columns was left out: "{_cut(words)}"'
        )


def _labels(headers: Sequence[str]) -> dict[int, int]:
    """For each column of a number its neighbour that says which kind it is, as Google's contacts have it."""
    found: dict[int, int] = {}
    for place, header in enumerate(headers):
        base, _dash, kind = header.rpartition(" - ")
        label = next((name for name in (f"{base} - Label", f"{base} - Type") if name in headers), None)
        if kind == "Value" and label:
            found[place] = headers.index(label)
    return found


@dataclass(frozen=True)
class _Cells:
    """Reads the rows of one table; `names` is what each column becomes, `labels` which column says its kind."""

    table: Table
    headers: Sequence[str]
    names: Sequence[str | None]
    labels: Mapping[int, int]

    def wrong(self, row: Sequence[Cell], following: Sequence[Sequence[Cell]]) -> Iterator[Mistake]:
        """Why nobody can tell which cell of this row belongs to which column."""
        extra = [one for one in row[len(self.headers) :] if one.text.strip()]
        if extra:
            words = f'this row has more cells than there are columns ({len(self.headers)}): "{_cut(extra[0].text)}"'
            yield self.table.mistake(extra[0].at, words, "put a text that holds the delimiter in quotes")
            return
        for place, one in enumerate(row):
            yield from self._torn(place, one)
        strays = [one for place, one in enumerate(row) if self._is_stray_address(place, one)]
        homes = [
            one for one, name in zip(row, self.names, strict=False) if name == "email" and one.text.strip()
        ]
        if strays and homes and not any("@" in one.text for one in homes):
            words = (
                f'the cells of this row stand under other columns than their own: "{_cut(strays[0].text)}"'
            )
            yield self.table.mistake(strays[0].at, words, "put a text that holds the delimiter in quotes")
        elif following and self._is_broken_in_two(row, following[0]):
            words = "this row and the next one may be one row, broken by a line break"
            yield self.table.mistake(
                row[0].at, words, "put the cell with the line break in quotes, or join the two"
            )

    def contact(self, row: Sequence[Cell], notes: list[Mistake]) -> dict[str, str]:
        """The row by our columns; nothing where nobody is named in it. What is left out of it is noted."""
        values: dict[str, str] = {}
        for place, (one, header) in enumerate(zip(row, self.headers, strict=False)):
            name = self._kind(place, row)
            text = self._text(one, name) if name else ""
            if not name or not text:
                continue
            if name in values and name in SEVERAL:
                words = f'"{_cut(text)}" ({header}) was left out: there is "{_cut(values[name])}" already'
                notes.append(self.table.mistake(one.at, words))
                continue
            if name in _REACHED and _SHORTENED.fullmatch(text):
                words = f'the spreadsheet has shortened the number "{text}": nobody can tell which one it was'
                notes.append(
                    self.table.mistake(one.at, words, "format that column as text, and type it again")
                )
            values[name] = text
        _join(values)
        self._note_gaps(row, values, notes)
        return values if values.get("name") else {}

    def _kind(self, place: int, row: Sequence[Cell]) -> str | None:
        name, label = self.names[place], self.labels.get(place)
        if name not in ("phone", "mobile") or label is None or label >= len(row):
            return name
        said = row[label].text
        return None if _FAX.search(said) else "mobile" if _MOBILE.search(said) else name

    def _text(self, one: Cell, name: str) -> str:
        """The cell in one line; `wrong` has seen that its lines are no rows of others."""
        lines = [line.strip() for line in _LINE_END.split(as_written(one.text)) if line.strip()]
        return ("; " if name in SEVERAL else " ").join(lines)

    def _torn(self, place: int, one: Cell) -> Iterator[Mistake]:
        """Whether the lines of a cell may be rows of others, swallowed by a quote that nobody closed."""
        several = place < len(self.names) and self.names[place] in (*SEVERAL, None)
        try:
            one_line(without_hidden(one.text), self.table.delimiter, several=several)
        except ValueError as error:
            yield self.table.mistake(one.at, str(error))

    def _is_stray_address(self, place: int, one: Cell) -> bool:
        is_home = place < len(self.names) and self.names[place] == "email"
        return not is_home and bool(_ADDRESS.fullmatch(one.text.strip()))

    def _is_broken_in_two(self, row: Sequence[Cell], after: Sequence[Cell]) -> bool:
        columns = len(self.headers)
        if len(row) >= columns or len(row) + len(after) - 1 != columns:
            return False
        return not (self._is_reached(row) and self._is_reached(after))

    def _is_reached(self, row: Sequence[Cell]) -> bool:
        return any(one.text.strip() for one, name in zip(row, self.names, strict=False) if name in _REACHED)

    def _note_gaps(self, row: Sequence[Cell], values: dict[str, str], notes: list[Mistake]) -> None:
        reach = next((values[name] for name in _REACHED if values.get(name)), "")
        if not values.get("name"):
            if not reach:
                notes.append(self.table.mistake(row[0].at, "this row has no name, no address and no number"))
                return
            values["name"] = reach
            notes.append(self.table.mistake(row[0].at, f"this row has no name: it is called {reach}"))
        elif not reach:
            words = f'"{_cut(values["name"])}" has no address and no number'
            notes.append(self.table.mistake(row[0].at, words))


def _join(values: dict[str, str]) -> None:
    """The person of its parts, the groups of Google's labels, and the name of the person where there is no firm."""
    parts = [values.pop(part, "") for part in PARTS[:3]]
    backwards = values.pop(PARTS[3], "").replace(",", " ").split()
    if len(backwards) == 2:
        backwards.reverse()
    person = " ".join(filter(None, parts)) or " ".join(backwards)
    if person and not values.get("person"):
        values["person"] = person
    if ":::" in values.get("groups", "") or values.get("groups", "").startswith("* "):
        labels = _BETWEEN_LABELS.split(values["groups"])
        values["groups"] = ";".join(label for label in labels if not label.startswith("* "))
    if not values.get("name") and values.get("person"):
        values["name"] = values["person"]


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…"
