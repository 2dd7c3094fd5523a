"""Paper as a table, for the brave: one row a step, a promise, a decision or a line of the log."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path

from bcp.cli.recorded import IMPROVE, LOG, PROMISE, Paper, sheet_of
from bcp.errors import InputError
from bcp.incident.paper_rows import Vow, decided, improvement, noted, promised
from bcp.incident.state import StepState
from bcp.yes_no import read_yes_no

_COLUMNS = ("step", "time", "outcome", "initials", "result", "facts")


def from_table(paper: Paper, table: Path) -> None:
    """Take a table in: every row is read before a mistake is told, so that all are told at once."""
    wrong = []
    for number, row in _rows(table):
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


def _rows(table: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = table.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise InputError(
            f"{table} cannot be read", "name a text file in UTF-8 with commas or semicolons"
        ) from None
    delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    reader = csv.DictReader(StringIO(text, newline=""), delimiter=delimiter)
    missing = [column for column in _COLUMNS[:4] if column not in (reader.fieldnames or ())]
    if missing:
        raise InputError(f"{table} has no column {', '.join(missing)}", f"the columns: {', '.join(_COLUMNS)}")
    try:
        for row in reader:
            yield reader.line_num, {column: row.get(column) or "" for column in _COLUMNS}
    except csv.Error as error:
        raise InputError(
            f"{table}:{reader.line_num}: this line cannot be read: {error}", "look at it again"
        ) from None


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
