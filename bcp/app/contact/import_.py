"""`contact import`: a foreign spreadsheet becomes a contact file; between two steps a person looks at its columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from bcp.app.notice.office import contacts_of
from bcp.app.office import office_of
from bcp.app.session import Session
from bcp.contact import foreign_wish, imported
from bcp.contact.foreign import Brought, brought, examples
from bcp.contact.headers import PARTS, guess, headers_of, is_heading
from bcp.contact.load import reserved
from bcp.contact.rows import OPTED_OUT, with_mobile
from bcp.contact.vcard import Cards, begins_as_cards, is_cards, read_cards
from bcp.encoding.code_pages import named
from bcp.errors import InputError, Mistake, SourceError
from bcp.i18n import _
from bcp.table import Table, parse, read_bytes


@dataclass(frozen=True, slots=True)
class Columns:
    """A foreign table, and the column of ours that each of its headers becomes; None for one that is left out.

    A column may also become one of `foreign_wish.MEANINGS`. `said` are the headers of which a person said it. `notes`
    name what is no contact, each with its place. `rivals` are the same in other encodings, in which the table may be as
    well, the likeliest first.
    """

    table: Table
    ours: Mapping[str, str | None]
    said: frozenset[str] = frozenset()
    notes: Sequence[Mistake] = ()
    rivals: Sequence[Columns] = ()

    def brought(self) -> Brought:
        """The contacts, by our columns, and what is named beside them.

        Raises InputError where no column is the name, or two are the same; SourceError with each row in which nobody
        can tell which cell belongs to which column.
        """
        try:
            if foreign_wish.asked(self.table, self._headers, self.ours):
                # A remark gives way to the wish in it, and would hide that it swallowed the rows of others.
                brought(self.table, {**self.ours, **dict.fromkeys(self._meant())})
            found = brought(*foreign_wish.with_wishes(self.table, self._headers, self.ours, self.said))
        except SourceError as error:
            _put_right_elsewhere(error, self.table.shown)
            raise
        found.notes += self._asked()
        return found

    def _meant(self) -> list[str]:
        return [header for header, column in self.ours.items() if column in foreign_wish.MEANINGS]

    def _asked(self) -> Iterator[Mistake]:
        """The cells that were read as a wish for no letters, in columns that are about something else."""
        for place, cells in foreign_wish.asked(self.table, self._headers, self.ours).items():
            header = self._headers[place]
            for cell in cells if header not in self.said else ():
                words = f'"{cell.text.strip()[:60]}" ({header}) was read as: this contact gets no notices'
                yield self.table.mistake(cell.at, words, f'to leave that column out: --map "{header}="')

    def examples(self) -> list[str]:
        """Three names as they were decoded, those with letters outside ASCII first."""
        return examples(*foreign_wish.with_wishes(self.table, self._headers, self.ours, self.said))

    def consents(self) -> list[foreign_wish.Consents]:
        """The columns of consents of which nobody has said what they mean."""
        return [
            one
            for one in foreign_wish.consents(self.table, self._headers, self.ours)
            if one.header not in self.said
        ]

    def meaning(self, header: str, meaning: str) -> Columns:
        """The same, where a person has said what this column means."""
        return replace(self, ours={**self.ours, header: meaning}, said=self.said | {header})

    def person_said(self) -> dict[str, str | None]:
        """What a person said of the columns, by their headers."""
        return {header: column for header, column in self.ours.items() if header in self.said}

    def columns(self) -> set[str]:
        """Our columns that the table has."""
        found = {column for column in self.ours.values() if column}
        found |= {column for row in self.brought().rows for column in row}
        return {OPTED_OUT if column in foreign_wish.MEANINGS else column for column in found} - {*PARTS}

    @property
    def _headers(self) -> list[str]:
        return headers_of(self.table)


def columns_of(session: Session, file: Path, into: str, given: Sequence[str], encoding: str = "") -> Columns:
    """What a table would become as `contacts/INTO.csv`; nothing is written.

    `given` are pairs such as `Firma=name`; what they leave open is as it was said when that file was imported before,
    or guessed. `encoding` is that of the table, if a
    person knows it. Raises InputError for a name, a column or an encoding that there is not, SourceError for a table
    that cannot be read.
    """
    refused = reserved(into)
    if refused is not None:
        raise InputError(*refused)
    if not into.replace("-", "").replace("_", "").isalnum():
        raise InputError(f'"{into}" is no name for a contact file', "one word, such as: --into suppliers")
    if encoding and not named(encoding):
        hint = "such as: utf-8, utf-16, cp1250, cp1252, cp1253, cp852"
        raise InputError(f'there is no encoding "{encoding}"', hint)
    try:
        with session.progress.task(_("Reading {file}").format(file=file.name)):
            raw = read_bytes(file, file.name)
            if is_cards(file) or begins_as_cards(raw):
                found = _cards(file, office_of(session).country, given)
            else:
                found = _read(raw, file.name, _languages(session), given, named(encoding))
        return _remembered(found, imported.said(session.folder, into))
    except SourceError as error:
        _put_right_elsewhere(error, file.name)
        raise


def _remembered(columns: Columns, before: imported.Said) -> Columns:
    """The columns, with what was said of them before."""
    known = {
        header: column
        for header, column in before.items()
        if header in columns.ours and header not in columns.said
    }
    return replace(
        columns,
        ours={**columns.ours, **known},
        said=columns.said | known.keys(),
        rivals=[_remembered(each, before) for each in columns.rivals],
    )


def _put_right_elsewhere(error: SourceError, shown: str) -> None:
    # It is no file of the office, which `validate` reads: what is wrong in it is put right where it comes from.
    hint = f"save {shown} anew where it comes from, then give this command again"
    error.told_as("nothing was brought in", hint)


def _read(raw: bytes, shown: str, languages: Sequence[str], given: Sequence[str], encoding: str) -> Columns:
    """The table in the likeliest encoding in which it has the columns that were given, with its rivals."""
    first = parse(raw, shown, languages=languages, encoding=encoding, is_heading=is_heading)
    rivals = (parse(raw, shown, encoding=one.encoding, is_heading=is_heading) for one in first.rivals)
    found: list[Columns] = []
    errors: list[InputError] = []
    for table in (first, *rivals):
        try:
            found.append(_said_of(table, guess(table), given))
        except InputError as error:
            errors.append(error)
    if not found:
        raise errors[0]
    return replace(found[0], rivals=found[1:])


def _languages(session: Session) -> list[str]:
    """The languages in which an office writes, the likeliest first; nothing where its own files cannot be read."""
    with suppress(SourceError, InputError):
        office = office_of(session)
        known = Counter(contact.language for contact in contacts_of(session, office).all if contact.language)
        return [office.country, office.language, *(language for language, _count in known.most_common())]
    return []


def _said_of(table: Table, guessed: Mapping[str, str | None], given: Sequence[str]) -> Columns:
    """The columns as guessed and as a person said. Raises InputError for what was said wrongly."""
    headers = headers_of(table)
    said = _pairs(given, headers)
    foreign_wish.refuse_opposites(table, headers, said)
    ours = {**guessed, **foreign_wish.guessed(table, headers), **said}
    return Columns(table, ours, frozenset(said))


def _cards(file: Path, country: str, given: Sequence[str]) -> Columns:
    """The cards of a file as a table. Raises SourceError where one of them never ends."""
    cards = read_cards(file, file.name, [country])
    if cards.mistakes:
        raise SourceError(cards.mistakes)
    whole = cards._replace(rows=[dict(with_mobile(row, country)) for row in cards.rows])
    table = whole.as_table()
    return replace(_said_of(table, Cards.columns(table), given), notes=whole.left_out)


def _pairs(texts: Sequence[str], headers: Sequence[str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for text in texts:
        header, equals, column = text.rpartition("=")
        if not equals or header not in headers:
            known = ", ".join(f'"{name}"' for name in headers)
            raise InputError(f'the file has no column "{header or text}"', f"it has: {known}")
        found[header] = column or None
    return found
