"""`bcp incident record`: leads through the sheet in its order, one line a step, and writes all of it at once."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from bcp.app.session import Session
from bcp.cli.terminal.output import is_attended, say, show_next
from bcp.cli.transcribe.csv import from_table
from bcp.cli.transcribe.draft import Interrupted, again_from_nothing, at_desk, begun_with, finish, open_paper
from bcp.cli.transcribe.rows import ask_fact, ask_rows
from bcp.cli.transcribe.show import explain, show_whole, so_far
from bcp.cli.transcribe.sub_sheets import leads, show_leads, wants_to_go_on
from bcp.cli.transcribe.transcript import Paper, sheet_of
from bcp.errors import Conflict, Exit, InputError, PersonNeeded
from bcp.event import NOTHING, Entry
from bcp.i18n import _
from bcp.incident.answer import noun
from bcp.incident.journal import STARTED, Book
from bcp.incident.memory_log import Memory
from bcp.incident.standdown import refuse_closed
from bcp.incident.state import StepState
from bcp.transcript.draft import THROUGH, Draft
from bcp.transcript.line import clashes, entries_after
from bcp.transcript.line import write as write_lines
from bcp.yes_no import read_yes_no


def record(session: Session, book: Book, by: str, table: Path | None) -> int:
    """Take the sheet of an incident into its journal: typed line by line, or from a table."""
    refuse_closed(book.incident)
    if table is None:
        return _typed(session, book, by)
    paper = _from_table(session, book, by, table)
    if paper is None:
        return Exit.OK
    write_lines(book, paper.in_order(), session.clock, paper.rest)
    say(_("Written down, each line marked as from paper."), "green")
    return _done(book, leads(book.incident, paper))


def record_from_nothing(session: Session, first: Entry, stream: str, by: str, table: Path | None) -> int:
    """Enter an incident that lived on paper only: its first event and all its lines, in one go."""
    if stream in session.log.streams(STARTED):
        raise _there_already(stream)
    trial = Memory(session.clock)
    trial.append(stream, NOTHING, [first])
    book = Book(trial, stream)
    if table is None:
        return _typed(session, book, by, first=first)
    paper = _from_table(session, book, by, table)
    if paper is None:
        return Exit.OK
    book = _opened(session, first, stream, paper)
    say(_("Written down, each line marked as from paper."), "green")
    return _done(book, leads(book.incident, paper))


def _from_table(session: Session, book: Book, by: str, table: Path) -> Paper | None:
    """What a table says, if it fits and holds anything."""
    paper = Paper(book.incident, by, session.clock.now(), session.place(book.incident))
    from_table(paper, table)
    return paper if _agreed(session, book, paper, table) else None


def _typed(session: Session, book: Book, by: str, first: Entry | None = None) -> int:
    """Lead through the sheet, and on to the sheets that it led on to."""
    if not is_attended():
        raise PersonNeeded(
            "somebody must read the paper and type", "without a terminal: bcp incident record --csv FILE"
        )
    try:
        left = _sheet(session, book, by, first=first)
    except Interrupted:
        return Exit.INTERRUPTED
    return Exit.OK if left is None else _done(Book(session.log, book.incident.id), left)


def _sheet(
    session: Session, book: Book, by: str, below: str = "", first: Entry | None = None
) -> list[str] | None:
    """Type one sheet and write it as a whole, then those that it led on to; what of them is left for later.

    None where nothing is to be written. Raises Interrupted.
    """
    incident = book.incident
    begun = Draft(session.stores.paper_draft(incident.id), below=below)
    again = f"bcp {noun(incident)} record --incident {incident.id}"
    if first is not None:
        begun = begun_with(first, incident.id, session)
        again = again_from_nothing(begun, noun(incident))
    with at_desk(session, incident.id, again):
        paper = open_paper(session, incident, by, begun)
        _from_terminal(paper)
        ask_rows(paper, _line)
        if not _agreed(session, book, paper, None):
            show_next((again,) if paper.count else ())
            return None
        if first is not None:
            book = _opened(session, first, incident.id, paper)
        else:
            write_lines(book, paper.in_order(), session.clock, paper.rest)
        finish(paper)
    say(_("Written down, each line marked as from paper."), "green")
    left: list[str] = []
    for lead in leads(book.incident, paper):
        if not wants_to_go_on(book.incident, lead, known=lead in paper.lines):
            left.append(lead)
            continue
        left += _sheet(session, Book(session.log, incident.id), by, below=lead) or []
    return left


def _opened(session: Session, first: Entry, stream: str, paper: Paper) -> Book:
    """Write the incident from nothing."""
    entries = entries_after(first, stream, paper.in_order(), session.clock, paper.rest)
    try:
        session.log.append(stream, NOTHING, entries)
    except Conflict:
        raise _there_already(stream) from None
    return Book(session.log, stream)


def _there_already(stream: str) -> InputError:
    return InputError(
        f"{stream} is there already", f"enter the paper there: bcp incident record --incident {stream}"
    )


def _from_terminal(paper: Paper) -> None:
    explain()
    draft = paper.draft
    assert draft is not None
    index = _where(paper)
    while index < len(paper.order):
        step = paper.incident[paper.order[index]]
        draft.at = step.id
        say(f"{paper.numbers[step.id]:>3}  {step.title}{so_far(paper, step)}", "bold")
        typed = _line()
        if typed == "end":
            break
        index = _take(paper, step, typed, index)
    draft.at = THROUGH
    if paper.count:
        paper.keep()


def _where(paper: Paper) -> int:
    """Where the typing begins, or goes on."""
    at = paper.draft.at if paper.draft else ""
    if at == THROUGH and not paper.pending:
        return len(paper.order)
    places = [paper.order.index(name) for name in (at, *paper.pending) if name in paper.order]
    return min(places, default=0)


def _take(paper: Paper, step: StepState, typed: str, index: int) -> int:
    """Take one line; the index of the step that comes next."""
    if typed == "<":
        return max(0, index - 1)
    if typed.isdecimal() and len(typed) < 3 and 0 < int(typed) <= len(paper.order):
        return int(typed) - 1
    if not typed and step.id in paper.pending:
        typed = paper.pending[step.id].text
    if typed:
        try:
            paper.add_line(step, typed, lambda fact: ask_fact(fact, _line))
        except InputError as error:
            say(f"     {error.message}. {error.hint}", "yellow")
            return index
        _ask_for_sheet(paper, step)
    return index + 1


def _ask_for_sheet(paper: Paper, step: StepState) -> None:
    """A step that says "take the sheet": was that sheet filled in, too?"""
    runbook = sheet_of(step)
    if not runbook or paper.lines[step.id].answer.outcome != "done":
        return
    title = paper.incident.plan["runbooks"][runbook]["title"]
    words = _(
        '     Was the sheet "{title}" filled in, too? Then it comes after this one. (yes, or Enter: no)'
    )
    say(words.format(title=title))
    if read_yes_no(_line()):
        paper.enter(step)


def _line() -> str:
    sys.stderr.write("     > ")
    sys.stderr.flush()
    typed = sys.stdin.readline()
    if not typed:
        raise KeyboardInterrupt
    return typed.strip()


def _agreed(session: Session, book: Book, paper: Paper, table: Path | None) -> bool:
    """Show the whole until it fits; whether it is to be written. A table that does not fit is refused as a whole."""
    while paper.count:
        incident = book.incident.id
        wrong = clashes(list(book.log.rows(incident)), incident, paper.in_order(), session.clock)
        show_whole(paper, wrong)
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
        answer = _last_word(paper)
        if answer is not None:
            return answer
    say(_("Nothing was entered, nothing was written."))
    return False


def _last_word(paper: Paper) -> bool | None:
    """Whether it is to be written; None when something was corrected, and the whole is to be shown again."""
    say(_("Write all of this into the journal? (yes, no, or the number of a line to correct)"), "bold")
    while True:
        typed = _line().lower()
        named = [step for step, number in paper.numbers.items() if typed == str(number)]
        if named:
            _correct(paper, named)
            return None
        if typed[:1] == "r" and typed[1:].isdecimal() and 0 < int(typed[1:]) <= len(paper.rows):
            _correct_row(paper, int(typed[1:]) - 1)
            return None
        # A number that is no line's is a slip, and never a yes.
        agreed = None if typed.isdecimal() else read_yes_no(typed)
        if agreed:
            return True
        if agreed is False:
            say(_("Nothing was written. What you typed is kept, to go on with or to correct."), "bold")
            return False
        say(_("     yes, no, or the number of a line, such as 3 or r1"))


def _correct(paper: Paper, steps: Sequence[str]) -> None:
    """Ask for these lines anew; what else was typed stays."""
    for name in steps:
        step = paper.incident[name]
        index = paper.order.index(name)
        while True:
            say(f"{paper.numbers[name]:>3}  {step.title}{so_far(paper, step)}", "bold")
            typed = _line()
            if not typed:
                paper.drop_line(name)
            if _take(paper, step, typed, index) == index + 1:
                break


def _correct_row(paper: Paper, index: int) -> None:
    """Ask for a row of a table anew; an empty line leaves it out."""
    say(_("     r{number} once more, as it stands on paper; Enter leaves it out.").format(number=index + 1))
    while True:
        try:
            paper.replace_row(index, _line())
        except InputError as error:
            say(f"     {error.message}. {error.hint}", "yellow")
        else:
            return


def _done(book: Book, names: Sequence[str]) -> int:
    """Say what is not typed yet, and what to do next."""
    incident = book.incident
    show_leads(incident, names)
    verbs = (*(("record",) if names else ()), "log", "close")
    show_next([f"bcp {noun(incident)} {verb} --incident {incident.id}" for verb in verbs])
    return Exit.OK
