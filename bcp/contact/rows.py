"""Makes contacts of the rows of a table and of the cards of a file; a bad cell costs its contact that cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from bcp.contact import cell as cells
from bcp.contact import taken, wish
from bcp.contact.model import COLUMNS, Contact, contact_id
from bcp.contact.vcard import read_cards
from bcp.errors import Mistake, SourceError
from bcp.progress import Task
from bcp.table import Cell, Table
from bcp.yaml.near import did_you_mean

_KNOWN = ("id", *COLUMNS)
OPTED_OUT = "opted_out"
_SEVERAL = ("email", "phone", "mobile")
"""The columns in which people write more than one entry into a cell."""
_SAFE: Mapping[str, str] = {
    OPTED_OUT: "until this can be read, nothing is written to this contact",
    "running_project": "until this can be read, this contact counts as one with a running project",
}
"""The columns whose empty value is the dangerous one: what cannot be read there is a yes, and these words say so."""


class Reading(NamedTuple):
    """What a cell says, and in words what was read otherwise than it is written."""

    value: Any
    note: str = ""


@dataclass
class Findings:
    """What is found beside the contacts.

    `places` is for each contact the place of its row, for remarks; `refusing` who opted out in a second row, with that
    cell where nobody can read it.
    """

    mistakes: list[Mistake] = field(default_factory=list)
    changed: list[Mistake] = field(default_factory=list)
    places: dict[str, Mistake] = field(default_factory=dict)
    refusing: dict[str, str] = field(default_factory=dict)


@lru_cache(maxsize=1024)
def read_cell(column: str, text: str, country: str, delimiter: str = "") -> Reading:
    """A cell of one of our columns, of a table with this delimiter. Raises ValueError with a sentence.

    A table says `pl`, `Ms` or `yes` in thousands of its cells.
    """
    is_words = column in ("id", "name", "person", "salutation", "groups")
    clean = cells.without_hidden(text) if is_words else cells.bare(text)
    hidden = len(text) - len(clean)
    line = cells.one_line(clean, delimiter, several=column in _SEVERAL)
    notes = [f"characters that nobody sees were left out of this cell: {hidden}"] if hidden else []
    if is_words and cells.has_lost_letters(clean):
        notes.append("letters of this cell were lost where it was saved: type it again")
    if column in _SEVERAL:
        one = taken.email(line) if column == "email" else taken.phone(line, country)
        notes += [f'{one.value} was read from "{one.left}"'] if one.left else []
        return Reading(one.value, ", ".join(notes))
    if "\n" in clean.strip() or "\r" in clean.strip():
        notes.append("the line break in this cell was read as a blank")
    return Reading(_READERS.get(column, cells.words)(line), ", ".join(notes))


_READERS: Mapping[str, Callable[[str], Any]] = {
    "language": cells.language,
    "groups": cells.groups,
    "running_project": cells.yes_no,
    "preferred_channel": cells.medium,
    OPTED_OUT: wish.opted_out,
}


class Rows:
    """Makes the contacts of one file, whose name without its ending is `stem`."""

    def __init__(self, stem: str, country: str, found: Findings, task: Task | None = None) -> None:
        """`task` shows how far it is."""
        self.task = task
        self.stem = stem
        self.country = country
        self.found = found

    def table(self, table: Table) -> list[Contact]:
        """The contacts of a table. Raises SourceError if its columns cannot be told apart."""
        names = columns_of(table)
        self.found.mistakes.extend(table.mistakes)
        contacts = []
        for row in table.rows:
            shift = self._check_length(table, row, len(names))
            row_cells = {name: one for name, one in zip(names, row, strict=False) if name}
            made = self._contact(row_cells, table)
            if made is not None and shift and OPTED_OUT in names:
                # What stands in its columns may be that of others: nobody can tell what this contact wished.
                made = replace(made, opted_out=True, unread_wish=shift)
            if made is not None:
                contacts.append(made)
        return contacts

    def cards(self, path: Path, shown: str) -> list[Contact]:
        """The contacts of a vCard file."""
        cards = read_cards(path, shown, [self.country])
        self.found.mistakes.extend(cards.mistakes)
        self.found.changed.extend(cards.left_out)
        made = (self._contact(with_mobile(row, self.country), cards.table) for row in cards.rows)
        return [contact for contact in made if contact is not None]

    def _check_length(self, table: Table, row: list[Cell], columns: int) -> str:
        """The cell behind the last column with its place, which is a mistake; nothing where there is none."""
        extra = [one for one in row[columns:] if one.text.strip()]
        if not extra:
            return ""
        words = f"this row has more cells than the header has names ({columns})"
        hint = "put a text that holds the delimiter in quotes"
        mistake = table.mistake(extra[0].at, words, hint)
        self.found.mistakes.append(mistake)
        return _quoted(extra[0], mistake)

    def _contact(self, row: Mapping[str, Cell], table: Table) -> Contact | None:
        if self.task is not None:
            self.task.advance()
        values, unread = self._values(row, table)
        at = next(iter(row.values())).at
        if not values.get("name"):
            if "name" not in row or not row["name"].text.strip():
                words = "this contact has no name"
                hint = "write the firm or the person into the column name"
                self.found.mistakes.append(table.mistake(at, words, hint))
            return None
        name = values.pop("id", None) or contact_id(values["name"], values.get("person", ""))
        if name in self.found.places:
            if values.get(OPTED_OUT):
                self.found.refusing[name] = unread
            first = self.found.places[name]
            words = f'"{values["name"]}" is the same contact as in {first.file}, line {first.line}'
            hint = "delete one of them, or tell them apart by the column person or a column id"
            self.found.mistakes.append(table.mistake(at, words, hint))
            return None
        place = table.mistake(at, "")
        self.found.places[name] = place
        return Contact(id=name, file=self.stem, line=place.line, unread_wish=unread, **values)

    def _values(self, row: Mapping[str, Cell], table: Table) -> tuple[dict[str, Any], str]:
        """The cells of a row as they are read, and the wish that nobody can read, with its place."""
        values: dict[str, Any] = {}
        unread = ""
        for column, one in row.items():
            text = cells.as_written(one.text)
            if not text.strip():
                continue
            try:
                reading = read_cell(column, text, self.country, table.delimiter)
            except ValueError as error:
                mistake = table.mistake(one.at, str(error), _SAFE.get(column, ""))
                self.found.mistakes.append(mistake)
                if column in _SAFE:
                    values[column] = True
                if column == OPTED_OUT:
                    unread = _quoted(one, mistake)
                continue
            values[column] = reading.value
            if reading.note:
                self.found.changed.append(table.mistake(one.at, reading.note))
        asking = [column for column in ("name", "person", "salutation") if wish.asks(values.get(column, ""))]
        if asking and not values.get(OPTED_OUT):
            values[OPTED_OUT] = True
            words = f'"{values[asking[0]][:60]}" was read as: this contact gets no notices'
            self.found.changed.append(table.mistake(row[asking[0]].at, words))
        leaving = [group for group in values.get("groups", ()) if wish.leaves(group)]
        if leaving and not values.get(OPTED_OUT):
            values[OPTED_OUT] = True
            words = f'the group "{leaving[0]}" was read as: this contact gets no notices'
            self.found.changed.append(table.mistake(row["groups"].at, words))
        return values, unread


def with_mobile(row: Mapping[str, Cell], country: str) -> Mapping[str, Cell]:
    """The row of a card whose numbers are not told apart: one that is a mobile phone by its country's plan is one."""
    phone = row.get("phone")
    if phone is None or "mobile" in row:
        return row
    mobile = next((each for each in phone.text.split("; ") if taken.is_mobile(each, country)), "")
    return {**row, "mobile": Cell(mobile, phone.at)} if mobile else row


