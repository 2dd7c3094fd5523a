"""Leads through what else stands on the sheet: decisions, what was switched off, promises, the log, what to improve."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from bcp.cli.terminal.output import say
from bcp.cli.transcribe.transcript import IMPROVE, LOG, PROMISE, Paper
from bcp.errors import InputError
from bcp.fact import Fact
from bcp.i18n import _
from bcp.transcript.line import split_time
from bcp.transcript.tables import Decided, words_of


class _EnoughError(Exception):
    """The person typed `end`."""


def ask_rows(paper: Paper, ask: Callable[[], str]) -> None:
    """Ask for each of them in the order of the sheet; an empty line goes on, `end` ends it all."""
    line = _Line(ask)
    try:
        _decisions(paper, line)
        _measures(paper, line)
        _promises(paper, line)
        _log(paper, line)
        _improvements(paper, line)
    except _EnoughError:
        return


class _Line:
    """Reads a line; `end` ends everything."""

    def __init__(self, ask: Callable[[], str]) -> None:
        self._ask = ask

    def __call__(self) -> str:
        typed = self._ask()
        if typed == "end":
            raise _EnoughError
        return typed


def _decisions(paper: Paper, line: Callable[[], str]) -> None:
    """The ticked answers of what is not decided yet."""
    taken = {row.decision for row in paper.rows if isinstance(row, Decided)}
    for number, decision in paper.decisions.items():
        if not decision.open or decision.id in taken:
            continue
        say(f" {number}  {decision.question} ({', '.join(decision.answers)})", "bold")
        say(_("     time, answer, initials, such as: 11:30 {answer} AN").format(answer=decision.default))
        _one(line, partial(paper.add_row, number))


def _measures(paper: Paper, line: Callable[[], str]) -> None:
    """For everything that was switched on and not off: when it went off, as the table of measures says."""
    for step, undo in _in_force(paper):
        say(f"{paper.numbers[step]:>3}  {paper.incident[step].title}", "bold")
        say(
            _(
                "     off since when? time and initials, as in the table of what is switched on; Enter: still on"
            )
        )
        _one(line, partial(_switch_off, paper, undo, line))


def _switch_off(paper: Paper, undo: str, line: Callable[[], str], typed: str) -> None:
    time, rest = split_time(typed)
    by, _space, note = rest.partition(" ")
    said = f"{time} done {by or paper.typist} {note}".strip()
    paper.add_line(paper.incident[undo], said, lambda fact: ask_fact(fact, line))


def _in_force(paper: Paper) -> Iterator[tuple[str, str]]:
    on = {measure.step.id for measure in paper.incident.measures() if measure.on}
    on |= {name for name, entered in paper.lines.items() if entered.answer.outcome == "done"}
    for name in paper.order:
        undo = f"{name}.undo"
        if name in on and undo in paper.numbers and undo not in paper.lines:
            yield name, undo


def _promises(paper: Paper, line: Callable[[], str]) -> None:
    say(_("Promises: said at | firm, name | what | by when | kept? Enter: no more."), "bold")
    say(_("     such as: 9:20 | Netia, Kowalski | modem by courier | tomorrow 12:00 | no"))
    say(_("     kept: yes, no, the time at which it came true, or nothing where nobody knows yet"))
    _many(paper, line, PROMISE)


def _log(paper: Paper, line: Callable[[], str]) -> None:
    say(_("Log: time, initials, what happened. Enter: no more."), "bold")
    _many(paper, line, LOG)


def _improvements(paper: Paper, line: Callable[[], str]) -> None:
    say(_("What to improve, from the last page: a line for each thing. Enter: no more."), "bold")
    _many(paper, line, IMPROVE)


def _many(paper: Paper, line: Callable[[], str], table: str) -> None:
    """Rows until an empty line; `<` takes the last one back."""
    for row in paper.of_table(table):
        say(f"     {words_of(row, paper.incident, paper.now)}")
    while typed := line():
        if typed == "<":
            paper.drop_row(table)
            continue
        try:
            row = paper.add_row(table, typed)
        except InputError as error:
            _tell(error)
        else:
            say(f"     {words_of(row, paper.incident, paper.now)}")


def _one(line: Callable[[], str], take: Callable[[str], object]) -> None:
    """One row, or none; what cannot be read is asked again."""
    while typed := line():
        try:
            take(typed)
        except InputError as error:
            _tell(error)
        else:
            return


def ask_fact(fact: Fact, line: Callable[[], str]) -> str:
    """What the sheet says for a question of a step."""
    values = f" ({', '.join(fact.values)})" if fact.values else ""
    say(f"     {fact.ask}{values}")
    return line()


def _tell(error: InputError) -> None:
    say(f"     {error.message}. {error.hint}", "yellow")
