"""Bringing a foreign spreadsheet in: which of its columns is which of ours, and writing a contact file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from bcp.contact.cell import as_written, harmless
from bcp.contact.model import COLUMNS, Contact
from bcp.errors import InputError
from bcp.files import write_whole
from bcp.table import Table

# The words that stand over such a column in English, Polish, Czech, German and Greek spreadsheets.
_HEADERS: Mapping[str, str] = {
    "name": "name|company|firm|client|customer|organisation|organization|nazwa|firma|klient|kontrahent"
    "|nazwa firmy|nazwa klienta|nazwa kontrahenta|nazev|název|společnost|zákazník|kunde|unternehmen"
    "|επωνυμία|εταιρεία|πελάτης",
    "person": "person|contact|contact person|full name|osoba|osoba kontaktowa|imię i nazwisko|kontakt"
    "|kontaktní osoba|jméno|ansprechpartner|kontaktperson|υπεύθυνος|ονοματεπώνυμο",
    "salutation": "salutation|title|form|zwrot|zwrot grzecznościowy|oslovení|anrede|προσφώνηση",
    "email": "email|e-mail|mail|e-mail address|email address|adres e-mail|adres email|poczta|e-mailová adresa"
    "|e-mail-adresse|ηλεκτρονική διεύθυνση",
    "phone": "phone|telephone|tel|office phone|telefon|telefon stacjonarny|nr telefonu|nr tel|numer telefonu"
    "|tel stacjonarny|pevná linka|festnetz|telefonnummer|τηλέφωνο|σταθερό",
    "mobile": "mobile|cell|mobile phone|komórka|telefon komórkowy|komórkowy|tel kom|tel komórkowy"
    "|nr komórki|mobil|mobilní telefon|handy|mobiltelefon|κινητό",
    "language": "language|lang|język|jazyk|sprache|γλώσσα",
    "groups": "groups|group|category|categories|tags|grupa|grupy|kategoria|skupina|gruppe|ομάδα",
    "running_project": "running project|project|active|projekt|aktywny|projekt w toku|bieżący projekt"
    "|běžící projekt|laufendes projekt|έργο",
    "preferred_channel": "preferred channel|channel|preferred contact|kanał|preferowany kanał|kanál|kanal",
    "opted_out": "opted out|opt-out|unsubscribed|do not contact|rezygnacja|nie kontaktować|odhlášen",
}
_WORDS = {word: column for column, words in _HEADERS.items() for word in words.split("|")}
_LONGEST = 300
"""Letters of a cell that are looked at; no address and no number is longer."""
_BY_VALUE: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("email", re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+").fullmatch),
    ("phone", re.compile(r"[+()\d][\d\s()\-./]{6,}").fullmatch),
    ("language", re.compile(r"(?i)pl|en|cs|el|de|sk|fr|it").fullmatch),
)


def guess(table: Table) -> dict[str, str | None]:
    """The column of ours that each header of a foreign table seems to be, by its words or its values."""
    found: dict[str, str | None] = {}
    for one in table.header:
        word = re.sub(r"[\s_:*.]+", " ", one.text.casefold()).strip()
        column = _WORDS.get(word) or _WORDS.get(word.replace(" ", "-"))
        found[one.text.strip()] = column if column not in found.values() else None
    for index, one in enumerate(table.header):
        if found[one.text.strip()] is None:
            column = _by_value([row[index].text.strip() for row in table.rows[:50] if index < len(row)])
            found[one.text.strip()] = column if column not in found.values() else None
    return found


def _by_value(values: Sequence[str]) -> str | None:
    filled = [value[:_LONGEST] for value in values if value]
    for column, fits in _BY_VALUE:
        if filled and sum(1 for value in filled if fits(value)) * 10 >= len(filled) * 8:
            return column
    return None


def mapped(table: Table, columns: Mapping[str, str | None]) -> list[dict[str, str]]:
    """The rows of a foreign table under our names; columns that map to None are left out.

    Raises InputError where no column is the name, or two columns are one of ours.
    """
    names = [columns.get(one.text.strip()) for one in table.header]
    used = [column for column in names if column]
    strange = sorted(set(used) - set(COLUMNS))
    if strange:
        raise InputError(
            f'there is no column "{strange[0]}" in a contact file', "columns: " + ", ".join(COLUMNS)
        )
    if len(set(used)) < len(used):
        twice = next(column for column in used if used.count(column) > 1)
        raise InputError(
            f'two columns of {table.shown} are to become "{twice}"',
            f"map one: --map HEADER={twice}, or rename one in the file",
        )
    if "name" not in used:
        headers = ", ".join(f'"{one.text.strip()}"' for one in table.header)
        hint = f"say which one it is: --map HEADER=name   (the file has: {headers})"
        raise InputError(f"no column of {table.shown} was recognised as the name", hint)
    return [
        {name: as_written(one.text).strip() for name, one in zip(names, row, strict=False) if name}
        for row in table.rows
    ]


def written(rows: Iterable[Mapping[str, str]], columns: Sequence[str] = COLUMNS) -> str:
    """A contact file: commas, quotes where they are needed, formulas made harmless."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: harmless(value) for name, value in row.items()})
    return text.getvalue()


def exported(contacts: Iterable[Contact]) -> str:
    """The contacts as a file that loads to the very same contacts."""
    return written((as_row(contact) for contact in contacts), ("id", *COLUMNS))


def as_row(contact: Contact) -> dict[str, str]:
    """A contact in the words of its file."""
    return {
        "id": contact.id,
        "name": contact.name,
        "person": contact.person,
        "salutation": contact.salutation,
        "email": contact.email or "",
        "phone": contact.phone or "",
        "mobile": contact.mobile or "",
        "language": contact.language or "",
        "groups": ";".join(contact.groups),
        "running_project": "yes" if contact.running_project else "",
        "preferred_channel": contact.preferred_channel or "",
        "opted_out": "yes" if contact.opted_out else "",
    }


def save(path: Path, text: str) -> None:
    """Write a contact file whole, with the mark that makes spreadsheets read UTF-8. Raises StoreError."""
    write_whole(path, text.encode("utf-8-sig"))


def holds_nobody(path: Path) -> bool:
    """Whether no contact is in this file: it is not there, or holds its headings alone, as `bcp init` leaves it."""
    # Whichever way lines end: a file of one line holds only its headings.
    return not path.is_file() or len(path.read_bytes().strip().splitlines()) < 2
