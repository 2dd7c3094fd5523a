"""`bcp incident record`: leads through the sheet in its order, one line a step, and writes all of it at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bcp.app.transcribe import Transcription, finish
from bcp.cli.terminal.keyboard import agrees, read_line
from bcp.cli.terminal.output import is_attended, say, show_next
from bcp.cli.transcribe import show
from bcp.cli.transcribe.ask import PausedError, ask_line, ask_rows, ask_steps, ask_to_write, correct
from bcp.cli.transcribe.csv import from_table
from bcp.errors import Exit, InputError, PersonNeeded
from bcp.i18n import _
from bcp.incident.standdown import refuse_closed
from bcp.incident.state import Incident
from bcp.incident.text import noun
from bcp.transcript.draft import TranscriptDraft
from bcp.transcript.leads import all_leads, title_below
from bcp.transcript.transcript import Transcript

_ANEW = ("new", "n", "nowy", "nowa", "neu", "nové", "νέο")


class _InterruptedError(Exception):
    """The person stopped, or the input ended; what was typed is kept, and they were told so."""

    def __init__(self, status: int) -> None:
        """`status` is the exit status."""
        super().__init__()
        self.status = status


def record(transcription: Transcription, table: Path | None) -> int:
    """Take a sheet into the journal: typed line by line, or from a table. The exit status."""
    refuse_closed(transcription.incident)
    if table is not None:
        return _from_table(transcription, table)
    if not is_attended():
        raise PersonNeeded(
            "somebody must read the paper and type", "without a terminal: bcp incident record --csv FILE"
        )
    try:
        left = _from_terminal(transcription)
    except _InterruptedError as interrupted:
        return interrupted.status
    return Exit.OK if left is None else _done(transcription.further().incident, left)


def _from_table(transcription: Transcription, table: Path) -> int:
    sheet = transcription.blank()
    from_table(sheet, table)
    if not sheet.count:
        show.nothing_entered()
        return Exit.OK
    wrong = transcription.clashes(sheet)
    show.whole(sheet, wrong)
    if wrong:
        raise InputError(
            f"{len(wrong)} of {len(sheet.lines)} lines do not fit; nothing was written",
            "look at the paper again, correct the lines named above, and enter them anew",
        )
    book = transcription.write(sheet)
    show.written()
    return _done(book.incident, sheet.leads(book.incident))


def _from_terminal(transcription: Transcription) -> list[str] | None:
    """Type one sheet and write it as a whole, then those that it led on to; what of them is left for later.

    None where nothing is to be written. Raises _InterruptedError.
    """
    with _at_desk(transcription):
        sheet = _sheet_to_type(transcription)
        show.how_to_type()
        ask_steps(sheet)
        ask_rows(sheet, ask_line)
        if not _agreed(transcription, sheet):
            show_next((transcription.again,) if sheet.count else ())
            return None
        incident = transcription.write(sheet).incident
        show.left_over(finish(sheet))
    show.written()
    left: list[str] = []
    for lead in sheet.leads(incident):
        say(_("This led on to the sheet: {title}").format(title=title_below(incident, lead)), "bold")
        if lead in sheet.lines or _wants_to_go_on():
            left += _from_terminal(transcription.further(lead)) or []
        else:
            left.append(lead)
    return left


@contextmanager
def _at_desk(transcription: Transcription) -> Iterator[None]:
    """Type the sheet as the only one; an interruption names the command that goes on."""
    with transcription.held():
        try:
            yield
        except KeyboardInterrupt:
            say()
            say(_("Interrupted. What you typed is kept; it is not in the journal yet."), "bold")
            show_next((transcription.again,))
            raise _InterruptedError(Exit.INTERRUPTED) from None
        except PausedError:
            say(_("Paused. What you typed is kept; it is not in the journal yet."), "bold")
            show_next((transcription.again,))
            raise _InterruptedError(Exit.OK) from None


def _sheet_to_type(transcription: Transcription) -> Transcript:
    """The sheet to be typed: as it was left, if the person wants to go on from there; else a new one."""
    old = transcription.left()
    if old is not None:
        if transcription.fits(old) and _wants(old, transcription.incident):
            sheet = transcription.go_on(old, show.no_draft)
            show.unread(sheet.unread)
            return sheet
        show.kept_at(old.set_aside())
    draft = transcription.draft()
    draft.below = draft.below or _which_sheet(transcription.incident)
    return transcription.begin(draft, show.no_draft)


def _wants(old: TranscriptDraft, incident: Incident) -> bool:
    show.draft_of(old, incident)
    typed = _answer(_("[Enter] go on from there   [new] begin anew; what was typed is kept aside"))
    return typed.lower() not in _ANEW


def _answer(question: str) -> str:
    """What is typed. Raises KeyboardInterrupt at the end of the input."""
    typed = read_line(question)
    if typed is None:
        raise KeyboardInterrupt
    return typed


def _which_sheet(incident: Incident) -> str:
    """Where other runbooks were entered, the sheet that is typed; nothing for that of the incident with all of them."""
    found = ["", *all_leads(incident)]
    if len(found) == 1:
        return ""
    say(_("Which sheet do you hold?"), "bold")
    for number, name in enumerate(found, 1):
        say(f"  {number}  {title_below(incident, name)}")
    while True:
        typed = _answer(_("Its number   [Enter] the first, or the copy of this incident with all steps"))
        number = int(typed) if typed.isdecimal() else 0 if typed else 1
        if 0 < number <= len(found):
            return found[number - 1]


def _wants_to_go_on() -> bool:
    """Whether the person types the sheet now that was led on to."""
    try:
        return agrees(
            _("Was it filled in, too?   [Enter] type it now   [n] later, or not at all"), on_enter=True
        )
    except KeyboardInterrupt:
        say()
        return False


def _agreed(transcription: Transcription, sheet: Transcript) -> bool:
    """Show the whole until it fits; whether it is to be written."""
    while sheet.count:
        wrong = transcription.clashes(sheet)
        show.whole(sheet, wrong)
        if wrong:
            say(
                _("These lines do not fit. Once more, as they stand on paper; Enter leaves a line out."),
                "bold",
            )
            correct(sheet, list(wrong))
        elif (answer := ask_to_write(sheet)) is not None:
            return answer
    show.nothing_entered()
    return False


def _done(incident: Incident, names: Sequence[str]) -> int:
    """Say which sheets are not typed yet, and what to do next."""
    for name in names:
        words = _("Not typed yet: the sheet that this led on to: {title}")
        say(words.format(title=title_below(incident, name)), "bold yellow")
    verbs = (*(("record",) if names else ()), "log", "close")
    show_next([f"bcp {noun(incident)} {verb} --incident {incident.id}" for verb in verbs])
    return Exit.OK
