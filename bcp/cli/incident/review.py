"""Looking back with a person at the terminal: questions without blame, then what is to be mended, by whom, by when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from bcp.app.ledger.request import time_to_come
from bcp.app.session import Session
from bcp.cli.terminal.keyboard import agrees, read_line
from bcp.cli.terminal.output import is_attended, say
from bcp.cli.terminal.time_input import agrees_on
from bcp.errors import InputError, PersonNeeded
from bcp.i18n import _
from bcp.incident import followup
from bcp.incident.journal import IncidentJournal


def after_closing(session: Session, book: IncidentJournal, by: str) -> None:
    """Ask at the end of the closing; without a terminal nobody is asked, and to ask later is always fine.

    The incident is closed already: whatever is answered here, or not, changes nothing of that.
    """
    if not is_attended() or any(each.about in questions() for each in book.incident.reviews):
        return
    say()
    _show_improvements(book)
    say(_("Five minutes now are worth an hour next week: what is to be kept for the next time?"), "bold")
    if not agrees(_("[Enter] look back now   [n] later: bcp incident review"), on_enter=True):
        return
    _ask_all(session, book, by)


def ask_all(session: Session, book: IncidentJournal, by: str) -> int:
    """Show what the sheet says is to be improved, and ask every question; how many answers there were."""
    _show_improvements(book)
    return _ask_all(session, book, by)


def _ask_all(session: Session, book: IncidentJournal, by: str) -> int:
    """Ask every question, keep each answer as it comes, then ask for follow-ups; how many answers there were."""
    say(
        _("Enter: nothing to say. Ctrl-D: that was all. Names stay in the record; nobody is to blame."), "dim"
    )
    count = 0
    for about, question in questions().items():
        typed = read_line(question)
        if typed is None:
            return count
        count += followup.look_back(book, {about: typed}, by)
    for name in _follow_ups(session, book, by):
        say(_("Written down as {id}.").format(id=name), "green")
    return count


def _show_improvements(book: IncidentJournal) -> None:
    """What stood in the box of the sheet: it was written down while it hurt, and is read first."""
    found = [each for each in book.incident.reviews if each.about == "improve"]
    if found:
        say(_("On the sheet stood, as to be improved:"), "bold")
    for each in found:
        say(f"  - {each.text} ({book.incident.name_of(each.by)})")


def questions() -> dict[str, str]:
    """The questions in their order; each asks for what happened, none for who did it."""
    return {
        "happened": _("What happened?"),
        "expected": _("What did we expect?"),
        "decided": _("What did we decide?"),
        "solved": _("What solved it?"),
        "well": _("What went well?"),
        "badly": _("What went badly? Not who: what made it easy to go wrong?"),
    }


def _follow_ups(session: Session, book: IncidentJournal, by: str) -> Iterator[str]:
    """What is to be mended, one after the other, until the person has nothing more."""
    while True:
        what = read_line(_("What is to be mended, so that it goes better next time? (Enter: nothing more)"))
        if not what:
            return
        owner = _owner(session, book, by)
        day = _day(session, book) if owner else None
        if owner is None or day is None:
            say(_("That was not written down: it needs a person and a day."), "yellow")
            return
        yield followup.add(book, what, owner, day, by)


def _owner(session: Session, book: IncidentJournal, by: str) -> str | None:
    people = book.incident.plan.names
    question = _("Who does it? One of: {names}").format(names=", ".join(people))
    if by in people:
        question += _("   (Enter: {me})").format(me=book.incident.name_of(by))
    while True:
        typed = read_line(question)
        if typed is None:
            return None
        with suppress(InputError):
            return session.person(typed or by, people)
        say(_("  There is nobody of that name here."), "yellow")


def _day(session: Session, book: IncidentJournal) -> date | None:
    zone = book.incident.zone
    while True:
        typed = read_line(_('By which day? such as "in 2 weeks" or "15.12." (Enter: in 2 weeks)'))
        if typed is None:
            return None
        try:
            when = time_to_come(session, zone, typed or "in 2 weeks", "--due", agrees_on)
        except (InputError, PersonNeeded) as error:
            say(f"  {error.message}", "yellow")
            continue
        return when.astimezone(zone).date()
