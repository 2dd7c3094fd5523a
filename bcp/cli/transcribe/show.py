"""What was typed from paper, as it is shown to whoever types it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from bcp.app.transcribe import LeftOver
from bcp.cli.terminal.output import say, show
from bcp.errors import InputError
from bcp.i18n import _
from bcp.incident.state import Incident, StepState
from bcp.incident.text import said_outcome, title_of
from bcp.times import local, local_clock
from bcp.transcript.draft import TranscriptDraft
from bcp.transcript.entries import SheetRow
from bcp.transcript.order import not_in_order
from bcp.transcript.transcript import Transcript, Unread


def how_to_type() -> None:
    """How a line is typed."""
    for words in (
        _(
            "time outcome initials result   such as: 9:12 x AN   or: +15 skip PL no cable   or: 27.11. 9:12 x AN"
        ),
        _("  outcomes: x done, f failed, s skipped, n not for us, d later (all but done with the reason)"),
        _(
            "  Enter: nothing on paper.  <: one step back.  NUMBER: to that step.  end: no more steps.  p: pause."
        ),
        _(
            "  Left empty on paper: an answer ?, a time ? x AN.   Ctrl-C: stop here; what you typed is kept for later."
        ),
    ):
        say(words)


def step(sheet: Transcript, step: StepState) -> None:
    """The step whose line is asked for, and what the journal, or a line typed before, says of it."""
    told = ""
    if step.id in sheet.lines:
        told = f"   [{sheet.lines[step.id].words}]"
    elif step.id in sheet.pending:
        told = _("   [typed before: {line}   Enter: take it]").format(line=sheet.pending[step.id].text)
    elif step.answered and step.at is not None:
        at = local_clock(step.at, sheet.incident.zone, sheet.reader.place.now)
        told = _("   [written already: {outcome} {at}]").format(
            outcome=said_outcome(step.outcome or ""), at=at
        )
    say(f"{sheet.numbers[step.id]:>3}  {title_of(sheet.incident, step)}{told}", "bold")


def row(row: SheetRow) -> None:
    """A row as it was understood."""
    say(f"     {row.words}")


def whole(sheet: Transcript, wrong: Mapping[str, InputError]) -> None:
    """All of it in its order; `wrong` says by step what does not fit. What is out of that order is marked."""
    disordered = sheet.disordered()
    show(local(sheet.incident.opened_at, sheet.incident.zone) + "  T0")
    for step, line in sheet.lines.items():
        show(f"{sheet.numbers[step]:>3}  {title_of(sheet.incident, sheet.incident[step])}")
        show(f"     {line.words}", "red" if step in wrong else None)
        if step in wrong:
            show(f"     → {wrong[step].message}", "bold")
        elif step in disordered:
            show(f"     {not_in_order()}", "yellow")
    for number, each in enumerate(sheet.rows, 1):
        show(f"{f'r{number}':>3}  {each.words}")
    if disordered:
        words = _(
            "Lines that are not in the sheet's order, and are marked: {count}. Two people at work? Fine."
        )
        say(words.format(count=len(disordered)), "yellow")


def draft_of(draft: TranscriptDraft, incident: Incident) -> None:
    """How many lines were typed before, by whom, and when the last of them."""
    saved = local(datetime.fromtimestamp(draft.path.stat().st_mtime, incident.zone), incident.zone)
    who = ", ".join(dict.fromkeys(incident.name_of(each.typist) for each in draft.typed))
    words = _("Lines of this sheet that were typed before and are not written yet: {count} ({who}, {time})")
    say(words.format(count=len(draft.typed), who=who, time=saved), "bold")


def unread(lines: Sequence[Unread]) -> None:
    """The lines of a draft that cannot be taken any more."""
    for line, why in lines:
        say(_("Look at this line again: {line} ({why})").format(line=line, why=why), "yellow")


def left_over(found: LeftOver | None) -> None:
    """The lines of a draft that were not taken up again."""
    if found is not None:
        words = _("Not written, for their answers are missing: {lines}")
        say(words.format(lines=", ".join(found.lines)), "yellow")
        kept_at(found.path)


def kept_at(path: Path) -> None:
    """Where a draft was put aside."""
    say(_("What was typed before is kept: {path}").format(path=path))


def no_draft(why: str) -> None:
    """The draft cannot be written."""
    words = _("     This cannot be kept as a draft: {why}. Type on, and do not stop here.")
    say(words.format(why=why), "red")


def written() -> None:
    """It is in the journal."""
    say(_("Written down, each line marked as from paper."), "green")


def nothing_entered() -> None:
    """There was nothing to be written."""
    say(_("Nothing was entered, nothing was written."))
