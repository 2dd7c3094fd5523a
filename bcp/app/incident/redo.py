"""Sets a measure once more whose lever is not as it was left: a modem that began anew, a page that was saved over."""

from __future__ import annotations

from bcp.app.incident.run import walk
from bcp.app.incident.shell import Shell
from bcp.app.incident.standing import LEVERS, still_stands
from bcp.app.incident.undo import UndoRequest, book_of
from bcp.app.session import Session
from bcp.errors import InputError, StepFailed
from bcp.i18n import _
from bcp.incident import standdown
from bcp.incident.events.measure import MeasureRedone
from bcp.incident.executor import Performer
from bcp.incident.journal import Busy
from bcp.incident.state import Incident, Measure
from bcp.incident.text import title_of


def redo(session: Session, request: UndoRequest, shell: Shell) -> tuple[Incident, Measure]:
    """Do the deed of a measure once more; the incident and the measure.

    Raises InputError where no such measure is in force or it is no lever's, StepFailed where it did not succeed.
    """
    book, name = book_of(session, request), request.measure
    by, how = session.person(request.by, book.incident.plan.names), "terminal" if shell.attended else "watch"
    measure = standdown.in_force(book.incident, name, _("nothing is in force: bcp incident status"))
    title = title_of(book.incident, measure.step)
    if measure.step.plan.kind not in LEVERS:
        words = _('"{title}" switches no line, no number and no place, so it is not set once more')
        raise InputError(words.format(title=title), _("do it by hand as the step says"))
    seen = still_stands(session, book.incident, measure, by)
    if seen.state == "covered":
        raise InputError(seen.words, _("it is shown again by itself once that ends"))
    guide = shell.operator(lambda: session.place(book.incident))
    try:
        made = walk(session, book, guide, by, shell=shell)
        hands = Performer(book, guide, made.tools, made.holds, made.clock, by, made.files)
        done = hands.once_more(measure.step)
    except Busy:
        raise StepFailed(
            _("another terminal is at this step"), _("see: {command}").format(command="bcp incident status")
        ) from None
    told = MeasureRedone(measure.step.id, title, done.note, dict(done.evidence))
    book.write(lambda _incident: [told.entry(by, how=how)])
    return book.incident, measure
