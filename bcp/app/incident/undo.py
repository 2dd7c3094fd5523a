"""Ends one measure by its undo: of an incident that goes on, and of one that was closed over it."""

from __future__ import annotations

from dataclasses import dataclass

from bcp.app.incident import anchor, leftovers
from bcp.app.incident.run import Walked, run_on
from bcp.app.incident.shell import Shell
from bcp.app.incident.summaries import summaries
from bcp.app.session import Session
from bcp.errors import InputError
from bcp.i18n import _
from bcp.incident import standdown
from bcp.incident.aim import UndoOf
from bcp.incident.journal import IncidentJournal
from bcp.incident.state import Measure


@dataclass(frozen=True, slots=True)
class UndoRequest:
    """Which measure is to be ended: that of the step `measure`, of an incident or a drill, and of which (or found)."""

    kind: str
    measure: str
    incident: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Undone:
    """How it went; `measure` as it stands now."""

    walked: Walked
    measure: Measure


def undo(session: Session, request: UndoRequest, shell: Shell) -> Undone:
    """Carry the undo of a measure out, also after closing; a try that failed before is made once more.

    Raises InputError where there is no such measure in force or the incident was handed over, StoreError where its
    record is a copy beside the one that is written.
    """
    book, name = book_of(session, request), request.measure.removesuffix(".undo")
    by, how = session.person(request.by, book.incident.plan.names), "terminal" if shell.attended else "watch"
    if not any(measure.step.id == name for measure in book.incident.in_force()):
        # What a step set and left set, although it does not count as done, can be ended, too.
        leftovers.find(session, book, by, how)
    measure = standdown.in_force(book.incident, name, _("nothing is in force: bcp incident status"))
    mended = session.mend_record(book.incident.id)
    walked = run_on(session, book, by, shell, None, mended=mended, aim=UndoOf(measure))
    if not measure.on:
        leftovers.settle(session, book, by)
    if book.incident.closed_at is not None:
        anchor.give_at_end(session, book.incident)
    return Undone(walked, measure)


def book_of(session: Session, request: UndoRequest) -> IncidentJournal:
    """The journal of the incident that is meant, to be written. Raises as `undo` does."""
    name = request.measure.removesuffix(".undo")
    book = session.book(request.incident or _found(session, request.kind, name), request.kind)
    book.insist_here()
    session.stores.refuse_copy(book.incident.id)
    return book


def _found(session: Session, kind: str, name: str) -> str | None:
    """The incident, open or closed, in which the measure is in force; where it is in several, the only open one.

    None where it is in none: then the only open one is meant, else the last. Raises InputError where several are meant.
    """
    having = [each for each in summaries(session, kind) if name in each.measures]
    is_open = [each for each in having if each.closed_at is None and not each.handed_over]
    meant = is_open if len(is_open) == 1 else having
    if len(meant) > 1:
        ids = ", ".join(each.id for each in meant)
        words = _('the measure "{name}" is in force in several: {ids}')
        hint = _("name one: --incident {id}").format(id=meant[-1].id)
        raise InputError(words.format(name=name, ids=ids), hint)
    return meant[0].id if meant else session.open_or_last(kind)
