"""`bcp incident record`: leads through the sheet in its order, one line a step, and writes all of it at once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bcp.cli.console import is_attended, say, show, show_next
from bcp.cli.recorded import Paper
from bcp.cli.recording_rows import ask_fact, ask_rows
from bcp.cli.recording_table import from_table
from bcp.cli.wiring import Session
from bcp.errors import Conflict, Exit, InputError, PersonNeeded
from bcp.event import NOTHING, Entry, Log
from bcp.incident.book import Book
from bcp.incident.paper import Line, clashes, entries_after
from bcp.incident.paper import write as write_lines
from bcp.incident.paper_rows import words_of
from bcp.incident.state import StepState
from bcp.times import local, local_clock
from bcp.tongue import _

_HELP = (
    "time outcome initials result   such as: 9:12 x AN   or: +15 skip PL no cable\n"
    "  outcomes: x done, f failed, s skipped, n not-applicable, p deferred (all but done with the reason)\n"
    "  Enter: nothing on paper.  <: one step back.  NUMBER: to that step.  end: no more steps."
)
_YES = ("y", "yes", "tak", "t", "ano", "ja", "j", "ναι")


def record(session: Session, book: Book, by: str, table: Path | None) -> int:
    """Take the sheet of an incident into its journal: typed line by line, or from a table."""
    paper = Paper(book.incident, by, session.clock.now(), session.place(book.incident))
    _fill(paper, table)
    rows = list(book.log.rows(book.incident.id))
    if not _agreed(paper, lambda: clashes(rows, book.incident.id, paper.in_order(), session.clock), table):
        return Exit.OK
    write_lines(book, paper.in_order(), session.clock, paper.rest)
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
    if not _agreed(paper, lambda: clashes(rows, stream, paper.in_order(), session.clock), table):
        return Exit.OK
    _append(session.log, stream, entries_after(first, stream, paper.in_order(), session.clock, paper.rest))
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
        from_table(paper, table)
    elif is_attended():
        _from_terminal(paper)
        ask_rows(paper, _line)
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
    if typed.isdecimal() and len(typed) < 3 and 0 < int(typed) <= len(paper.order):
        return int(typed) - 1
    if typed:
        try:
            paper.lines[step.id] = paper.read(step, typed, None, lambda fact: ask_fact(fact, _line))
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


def _line() -> str:
    sys.stderr.write("     > ")
    sys.stderr.flush()
    typed = sys.stdin.readline()
    if not typed:
        raise KeyboardInterrupt
    return typed.strip()


def _agreed(paper: Paper, find: Callable[[], Mapping[str, InputError]], table: Path | None) -> bool:
    """Show the whole until it fits; whether it is to be written. A table that does not fit is refused as a whole."""
    while paper.lines or paper.rows:
        wrong = find()
        _show_whole(paper, wrong)
        if wrong and table is not None:
            raise InputError(
                f"{len(wrong)} of {len(paper.lines)} lines do not fit; nothing was written",
                "look at the paper again, correct the lines named above, and enter them anew",
            )
        if table is not None:
            return True
        if wrong:
            say(
                _("These lines do not fit. Once more, as they stand on paper; Enter leaves a line out."),
                "bold",
            )
            _correct(paper, list(wrong))
            continue
        say(_("Write all of this into the journal? (yes, no, or the number of a line to correct)"), "bold")
        typed = _line().lower()
        named = [step for step, number in paper.numbers.items() if typed == str(number)]
        if not named:
            if typed not in _YES:
                say(_("Nothing was written."))
            return typed in _YES
        _correct(paper, named)
    say(_("Nothing was entered, nothing was written."))
    return False


def _show_whole(paper: Paper, wrong: Mapping[str, InputError]) -> None:
    show(local(paper.incident.opened_at, paper.incident.zone) + "  T0")
    for line in paper.in_order():
        show(f"{paper.numbers[line.step]:>3}  {paper.incident[line.step].title}")
        show(f"     {_said(paper, line)}", "red" if line.step in wrong else None)
        if line.step in wrong:
            show(f"     → {wrong[line.step].message}", "bold")
    for row in paper.rows:
        show(f"  ·  {words_of(row, paper.incident, paper.now)}")


def _correct(paper: Paper, steps: Sequence[str]) -> None:
    """Ask for these lines anew; what else was typed stays."""
    for name in steps:
        step = paper.incident[name]
        index = paper.order.index(name)
        while True:
            say(f"{paper.numbers[name]:>3}  {step.title}{_so_far(paper, step)}", "bold")
            typed = _line()
            if not typed:
                paper.lines.pop(name, None)
            if _take(paper, step, typed, index) == index + 1:
                break


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
