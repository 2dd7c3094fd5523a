"""`contact import`: a foreign spreadsheet becomes a contact file; between two steps a person looks at its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bcp.app.session import Session
from bcp.contact import bring
from bcp.contact.load import FOLDER, reserved
from bcp.errors import InputError, SourceError
from bcp.table import Table, read


@dataclass(frozen=True, slots=True)
class Columns:
    """A foreign table, and the column of ours that each of its headers becomes; None for one that is left out."""

    table: Table
    ours: Mapping[str, str | None]

    def rows(self) -> list[dict[str, str]]:
        """The contacts, by our columns. Raises InputError where no column is the name, or two are the same."""
        return bring.mapped(self.table, self.ours)


@dataclass(frozen=True, slots=True)
class Imported:
    """The contact file that was written, from the office folder, and how many contacts are in it."""

    file: str
    count: int


def columns_of(file: Path, into: str, given: Sequence[str]) -> Columns:
    """What a table would become as `contacts/INTO.csv`; nothing is written.

    `given` are pairs such as `Firma=name`; what they leave open is guessed. Raises InputError for a name or a column
    that there is not, SourceError for a table that cannot be read.
    """
    refused = reserved(into)
    if refused is not None:
        raise InputError(*refused)
    if not into.replace("-", "").replace("_", "").isalnum():
        raise InputError(f'"{into}" is no name for a contact file', "one word, such as: --into suppliers")
    try:
        table = read(file, file.name)
    except SourceError as error:
        # It is no file of the office, which `validate` reads: what is wrong in it is put right where it comes from.
        error.told_as(
            "nothing was brought in",
            f"save {file.name} anew where it comes from, then give this command again",
        )
        raise
    return Columns(table, bring.guess(table) | _pairs(given, [one.text.strip() for one in table.header]))


def import_contacts(session: Session, columns: Columns, into: str) -> Imported:
    """Write `contacts/INTO.csv`. Raises InputError where it holds contacts already."""
    rows = columns.rows()
    path = session.folder / FOLDER / f"{into}.csv"
    bring.save_new(path, bring.written(rows))
    return Imported(f"{FOLDER}/{path.name}", len(rows))


def _pairs(texts: Sequence[str], headers: Sequence[str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for text in texts:
        header, equals, column = text.rpartition("=")
        if not equals or header not in headers:
            known = ", ".join(f'"{name}"' for name in headers)
            raise InputError(f'the file has no column "{header or text}"', f"it has: {known}")
        found[header] = column or None
    return found
