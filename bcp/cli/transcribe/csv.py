"""Paper as a table, for the brave: one row a step, a promise, a decision or a line of the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from bcp.cli.transcribe.transcript import IMPROVE, LOG, PROMISE, Paper, sheet_of
from bcp.errors import InputError
from bcp.incident.state import StepState
from bcp.table import Table, read
from bcp.transcript.tables import Vow, decided, improvement, noted, promised
from bcp.yes_no import read_yes_no

_COLUMNS = ("step", "time", "outcome", "initials", "result", "facts")


def from_table(paper: Paper, table: Path) -> None:
    """Take a table in: every row is read before a mistake is told, so that all are told at once."""
    wrong = []
    found = read(table, str(table))
    for number, row in _rows(found):
        try:
            _take(paper, row)
        except InputError as error:
            wrong.append(f"{table}:{number}: {error.message}")
    if wrong:
        told = "\n".join(["these lines cannot be read:", *wrong])
        raise InputError(told, f"the columns: {', '.join(_COLUMNS)}; facts as name=value; name=value")


def _take(paper: Paper, row: Mapping[str, str]) -> None:
    """A row names a step, or says `log`, `promise`, `improve` or a decision, as `D1`."""
    what, time, by, said = (row[column].strip() for column in ("step", "time", "initials", "result"))
    facts = _facts(row["facts"])
    if what.casefold() == LOG:
        paper.rows.append(noted(paper.desk, time, said, by))
    elif what.casefold() == PROMISE:
        who, due = facts.get("from", ""), facts.get("due", "")
        paper.rows.append(promised(paper.desk, Vow(time, who, said, due, row["outcome"], by)))
    elif what.casefold() == IMPROVE:
        paper.rows.append(improvement(paper.desk, said, by))
    elif what.upper() in paper.decisions:
        decision = paper.decisions[what.upper()]
        paper.rows.append(decided(paper.desk, decision, time, row["outcome"], by))
    else:
        step = _step_of(paper, what)
        if step.id in paper.lines:
            raise InputError(f'the step "{what}" stands there twice')
        typed = f"{time} {row['outcome'].strip() or 'done'} {by or paper.typist} {said}"
        has_sheet = bool(sheet_of(step)) and read_yes_no(facts.pop("sheet", ""), ticks=True) is True
        paper.lines[step.id] = paper.read(step, typed, facts, lambda _fact: "")
        if has_sheet:
            paper.enter(step)


def _rows(table: Table) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row with the number of its line; a cell that is not there is empty. Raises InputError for a column."""
    places = {cell.text.strip().casefold(): place for place, cell in enumerate(table.header)}
    missing = [column for column in _COLUMNS[:4] if column not in places]
    if missing:
        words = f"{table.shown} has no column {', '.join(missing)}"
        raise InputError(words, f"the columns: {', '.join(_COLUMNS)}")
    for row in table.rows:
        texts = dict(enumerate(cell.text for cell in row))
        yield table.line(row[0].at), {column: texts.get(places.get(column, -1), "") for column in _COLUMNS}


def _step_of(paper: Paper, named: str) -> StepState:
    """A step by its number on the sheet, or by its id."""
    by_number = {str(number): step for step, number in paper.numbers.items()}
    wanted = by_number.get(named.strip(), named.strip())
    if wanted not in paper.incident:
        raise InputError(f'the sheet has no step "{named}"')
    return paper.incident[wanted]


def _facts(text: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in text.split(";") if part.strip()]
    return {name.strip(): value.strip() for name, _equals, value in pairs}
