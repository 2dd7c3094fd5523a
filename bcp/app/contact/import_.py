"""`contact import`: a foreign spreadsheet becomes a contact file; between two steps a person looks at its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bcp.app.office import office_of
from bcp.app.session import Session
from bcp.contact import bring, foreign_wish
from bcp.contact.load import reserved
from bcp.contact.rows import OPTED_OUT, with_mobile
from bcp.contact.vcard import Cards, begins_as_cards, is_cards, read_cards
from bcp.errors import InputError, Mistake, SourceError
from bcp.table import Table, read, read_bytes


@dataclass(frozen=True, slots=True)
class Columns:
    """A foreign table, and the column of ours that each of its headers becomes; None for one that is left out.

    A column may also become one of `foreign_wish.MEANINGS`. `said` are the headers of which a person said it. `notes`
    name what is no contact, each with its place.
    """

    table: Table
    ours: Mapping[str, str | None]
    said: frozenset[str] = frozenset()
    notes: Sequence[Mistake] = ()

    def rows(self) -> list[dict[str, str]]:
        """The contacts, by our columns. Raises InputError where no column is the name, or two are the same."""
        return bring.mapped(*foreign_wish.with_wishes(self.table, self._headers, self.ours))

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

    def columns(self) -> set[str]:
        """Our columns that the table has."""
        found = {column for column in self.ours.values() if column}
        return {OPTED_OUT if column in foreign_wish.MEANINGS else column for column in found}

    @property
    def _headers(self) -> list[str]:
        return [one.text.strip() for one in self.table.header]


def columns_of(session: Session, file: Path, into: str, given: Sequence[str]) -> Columns:
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
        if is_cards(file) or begins_as_cards(read_bytes(file, file.name)):
            return _cards(file, office_of(session).country, given)
        table = read(file, file.name)
    except SourceError as error:
        # It is no file of the office, which `validate` reads: what is wrong in it is put right where it comes from.
        error.told_as(
            "nothing was brought in",
            f"save {file.name} anew where it comes from, then give this command again",
        )
        raise
    return _said_of(table, bring.guess(table), given)


def _said_of(table: Table, guessed: Mapping[str, str | None], given: Sequence[str]) -> Columns:
    """The columns as guessed and as a person said. Raises InputError for what was said wrongly."""
    headers = [one.text.strip() for one in table.header]
    said = _pairs(given, headers)
    foreign_wish.refuse_opposites(table, headers, said)
    ours = {**guessed, **foreign_wish.guessed(table, headers), **said}
    return Columns(table, ours, frozenset(said))


def _cards(file: Path, country: str, given: Sequence[str]) -> Columns:
    """The cards of a file as a table. Raises SourceError where one of them never ends."""
    cards = read_cards(file, file.name)
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
