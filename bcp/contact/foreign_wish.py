"""Columns of a foreign table that say who wishes no letters, or the other way round who agreed to them.

A consent is the opposite of an opt-out, and to what somebody agreed nobody can tell by the header: so what it means is
for a person to say, and none of it is left out without a word.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple, get_args

from bcp.contact import wish
from bcp.contact.rows import OPTED_OUT
from bcp.errors import InputError
from bcp.table import Cell, Table

Meaning = Literal["opted_out", "consent", "consent-or-empty"]
"""What a column says: a yes is an opt-out; whoever says no yes there gets nothing; so does who says no there."""
MEANINGS: tuple[str, ...] = get_args(Meaning)
_YES = "yes"
_REMARK = "remark"
_MOST_REMARK = 100
"""Letters of a remark that stand in the contact file."""


class Consents(NamedTuple):
    """What stands in a column of consents: how many say yes, no, nothing, and what nobody can read."""

    header: str
    yes: int
    no: int
    empty: int
    unread: int


def consents(table: Table, headers: Sequence[str], ours: Mapping[str, str | None]) -> list[Consents]:
    """The columns that seem to hold consents, of those that become nothing of ours."""
    found = []
    for place, header in enumerate(headers):
        cells = _column(table, place)
        if not ours.get(header) and wish.sense(header, cells) == "consent":
            said = [wish.agreed(cell) for cell in cells]
            empty = sum(not cell.strip() for cell in cells)
            unread = said.count(None) - empty
            found.append(Consents(header, said.count(True), said.count(False), empty, unread))
    return found


def guessed(table: Table, headers: Sequence[str]) -> dict[str, str | None]:
    """What the columns become that say something of a wish, whatever else stands in them: a consent is not guessed."""
    senses = {header: wish.sense(header, _column(table, place)) for place, header in enumerate(headers)}
    return {header: OPTED_OUT if said == OPTED_OUT else None for header, said in senses.items() if said}


def refuse_opposites(table: Table, headers: Sequence[str], ours: Mapping[str, str | None]) -> None:
    """Raises InputError where a column of consents is to become the opposite."""
    for place, header in enumerate(headers):
        if ours.get(header) == OPTED_OUT and wish.sense(header, _column(table, place)) == "consent":
            words = f'the column "{header}" seems to say who agrees to letters, which is the opposite of opted_out'
            raise InputError(words, how_to_say(header))


def how_to_say(header: str) -> str:
    """The ways to say what a column of consents means."""
    return (
        f'whoever does not say yes there gets nothing: --map "{header}=consent"\n'
        f'whoever says no there gets nothing: --map "{header}=consent-or-empty"\n'
        f'leave that column out: --map "{header}="'
    )


def asked(table: Table, headers: Sequence[str], ours: Mapping[str, str | None]) -> dict[int, list[Cell]]:
    """From the places of columns that become nothing of ours to their cells that ask for no letters: a remark does."""
    places = [place for place, header in enumerate(headers) if not ours.get(header)]
    found = {
        place: [row[place] for row in table.rows if place < len(row) and wish.asks(row[place].text)]
        for place in places
    }
    return {place: cells for place, cells in found.items() if cells}


def with_wishes(
    table: Table, headers: Sequence[str], ours: Mapping[str, str | None], said: Collection[str] = ()
) -> tuple[Table, dict[str, str | None]]:
    """The table with one column `opted_out`, made of all columns with a meaning, in the place of the first of them.

    So is what stands in other columns and asks for no letters; not in those of which a person `said` what they are.
    """
    meanings = {
        place: str(ours[header]) for place, header in enumerate(headers) if ours.get(header) in MEANINGS
    }
    meanings |= {place: _REMARK for place in asked(table, headers, ours) if headers[place] not in said}
    if not meanings:
        return table, dict(ours)
    first = min(meanings)
    rows = []
    for row in table.rows:
        padded = [*row, *(Cell("", row[-1].at) for _missing in range(first + 1 - len(row)))]
        wished = (
            _said(headers[place], padded[place].text if place < len(padded) else "", meaning)
            for place, meaning in meanings.items()
        )
        padded[first] = Cell(next(filter(None, wished), ""), padded[first].at)
        rows.append(padded)
    none = {headers[place]: None for place in meanings}
    return replace(table, rows=rows), {**ours, **none, headers[first]: OPTED_OUT}


def _said(header: str, text: str, meaning: str) -> str:
    """The cell of `opted_out` that a cell with this meaning is; what cannot be read stays, so that it is named."""
    if meaning == OPTED_OUT:
        try:
            return text.strip() if wish.opted_out(text) else ""
        except ValueError:
            return text.strip()
    if meaning == _REMARK:
        return f"{header}: {' '.join(text.split())[:_MOST_REMARK]}" if wish.asks(text) else ""
    agreed = wish.agreed(text)
    if agreed is None and text.strip():
        return f"{header}: {text.strip()}"
    is_told = agreed or (agreed is None and meaning == "consent-or-empty")
    return "" if is_told else _YES


def _column(table: Table, place: int) -> list[str]:
    return [row[place].text if place < len(row) else "" for row in table.rows]
