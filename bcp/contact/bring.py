"""Writes contacts as a table: a new contact file, and what is exported."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bcp.contact.cell import harmless
from bcp.contact.model import COLUMNS, Contact
from bcp.files import write_whole


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
