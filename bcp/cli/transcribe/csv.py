"""Paper as a table, for the brave: one row a step, a promise, a decision or a line of the log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bcp.errors import InputError
from bcp.table import Table, read
from bcp.transcript.line import Cells
from bcp.transcript.transcript import Transcript

_COLUMNS = ("step", "time", "outcome", "initials", "result", "facts")


def from_table(sheet: Transcript, path: Path) -> None:
    """Take a table in: every row is read before a mistake is told, so that all are told at once."""
    wrong = []
    for number, cells in _rows(read(path, str(path))):
        try:
            sheet.add_cells(cells)
        except InputError as error:
            wrong.append(f"{path}:{number}: {error.message}")
    if wrong:
        raise InputError(
            f"these lines cannot be read: {' · '.join(wrong)}",
            f"the columns: {', '.join(_COLUMNS)}; facts as name=value; name=value",
        )


def _rows(table: Table) -> Iterator[tuple[int, Cells]]:
    """Each row with the number of its line; a cell that is not there is empty. Raises InputError for a column."""
    places = {cell.text.strip().casefold(): place for place, cell in enumerate(table.header)}
    missing = [column for column in _COLUMNS[:4] if column not in places]
    if missing:
        words = f"{table.shown} has no column {', '.join(missing)}"
        raise InputError(words, f"the columns: {', '.join(_COLUMNS)}")
    for row in table.rows:
        texts = dict(enumerate(cell.text for cell in row))
        what, time, outcome, by, result, facts = (texts.get(places.get(name, -1), "") for name in _COLUMNS)
        pairs = [part.partition("=") for part in facts.split(";") if part.strip()]
        told = {name.strip(): value.strip() for name, _equals, value in pairs}
        yield (
            table.line(row[0].at),
            Cells(what.strip(), time.strip(), outcome, by.strip(), result.strip(), told),
        )
