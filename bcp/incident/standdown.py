"""Closing an incident: what was switched on is switched off, or left on with a reason; then the last event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bcp.errors import InputError, SomethingDue
from bcp.event import Entry
from bcp.i18n import _
from bcp.incident.answer import is_closed
from bcp.incident.events.incident import ClosingBegun, IncidentClosed
from bcp.incident.events.measure import MeasureLeft
from bcp.incident.events.notice import NoticeLeft
from bcp.incident.journal import IncidentJournal
from bcp.incident.posted import in_the_way, ways_out
from bcp.incident.state import Incident, Measure
from bcp.incident.text import noun, title_of, undo_command
from bcp.times import local


def begin(book: IncidentJournal, by: str, how: str) -> None:
    """Turn to the undos, newest measure first, and the stand-down steps. Raises InputError if it is closed."""

    def entries(incident: Incident) -> Sequence[Entry]:
        refuse_closed(incident)
        again = incident.closing and incident.next_steps()
        return [] if again else [ClosingBegun(_open(incident)).entry(by, how=how)]

    book.write(entries)


def leave(book: IncidentJournal, measures: Mapping[str, str], by: str, how: str) -> None:
    """Leave measures in force, or texts where they were put up, each with its reason.

    Raises InputError for one that is not in force, and stands nowhere.
    """

    def entries(incident: Incident) -> Sequence[Entry]:
        refuse_closed(incident)
        none = _("none is in force: close without --leave")
        if incident.posted:
            none = _("our texts stand at: {places}").format(places=", ".join(incident.posted))
        texts = [incident.posted[name] for name in measures if name in incident.posted]
        on = {name: in_force(incident, name, none) for name in measures if name not in incident.posted}
        return [
            *(
                MeasureLeft(name, title_of(incident, each.step), measures[name]).entry(by, how=how)
                for name, each in on.items()
                if each.left != measures[name]
            ),
            *(
                NoticeLeft(each.notice, each.place, measures[each.place]).entry(by, how=how)
                for each in texts
                if each.left != measures[each.place]
            ),
        ]

    book.write(entries)


def finish(book: IncidentJournal, by: str, how: str, reason: str = "") -> None:
    """Write the last event. Raises SomethingDue while a measure is on, or a text of ours stands somewhere, that was
    not left with a reason.
    """

    def entries(incident: Incident) -> Sequence[Entry]:
        refuse_closed(incident)
        on = [measure for measure in reversed(incident.in_force()) if not measure.left]
        if on:
            names = ", ".join(f'{measure.step.id} ("{title_of(incident, measure.step)}")' for measure in on)
            raise SomethingDue(
                _("still in force: {names}").format(names=names),
                how_to_end(incident, on[0]),
            )
        refuse_texts_up(incident)
        left = {measure.step.id: measure.left for measure in incident.in_force()}
        return [IncidentClosed(_open(incident), left, reason).entry(by, how=how)]

    book.write(entries)


def refuse_texts_up(incident: Incident) -> None:
    """Raises SomethingDue while a text of ours stands somewhere, and nobody said why it stays."""
    texts = in_the_way(incident)
    if texts:
        names = ", ".join(f"{each.place} ({each.notice})" for each in texts)
        raise SomethingDue(_("our text is still up at: {places}").format(places=names), ways_out(incident))


def in_force(incident: Incident, name: str, none: str) -> Measure:
    """The measure of the step `name`; `none` is what to do where none is in force at all.

    Raises InputError where it is not in force, and says since when, or that there never was one.
    """
    on = {measure.step.id: measure for measure in incident.in_force()}
    if name in on:
        return on[name]
    hint = _("in force: {names}").format(names=", ".join(on)) if on else none
    ended = next((each.undo for each in incident.measures() if each.step.id == name), None)
    if ended is not None and ended.at is not None:
        words = _('"{title}" is not in force any more: {undo} ({time}, {who})')
        at, who = local(ended.at, incident.zone), incident.name_of(ended.by)
        told = {"title": title_of(incident, incident[name]), "undo": title_of(incident, ended)}
        raise InputError(words.format(**told, time=at, who=who), hint)
    raise InputError(_('there is no measure "{name}" in force').format(name=name), hint)


def how_to_end(incident: Incident, measure: Measure) -> str:
    """The commands after which a measure no longer stands in the way."""
    command = f"bcp {noun(incident)}"
    return _('end it: {end}   or leave it: {leave} --reason "why"').format(
        end=undo_command(incident, measure.step.id), leave=f"{command} close --leave {measure.step.id}"
    )


def refuse_closed(incident: Incident) -> None:
    """Raises InputError if the incident is closed."""
    if incident.closed_at is not None:
        raise is_closed(incident)


def _open(incident: Incident) -> list[str]:
    """The main steps that were not carried out."""
    return [step.id for step in (*incident.open_steps(), *incident.deferred())]
