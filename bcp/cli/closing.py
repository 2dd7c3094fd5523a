"""`close`: leads through the undos and the stand-down, then writes the last event."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from bcp.cli.carry import guide_for, report, walk
from bcp.cli.console import is_attended, say, show_next
from bcp.cli.wiring import Session
from bcp.errors import Exit, InputError, PersonNeeded, SomethingDue
from bcp.incident import standdown
from bcp.incident.book import Book
from bcp.incident.player import Answers
from bcp.tongue import _


def close(
    session: Session, book: Book, by: str, leave: Sequence[str], reason: str, answers: Answers | None = None
) -> int:
    """Close the incident; the exit status (8 while a measure is in force, 9 where a person is needed)."""
    how = "terminal" if is_attended() else "watch"
    standdown.refuse_closed(book.incident)
    if leave and not reason.strip():
        raise InputError("leaving a measure in force needs its reason", 'add it: --reason "why"')
    if leave:
        standdown.leave(book, dict.fromkeys(leave, reason), by, how)
    _ask_about_open_steps(book, reason, scripted=answers is not None)
    standdown.begin(book, by, how)
    stop = walk(session, book, guide_for(session, book.incident, answers), by, answers, session.holds).run()
    if stop.why != "carried-out":
        status = report(session, book.incident, stop)
        on = [measure for measure in book.incident.in_force() if not measure.left]
        if on and not is_attended():
            raise _still_on(book)
        return status
    standdown.finish(book, by, how, reason)
    incident = book.incident
    mark = "DRILL · " if incident.drill else ""
    say(mark + _("Closed: {title}").format(title=incident.title), "bold green")
    say(_("What happened stands in {path}").format(path=session.record.path(incident.id)))
    for measure in incident.in_force():
        say(
            _("LEFT IN FORCE: {title} ({reason})").format(title=measure.step.title, reason=measure.left),
            "bold red",
        )
    noun = "drill" if incident.drill else "incident"
    show_next((f"bcp {noun} log --incident {incident.id}", f"bcp {noun} verify --incident {incident.id}"))
    return Exit.OK


def _still_on(book: Book) -> SomethingDue:
    measure = next(measure for measure in reversed(book.incident.in_force()) if not measure.left)
    return SomethingDue(
        _('still in force: {name} ("{title}")').format(name=measure.step.id, title=measure.step.title),
        standdown.how_to_end(measure),
    )


def _ask_about_open_steps(book: Book, reason: str, scripted: bool) -> None:
    """Closing early leaves steps undone: a person says yes, or gives the reason on the command line."""
    incident = book.incident
    steps = [*incident.open_steps(), *incident.deferred()]
    if not steps or incident.closing or reason.strip() or scripted:
        return
    say(_("{count} steps are not carried out:").format(count=len(steps)), "bold yellow")
    for step in steps[:12]:
        say(f"  {step.id}: {step.title}")
    if not is_attended():
        raise PersonNeeded(
            "closing with open steps needs a person's word", 'say why: bcp incident close --reason "why"'
        )
    say(_("Close all the same? They are kept as not carried out. Type yes, or Enter to go back:"))
    if sys.stdin.readline().strip().lower() not in ("yes", "y"):
        raise PersonNeeded("nothing was closed", "go on: bcp incident resume")
