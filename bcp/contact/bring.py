"""Writes contacts as a table: a new contact file, and what is exported."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bcp.contact.cell import harmless
from bcp.contact.model import COLUMNS, Contact
from bcp.errors import InputError
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


def save_new(path: Path, text: str) -> None:
    """Write a new contact file with the mark that makes spreadsheets read UTF-8.

    Never overwrites a contact; a file that holds only its headings, as `bcp init` leaves it, gives way.
    """
    if path.exists() and not _holds_nobody(path):
        raise InputError(
            f"there are contacts in {path.parent.name}/{path.name} already",
            "choose another name: --into NAME",
        )
    write_whole(path, text.encode("utf-8-sig"))


def _holds_nobody(path: Path) -> bool:
    # Whichever way lines end: a file of one line holds only its headings.
    return path.is_file() and len(path.read_bytes().strip().splitlines()) < 2
