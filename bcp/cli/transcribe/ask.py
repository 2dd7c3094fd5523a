"""Asks for what stands on a sheet, in its order, until it can be read; what is to be corrected is asked once more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from bcp.cli.terminal.keyboard import typed_line
from bcp.cli.terminal.output import (
    prompt,
    say,
)
from bcp.cli.transcribe import show
from bcp.errors import InputError
from bcp.fact import NOT_KNOWN, Fact
from bcp.i18n import _
from bcp.incident.state import StepState
from bcp.incident.text import title_of
from bcp.transcript.before_start import BeforeStart
from bcp.transcript.draft import THROUGH
from bcp.transcript.leads import sheet_of, title_of_runbook
from bcp.transcript.tables import IMPROVE, LOG, PROMISE
from bcp.transcript.transcript import Ask, Transcript
from bcp.transcript.written_time import split_time
from bcp.yes_no import read_yes_no

ReadLine = Callable[[], str]
"""Reads a line."""


PAUSE = "p"


class PausedError(Exception):
    """The person stops here; what was typed is kept."""


class _EnoughError(Exception):
    """The person typed `end`."""


def ask_line() -> str:
    """What is typed at the terminal. Raises KeyboardInterrupt at the end of the input."""
    typed = typed_line(partial(prompt, "     > "))
    if typed is None:
        raise KeyboardInterrupt
    return typed


def ask_steps(sheet: Transcript) -> None:
    """Ask for the line of every step, from where the typing goes on."""
    index = sheet.start_at()
    while index < len(sheet.order):
        step = sheet.incident[sheet.order[index]]
        sheet.draft.at = step.id
        show.step(sheet, step)
        typed = ask_line()
        if typed == "end":
            break
        if typed.lower() == PAUSE:
            if sheet.count:
                sheet.keep(sheet.draft)
            raise PausedError
        index = _take(sheet, step, typed, index)
    sheet.draft.at = THROUGH
    if sheet.count:
        sheet.keep(sheet.draft)


def _take(sheet: Transcript, step: StepState, typed: str, index: int) -> int:
    """Take one line; the index of the step that comes next."""
    if typed == NOT_KNOWN:
        show.how_to_type()  # as on the screen: nobody who asks for help has said that it was done
        return index
    if typed == "<":
        return max(0, index - 1)
    if typed.isdecimal() and len(typed) < 3 and 0 < int(typed) <= len(sheet.order):
        return int(typed) - 1
    if not typed and step.id in sheet.pending:
        typed = sheet.pending[step.id].text
    if typed:
        if not _fits_on_a_day(partial(sheet.add_line, step, ask=asking(ask_line)), typed):
            return index
        _ask_for_sheet(sheet, step)
    return index + 1


def _ask_for_sheet(sheet: Transcript, step: StepState) -> None:
    """A step that says "take the sheet": was that sheet filled in, too?"""
    runbook = sheet_of(step)
    if not runbook or sheet.lines[step.id].answer.outcome != "done":
        return
    words = _(
        '     Was the sheet "{title}" filled in, too? Then it comes after this one. (yes, or Enter: no)'
    )
    say(words.format(title=title_of_runbook(sheet.incident, runbook)))
    if read_yes_no(ask_line()):
        sheet.enter(step)


def asking(line: ReadLine) -> Ask:
    """Asks what the sheet says for a question of a step."""

    def ask(fact: Fact, why: str) -> str:
        if why:
            say(f"     {why}", "yellow")
        values = f" ({', '.join(fact.values)})" if fact.values else ""
        say(f"     {fact.ask}{values}")
        return line()

    return ask


def ask_rows(sheet: Transcript, ask: ReadLine) -> None:
    """Ask for what else stands there, in the order of the sheet; an empty line goes on, `end` ends it all."""

    def line() -> str:
        typed = ask()
        if typed == "end":
            raise _EnoughError
        if typed.lower() == PAUSE:
            raise PausedError
        return typed

    try:
        _decisions(sheet, line)
        _measures(sheet, line)
        say(_("Promises: said at | firm, name | what | by when | kept? Enter: no more."), "bold")
        say(_("     such as: 9:20 | Netia, Kowalski | modem by courier | tomorrow 12:00 | no"))
        say(_("     kept: yes, no, the time at which it came true, or nothing where nobody knows yet"))
        _table(sheet, line, PROMISE)
        say(_("Log: time, initials, what happened. Enter: no more."), "bold")
        _table(sheet, line, LOG)
        say(_("What to improve, from the last page: a line for each thing. Enter: no more."), "bold")
        _table(sheet, line, IMPROVE)
    except _EnoughError:
        return


def _decisions(sheet: Transcript, line: ReadLine) -> None:
    """The ticked answers of what is not decided yet."""
    for number, decision in sheet.undecided().items():
        say(f" {number}  {decision.question} ({', '.join(decision.answers)})", "bold")
        say(_("     time, answer, initials, such as: 11:30 {answer} AN").format(answer=decision.default))
        _until_read(line, partial(sheet.add_row, number))


def _measures(sheet: Transcript, line: ReadLine) -> None:
    """For everything that was switched on and not off: when it went off, as the table of measures says."""
    words = _(
        "     off since when? time and initials, as in the table of what is switched on; Enter: still on"
    )
    for step, undo in sheet.in_force():
        say(f"{sheet.numbers[step.id]:>3}  {title_of(sheet.incident, step)}", "bold")
        say(words)
        _until_read(line, partial(sheet.add_undo, undo, ask=asking(line)))


def _table(sheet: Transcript, line: ReadLine, table: str) -> None:
    """Rows until an empty line; `<` takes the last one back."""
    for index in sheet.of_table(table):
        show.row(sheet.rows[index])
    while typed := line():
        if typed == "<":
            if found := sheet.of_table(table):
                sheet.replace_row(found[-1], "")
        elif _fits_on_a_day(partial(sheet.add_row, table), typed):
            show.row(sheet.rows[-1])


def _until_read(line: ReadLine, take: Callable[[str], object]) -> None:
    """One row, or none; what cannot be read is asked again."""
    while typed := line():
        if _fits_on_a_day(take, typed):
            return


def correct(sheet: Transcript, steps: Sequence[str]) -> None:
    """Ask for the lines of these steps anew; what else was typed stays."""
    for name in steps:
        step, index = sheet.incident[name], sheet.order.index(name)
        while True:
            show.step(sheet, step)
            typed = ask_line()
            if not typed:
                sheet.drop_line(name)
            if _take(sheet, step, typed, index) == index + 1:
                break


def _correct_row(sheet: Transcript, index: int) -> None:
    """Ask for a row of a table anew; an empty line leaves it out."""
    say(_("     r{number} once more, as it stands on paper; Enter leaves it out.").format(number=index + 1))
    while not _fits(lambda: sheet.replace_row(index, ask_line())):
        pass


def ask_to_write(sheet: Transcript) -> bool | None:
    """Whether it is to be written; None when something was corrected, and the whole is to be shown again."""
    say(_("Write all of this into the journal? (yes, no, or the number of a line to correct)"), "bold")
    while True:
        typed = ask_line().lower()
        named = [step for step, number in sheet.numbers.items() if typed == str(number)]
        if named:
            correct(sheet, named)
            return None
        if typed[:1] == "r" and typed[1:].isdecimal() and 0 < int(typed[1:]) <= len(sheet.rows):
            _correct_row(sheet, int(typed[1:]) - 1)
            return None
        # A number that is no line's is a slip, and never a yes.
        agreed = None if typed.isdecimal() else read_yes_no(typed)
        if agreed is False:
            say(_("Nothing was written. What you typed is kept, to go on with or to correct."), "bold")
        if agreed is not None:
            return agreed
        say(_("     yes, no, or the number of a line, such as 3 or r1"))


def _fits_on_a_day(take: Callable[[str], object], typed: str) -> bool:
    """The same for a line with a time in front; one before T0 is a slip, or of the next day: the person says which."""
    try:
        take(typed)
    except BeforeStart as before:
        say(f"     {before.message}", "yellow")
        if not before.next_day:
            say(f"     {before.hint}", "yellow")
            return False
        say(
            _("     [Enter] a slip: type the line again   [n] the next day, {day}").format(
                day=before.next_day
            )
        )
        if ask_line().strip().lower() != "n":
            return False
        on_its_day = typed.replace(split_time(typed).time, before.next_day, 1)
        return _fits(partial(take, on_its_day))
    except InputError as error:
        say(f"     {error.message}. {error.hint}", "yellow")
        return False
    return True


def _fits(take: Callable[[], object]) -> bool:
    """Whether it could be taken; if not, the person is told why."""
    try:
        take()
    except InputError as error:
        say(f"     {error.message}. {error.hint}", "yellow")
        return False
    return True