def _quoted(one: Cell, place: Mistake) -> str:
    words = " ".join(one.text.split())
    return f'"{words[:40]}{"…" if len(words) > 40 else ""}", {place.file}:{place.line}:{place.column}'


def is_heading(text: str) -> bool:
    """Whether this is the name of a column of a contact file."""
    return _as_name(text) in _KNOWN


def _as_name(text: str) -> str:
    return cells.bare(text).strip().casefold().replace(" ", "_").replace("-", "_")


def columns_of(table: Table) -> list[str]:
    """The field that each column holds. Raises SourceError with every column that is not ours."""
    wrong: list[Mistake] = []
    names: list[str] = []
    for one in table.header:
        said = cells.bare(one.text).strip()
        name = _as_name(said)
        if name in names and name:
            wrong.append(table.mistake(one.at, f'the column "{name}" is there twice', "delete one of them"))
        elif name and name not in _KNOWN:
            words = f'there is no column "{said[:40]}"'
            wrong.append(table.mistake(one.at, words, _hint(name, said)))
        names.append(name)
    if "name" not in names:
        wrong.append(table.mistake(table.header[0].at, "no column is called name", _IMPORT))
    if wrong:
        raise SourceError(wrong)
    return names


def _hint(name: str, said: str) -> str:
    """What to do about a column that is not ours; one that says who agrees is no opt-out by a slip."""
    means = wish.sense(said, ("yes",))
    if means == OPTED_OUT:
        return "the column for those who wish no notices is called opted_out"
    if means:
        return f"who agrees is the opposite of opted_out; {_IMPORT}"
    return did_you_mean(name, _KNOWN) or _IMPORT


_IMPORT = "to use a file with columns of its own: bcp contact import FILE"
