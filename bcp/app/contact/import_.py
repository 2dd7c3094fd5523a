"""`contact import`: a foreign spreadsheet becomes a contact file; between two steps a person looks at its columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bcp.app.notice.office import contacts_of
from bcp.app.office import office_of
from bcp.app.session import Session
from bcp.contact import bring
from bcp.contact.foreign import Brought, brought, examples
from bcp.contact.headers import guess, headers_of, is_heading
from bcp.contact.load import FOLDER, reserved
from bcp.encoding.code_pages import named
from bcp.errors import InputError, SourceError
from bcp.table import Table, parse, read_bytes


@dataclass(frozen=True, slots=True)
class Columns:
    """A foreign table, and the column of ours that each of its headers becomes; None for one that is left out.

    `rivals` are the same in other encodings, in which the table may be as well, the likeliest first.
    """

    table: Table
    ours: Mapping[str, str | None]
    rivals: Sequence[Columns] = ()

    def brought(self) -> Brought:
        """The contacts, by our columns, and what is named beside them.

        Raises InputError where no column is the name, or two are the same; SourceError with each row in which nobody
        can tell which cell belongs to which column.
        """
        try:
            return brought(self.table, self.ours)
        except SourceError as error:
            _put_right_elsewhere(error, self.table.shown)
            raise

    def rows(self) -> list[dict[str, str]]:
        """The contacts, by our columns, as `brought` says."""
        return self.brought().rows

    def examples(self) -> list[str]:
        """Three names as they were decoded, those with letters outside ASCII first."""
        return examples(self.table, self.ours)


@dataclass(frozen=True, slots=True)
class Imported:
    """The contact file that was written, from the office folder, and how many contacts are in it."""

    file: str
    count: int


def columns_of(session: Session, file: Path, into: str, given: Sequence[str], encoding: str = "") -> Columns:
    """What a table would become as `contacts/INTO.csv`; nothing is written.

    `given` are pairs such as `Firma=name`; what they leave open is guessed. `encoding` is that of the table, if a
    person knows it. Raises InputError for a name, a column or an encoding that there is not, SourceError for a table
    that cannot be read.
    """
    refused = reserved(into)
    if refused is not None:
        raise InputError(*refused)
    if not into.replace("-", "").replace("_", "").isalnum():
        raise InputError(f'"{into}" is no name for a contact file', "one word, such as: --into suppliers")
    if encoding and not named(encoding):
        raise InputError(
            f'there is no encoding "{encoding}"', "such as: utf-8, utf-16, cp1250, cp1252, cp1253, cp852"
        )
    try:
        raw = read_bytes(file, file.name)
        languages = _languages(session)
        table = parse(raw, file.name, languages=languages, encoding=named(encoding), is_heading=is_heading)
        first, *rivals = _mapped(
            raw, [table.encoding, *(rival.encoding for rival in table.rivals)], file.name, given
        )
    except SourceError as error:
        _put_right_elsewhere(error, file.name)
        raise
    return Columns(first.table, first.ours, rivals)


def _put_right_elsewhere(error: SourceError, shown: str) -> None:
    # It is no file of the office, which `validate` reads: what is wrong in it is put right where it comes from.
    hint = f"save {shown} anew where it comes from, then give this command again"
    error.told_as("nothing was brought in", hint)


def _mapped(raw: bytes, encodings: Sequence[str], shown: str, given: Sequence[str]) -> list[Columns]:
    """The table in each of these encodings in which it has the given columns. Raises InputError if in none."""
    found: list[Columns] = []
    errors: list[InputError] = []
    for encoding in encodings:
        table = parse(raw, shown, encoding=encoding, is_heading=is_heading)
        try:
            found.append(Columns(table, guess(table) | _pairs(given, headers_of(table))))
        except InputError as error:
            errors.append(error)
    if not found:
        raise errors[0]
    return found


def _languages(session: Session) -> list[str]:
    """The languages of whom an office writes to, the likeliest first; nothing where its own files cannot be read."""
    with suppress(SourceError, InputError):
        office = office_of(session)
        known = Counter(contact.language for contact in contacts_of(session, office).all if contact.language)
        return [office.country, office.language, *(language for language, _count in known.most_common())]
    return []


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
