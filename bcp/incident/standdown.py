"""Closing an incident: what was switched on is switched off, or left on with a reason; then the last event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bcp.errors import InputError, SomethingDue
from bcp.event import Entry
from bcp.i18n import _
from bcp.incident.answer import is_closed
from bcp.incident.events.incident import ClosingBegun, IncidentClosed
from bcp.incident.events.measure import MeasureLeft
from bcp.incident.journal import IncidentJournal
from bcp.incident.state import Incident, Measure
from bcp.incident.text import noun, title_of


def begin(book: IncidentJournal, by: str, how: str) -> None:
    """Turn to the undos, newest measure first, and the stand-down steps. Raises InputError if it is closed."""

    def entries(incident: Incident) -> Sequence[Entry]:
        refuse_closed(incident)
        again = incident.closing and incident.next_steps()
        return [] if again else [ClosingBegun(_open(incident)).entry(by, how=how)]

    book.write(entries)


def leave(book: IncidentJournal, measures: Mapping[str, str], by: str, how: str) -> None:
    """Leave measures in force, each with its reason. Raises InputError for one that is not in force."""

    def entries(incident: Incident) -> Sequence[Entry]:
        refuse_closed(incident)
        on = {measure.step.id: measure for measure in incident.in_force()}
        for name in measures:
            if name not in on:
                raise InputError(
                    _('there is no measure "{name}" in force').format(name=name),
                    _("in force: {names}").format(names=", ".join(on))
                    if on
                    else _("none is in force: close without --leave"),
                )
        return [
            MeasureLeft(name, title_of(incident, on[name].step), reason).entry(by, how=how)
            for name, reason in measures.items()
            if on[name].left != reason
        ]

    book.write(entries)


def finish(book: IncidentJournal, by: str, how: str, reason: str = "") -> None:
    """Write the last event. Raises SomethingDue while a measure is on that was not left with a reason."""

    def entries(incident: Incident) -> Sequence[Entry]:
        refuse_closed(incident)
        on = [measure for measure in reversed(incident.in_force()) if not measure.left]
        if on:
            names = ", ".join(f'{measure.step.id} ("{title_of(incident, measure.step)}")' for measure in on)
            raise SomethingDue(
                _("still in force: {names}").format(names=names),
                how_to_end(incident, on[0]),
            )
        left = {measure.step.id: measure.left for measure in incident.in_force()}
        return [IncidentClosed(_open(incident), left, reason).entry(by, how=how)]

    book.write(entries)


def how_to_end(incident: Incident, measure: Measure) -> str:
    """The two commands after which a measure no longer stands in the way."""
    command = f"bcp {noun(incident)}"
    return _('end it: {end}   or leave it: {leave} --reason "why"').format(
        end=f"{command} step done {measure.undo.id}", leave=f"{command} close --leave {measure.step.id}"
    )


def refuse_closed(incident: Incident) -> None:
    """Raises InputError if the incident is closed."""
    if incident.closed_at is not None:
        raise is_closed(incident)


def _open(incident: Incident) -> list[str]:
    """The main steps that were not carried out."""
    return [step.id for step in (*incident.open_steps(), *incident.deferred())]
