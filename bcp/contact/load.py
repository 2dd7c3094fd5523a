"""Reads `contacts/*.csv` and `*.vcf` of an office; a bad cell costs its contact that cell, and is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from bcp.contact import cell as cells
from bcp.contact.model import COLUMNS, STAFF, Contact, Contacts, contact_id
from bcp.contact.vcard import read_cards
from bcp.errors import Mistake, SourceError
from bcp.mask import KNOWN
from bcp.table import Cell, Table, read
from bcp.yaml.source import did_you_mean

FOLDER = "contacts"
_KNOWN = ("id", *COLUMNS)
OPTED_OUT = "opted_out"


def load(office: Path, country: str) -> Contacts:
    """All contacts of the office folder, with what is wrong in their files; never raises for these."""
    found: list[Contact] = []
    mistakes: list[Mistake] = []
    places: dict[str, Mistake] = {}
    refusing: set[str] = set()
    for path in files(office):
        shown = f"{FOLDER}/{path.name}"
        refused = reserved(path.stem)
        if refused is not None:
            mistakes.append(Mistake(shown, 1, 1, *refused))
            continue
        reader = _Rows(path.stem, country, mistakes, places, refusing)
        try:
            is_card = path.suffix == ".vcf"
            found.extend(
                reader.cards(path, shown) if is_card else reader.table(read(path, shown, partly=True))
            )
        except SourceError as error:
            mistakes.extend(error.mistakes)
    # Who said it in one of two rows has said it.
    found = [replace(one, opted_out=True) if one.id in refusing else one for one in found]
    for contact in found:
        KNOWN.names((contact.name, contact.person, contact.email))
        KNOWN.typed((contact.id,))
        KNOWN.phones((contact.phone, contact.mobile))
    return Contacts(tuple(found), tuple(mistakes), tuple(_remarks(found, places)))


class Refusal(NamedTuple):
    """Why something cannot be, and what to do."""

    message: str
    hint: str


def reserved(stem: str) -> Refusal | None:
    """Why no contact file may have this name; None where it may.

    Whoever writes to the staff means the people of `bcp.yaml`: those in such a file would be told nothing.
    """
    if stem != STAFF:
        return None
    words = f'the audience "{STAFF}" is the people of bcp.yaml, so no contact file can have this name'
    return Refusal(words, "staff live in bcp.yaml: people; move them there and delete this file")


def files(office: Path) -> list[Path]:
    """The contact files of the office, sorted by name."""
    return sorted(path for path in (office / FOLDER).glob("*") if path.suffix in (".csv", ".vcf"))


class _Rows:
    """Makes contacts of rows.

    `places` gets for each contact the place where it stands, for remarks; `refusing` gets who opted out in a second
    row.
    """

    def __init__(
        self,
        stem: str,
        country: str,
        mistakes: list[Mistake],
        places: dict[str, Mistake],
        refusing: set[str],
    ) -> None:
        self.stem = stem
        self.refusing = refusing
        self.mistakes = mistakes
        self.places = places
        self.readers: Mapping[str, Callable[[str], Any]] = {
            "email": cells.email,
            "phone": lambda text: cells.phone(text, country),
            "mobile": lambda text: cells.phone(text, country),
            "language": cells.language,
            "groups": cells.groups,
            "running_project": cells.yes_no,
            "preferred_channel": cells.medium,
            "opted_out": cells.yes_no,
        }

    def table(self, table: Table) -> list[Contact]:
        """The contacts of a table. Raises SourceError if its columns cannot be told apart."""
        names = _columns(table)
        self.mistakes.extend(table.mistakes)
        found = []
        for row in table.rows:
            is_shifted = self._check_length(table, row, len(names))
            row_cells = {name: one for name, one in zip(names, row, strict=False) if name}
            made = self._contact(row_cells, table)
            if made is not None and is_shifted and OPTED_OUT in names:
                # What stands in its columns may be that of others: nobody can tell what this contact wished.
                made = replace(made, opted_out=True)
            if made is not None:
                found.append(made)
        return found

    def cards(self, path: Path, shown: str) -> list[Contact]:
        """The contacts of a vCard file."""
        cards = read_cards(path, shown)
        self.mistakes.extend(cards.mistakes)
        made = (self._contact(row, cards.table) for row in cards.rows)
        return [contact for contact in made if contact is not None]

    def _check_length(self, table: Table, row: list[Cell], columns: int) -> bool:
        """Whether there are cells behind the last column, which is a mistake."""
        extra = [one for one in row[columns:] if one.text.strip()]
        if extra:
            words = f"this row has more cells than the header has names ({columns})"
            hint = "put a text that holds the delimiter in quotes"
            self.mistakes.append(table.mistake(extra[0].at, words, hint))
        return bool(extra)

    def _contact(self, row: Mapping[str, Cell], table: Table) -> Contact | None:
        values: dict[str, Any] = {}
        for column, one in row.items():
            text = cells.as_written(one.text)
            if not text.strip():
                continue
            try:
                values[column] = self.readers.get(column, cells.words)(cells.one_line(text))
            except ValueError as error:
                hint = ""
                if column == OPTED_OUT:
                    # Who may have said that he wants no letters gets none, until somebody reads what he said.
                    values[OPTED_OUT] = True
                    hint = "until this can be read, nothing is written to this contact"
                self.mistakes.append(table.mistake(one.at, str(error), hint))
        at = next(iter(row.values())).at
        if not values.get("name"):
            if "name" not in row or not row["name"].text.strip():
                words = "this contact has no name"
                self.mistakes.append(
                    table.mistake(at, words, "write the firm or the person into the column name")
                )
            return None
        name = values.pop("id", None) or contact_id(values["name"], values.get("person", ""))
        if name in self.places:
            if values.get(OPTED_OUT):
                self.refusing.add(name)
            first = self.places[name]
            words = f'"{values["name"]}" is the same contact as in {first.file}, line {first.line}'
            hint = "delete one of them, or tell them apart by the column person or a column id"
            self.mistakes.append(table.mistake(at, words, hint))
            return None
        place = table.mistake(at, "")
        self.places[name] = place
        return Contact(id=name, file=self.stem, line=place.line, **values)


def _columns(table: Table) -> list[str]:
    """The field that each column holds. Raises SourceError with every column that is not ours."""
    wrong: list[Mistake] = []
    names: list[str] = []
    for one in table.header:
        name = one.text.strip().casefold().replace(" ", "_").replace("-", "_")
        if name in names and name:
            wrong.append(table.mistake(one.at, f'the column "{name}" is there twice', "delete one of them"))
        elif name and name not in _KNOWN:
            words = f'there is no column "{one.text.strip()[:40]}"'
            wrong.append(table.mistake(one.at, words, did_you_mean(name, _KNOWN) or _IMPORT))
        names.append(name)
    if "name" not in names:
        wrong.append(table.mistake(table.header[0].at, "no column is called name", _IMPORT))
    if wrong:
        raise SourceError(wrong)
    return names


_IMPORT = "to use a file with columns of its own: bcp contact import FILE"


def _remarks(contacts: list[Contact], places: Mapping[str, Mistake]) -> Iterator[Mistake]:
    """Gaps and doubles: nobody would notice them before the day when they matter."""
    mailboxes: dict[str, list[Contact]] = defaultdict(list)
    for contact in contacts:
        if contact.email:
            mailboxes[contact.email.casefold()].append(contact)
        if contact.opted_out:
            continue
        if not contact.language:
            yield _remark(
                places[contact.id], f"{contact.called} has no language", "write pl, en, cs, el or de"
            )
        if not (contact.email or contact.phone or contact.mobile):
            words = f"{contact.called} cannot be reached at all"
            yield _remark(places[contact.id], words, "an e-mail address or a phone number is needed")
    for same in mailboxes.values():
        for twin in same[1:]:
            words = f"{twin.called} and {same[0].called} have one mailbox"
            yield _remark(places[twin.id], words, "they will get one letter, written to the first of them")


def _remark(place: Mistake, words: str, hint: str) -> Mistake:
    return Mistake(place.file, place.line, place.column, words, hint, place.text)
