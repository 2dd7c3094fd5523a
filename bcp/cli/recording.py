"""`bcp incident record`: leads through the sheet in its order, one line a step, and writes all of it at once."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bcp.cli.console import is_attended, say, show, show_next
from bcp.cli.wiring import Session
from bcp.errors import Conflict, Exit, InputError, PersonNeeded
from bcp.event import NOTHING, Entry, Log
from bcp.fact import Fact, Place
from bcp.incident.answer import Answer, fact_of, missing_facts, read_facts
from bcp.incident.book import Book
from bcp.incident.paper import (
    HOW,
    Line,
    clashes,
    entries_after,
    line_of,
    read_outcome,
    read_person,
    read_time,
)
from bcp.incident.paper import write as write_lines
from bcp.incident.state import Incident, StepState
from bcp.page.content import numbers
from bcp.page.incident import incident_content
from bcp.times import local, local_clock
from bcp.tongue import _

_HELP = (
    "time outcome initials result   such as: 9:12 x AN   or: +15 skip PL no cable\n"
    "  outcomes: x done, f failed, s skipped, n not-applicable, p deferred (all but done with the reason)\n"
    "  Enter: nothing on paper.  <: one step back.  NUMBER: to that step.  end: that was all."
)
_COLUMNS = ("step", "time", "outcome", "initials", "result", "facts")
_YES = ("y", "yes", "tak", "t", "ano", "ja", "j", "ναι")


@dataclass
class Paper:
    """What is being typed: the incident as it was before, who types, and the lines so far."""

    incident: Incident
    typist: str
    now: datetime
    place: Place
    lines: dict[str, Line] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """The steps get the numbers that they have on the sheet."""
        given = numbers(incident_content(self.incident))
        self.numbers = {name: number for name, number in given.items() if name in self.incident}
        self.order = list(self.numbers)

    def in_order(self) -> list[Line]:
        """The lines, in the order of the sheet."""
        return [self.lines[step] for step in self.order if step in self.lines]

    def read(
        self, step: StepState, typed: str, given: Mapping[str, str] | None, ask: Callable[[Fact], str]
    ) -> Line:
        """One line as it was typed; the facts are `given`, or asked for. Raises InputError."""
        parts = typed.split(maxsplit=3)
        outcome = read_outcome(parts[1]) if len(parts) > 1 else "done"
        at = read_time(parts[0], self.incident.opened_at, self.now, self.incident.zone)
        who = read_person(parts[2], self.incident.plan["people"]) if len(parts) > 2 else self.typist
        note = parts[3] if len(parts) > 3 else ""
        wanted = [fact_of(told) for told in step.plan["facts"]] if outcome == "done" else []
        told = given if given is not None else {fact.name: ask(fact) for fact in wanted}
        facts = read_facts(step, {name: value for name, value in told.items() if value.strip()}, self.place)
        missing = missing_facts(step, facts) if outcome == "done" else []
        if missing:
            raise InputError(
                f"{step.id}: the answer is missing: {', '.join(missing)}", "write it as it stands on paper"
            )
        answer = Answer(outcome, who, note, facts, True, at, self.typist, HOW)
        return line_of(self.incident, step.id, answer)


def record(session: Session, book: Book, by: str, table: Path | None) -> int:
    """Take the sheet of an incident into its journal: typed line by line, or from a table."""
    paper = Paper(book.incident, by, session.clock.now(), session.place(book.incident))
    _fill(paper, table)
    rows = list(book.log.rows(book.incident.id))
    if not _agreed(paper, clashes(rows, book.incident.id, paper.in_order(), session.clock), table):
        return Exit.OK
    write_lines(book, paper.in_order(), session.clock)
    return _done(book)


def record_from_nothing(session: Session, first: Entry, stream: str, by: str, table: Path | None) -> int:
    """Enter an incident that lived on paper only: its first event and all its lines, in one go."""
    from bcp.incident.memory import Memory

    trial = Memory(session.clock)
    trial.append(stream, NOTHING, [first])
    incident = Book(trial, stream).incident
    paper = Paper(incident, by, session.clock.now(), session.place(incident))
    _fill(paper, table)
    rows = list(trial.rows(stream))
    if not _agreed(paper, clashes(rows, stream, paper.in_order(), session.clock), table):
        return Exit.OK
    _append(session.log, stream, entries_after(first, stream, paper.in_order(), session.clock))
    return _done(Book(session.log, stream))


def _append(log: Log, stream: str, entries: list[Entry]) -> None:
    try:
        log.append(stream, NOTHING, entries)
    except Conflict:
        raise InputError(
            f"{stream} is there already", f"enter the paper there: bcp incident record --incident {stream}"
        ) from None


def _fill(paper: Paper, table: Path | None) -> None:
    if table is not None:
        _from_table(paper, table)
    elif is_attended():
        _from_terminal(paper)
    else:
        raise PersonNeeded(
            "somebody must read the paper and type", "without a terminal: bcp incident record --csv FILE"
        )


def _from_terminal(paper: Paper) -> None:
    say(_HELP)
    index = 0
    while index < len(paper.order):
        step = paper.incident[paper.order[index]]
        say(f"{paper.numbers[step.id]:>3}  {step.title}{_so_far(paper, step)}", "bold")
        typed = _line()
        if typed == "end":
            return
        index = _take(paper, step, typed, index)


def _take(paper: Paper, step: StepState, typed: str, index: int) -> int:
    """Take one line; the index of the step that comes next."""
    if typed == "<":
        return max(0, index - 1)
    if typed.isdigit() and len(typed) < 3 and 0 < int(typed) <= len(paper.order):
        return int(typed) - 1
    if typed:
        try:
            paper.lines[step.id] = paper.read(step, typed, None, _ask)
        except InputError as error:
            say(f"     {error.message}. {error.hint}", "yellow")
            return index
    return index + 1


def _so_far(paper: Paper, step: StepState) -> str:
    """What the journal, or a line typed before, says of the step."""
    line = paper.lines.get(step.id)
    if line is not None:
        return f"   [{_said(paper, line)}]"
    if step.answered and step.at is not None:
        at = local_clock(step.at, paper.incident.zone, paper.now)
        return _("   [written already: {outcome} {at}]").format(outcome=step.outcome, at=at)
    return ""


def _ask(fact: Fact) -> str:
    values = f" ({', '.join(fact.values)})" if fact.values else ""
    say(f"     {fact.ask}{values}")
    return _line()


def _line() -> str:
    sys.stderr.write("     > ")
    sys.stderr.flush()
    typed = sys.stdin.readline()
    if not typed:
        raise KeyboardInterrupt
    return typed.strip()


def _from_table(paper: Paper, table: Path) -> None:
    """Every row is read before a mistake is told, so that all are told at once."""
    wrong = []
    for number, row in _rows(table):
        try:
            step = _step_of(paper, row["step"])
            typed = " ".join(row[column].strip() for column in ("time", "outcome", "initials", "result"))
            paper.lines[step.id] = paper.read(step, typed, _facts(row["facts"]), _ask)
        except InputError as error:
            wrong.append(f"{table}:{number}: {error.message}")
    if wrong:
        told = "\n".join(["these lines cannot be read:", *wrong])
        raise InputError(told, f"the columns: {', '.join(_COLUMNS)}; facts as name=value; name=value")


def _rows(table: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = table.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise InputError(
            f"{table} cannot be read", "name a text file in UTF-8 with commas or semicolons"
        ) from None
    delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    reader = csv.DictReader(text.splitlines(), delimiter=delimiter)
    missing = [column for column in _COLUMNS[:4] if column not in (reader.fieldnames or ())]
    if missing:
        raise InputError(f"{table} has no column {', '.join(missing)}", f"the columns: {', '.join(_COLUMNS)}")
    for number, row in enumerate(reader, 2):
        yield number, {column: row.get(column) or "" for column in _COLUMNS}


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


def _agreed(paper: Paper, wrong: Mapping[str, InputError], table: Path | None) -> bool:
    """Show the whole; whether it is to be written. What clashes is told, and then nothing is written."""
    lines = paper.in_order()
    if not lines:
        say(_("Nothing was entered, nothing was written."))
        return False
    show(local(paper.incident.opened_at, paper.incident.zone) + "  T0")
    for line in lines:
        show(f"{paper.numbers[line.step]:>3}  {paper.incident[line.step].title}")
        show(f"     {_said(paper, line)}", "red" if line.step in wrong else None)
        if line.step in wrong:
            show(f"     → {wrong[line.step].message}", "bold")
    if wrong:
        raise InputError(
            f"{len(wrong)} of {len(lines)} lines do not fit; nothing was written",
            "look at the paper again, correct the lines named above, and enter them anew",
        )
    if table is not None:
        return True
    say(_("Write all of this into the journal? (yes/no)"), "bold")
    if _line().lower() in _YES:
        return True
    say(_("Nothing was written."))
    return False


def _said(paper: Paper, line: Line) -> str:
    answer = line.answer
    assert answer.at is not None
    at = local_clock(answer.at, paper.incident.zone, paper.now)
    facts = ", ".join(f"{name} = {value}" for name, value in answer.facts.items())
    parts = (at, answer.outcome, paper.incident.name_of(answer.by), answer.note, facts)
    return "  ".join(part for part in parts if part)


def _done(book: Book) -> int:
    say(_("Written down, each line marked as from paper."), "green")
    show_next(
        (
            f"bcp incident log --incident {book.incident.id}",
            f"bcp incident close --incident {book.incident.id}",
        )
    )
    return Exit.OK
