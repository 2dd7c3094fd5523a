"""Looks whether what was set still stands: every measure in force, every quarter of an hour; tells each change once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bcp.app.check.stood import LastLooks, Stood, StoodFile
from bcp.app.incident.standing import LEVERS, LeverLook, still_stands
from bcp.app.session import Session
from bcp.errors import BcpError
from bcp.i18n import _, speak
from bcp.incident.events.measure import MeasureSeen
from bcp.incident.journal import STARTED, Busy, IncidentJournal, books, of_kind
from bcp.incident.state import Measure
from bcp.incident.text import title_of, undo_command
from bcp.times import local

EVERY = timedelta(minutes=15)
NAMED = {"network": "use", "number": "activate", "publish": "place"}
"""The kinds of steps that set something, and the field that says what."""


@dataclass(frozen=True, slots=True)
class StandingLooks:
    """What is to be told of a pass, a text for each change; and whether something is not as it should be."""

    news: tuple[str, ...] = ()
    is_red: bool = False


def look(session: Session) -> StandingLooks:
    """Look at every measure in force, where that is due, and tell what changed; else what is known is what it was.

    Each change is written into the record of its incident, also of one that is closed.
    """
    file, now = StoodFile(session.stores.folder), session.clock.now()
    last = file.read()
    if timedelta(0) <= now - last.at < EVERY or not session.stores.exist():
        return StandingLooks(is_red=any(_is_on(session, each) for each in last.seen.values() if each.is_red))
    try:
        with session.stores.alone("levers"):
            seen, news = {}, []
            for each, told in _look_at_all(session, last):
                seen[each.key] = each
                news += [told] if told else []
            file.keep(LastLooks(now, seen))
    except Busy:
        return StandingLooks(is_red=any(each.is_red for each in last.seen.values()))
    return StandingLooks(tuple(news), any(each.is_red for each in seen.values()))


def _look_at_all(session: Session, last: LastLooks) -> Iterator[tuple[Stood, str]]:
    """Each thing that is set, as it is seen now, and what is to be told of it."""
    streams = of_kind(session.log.streams(STARTED), "incident")
    for book in books(session.log, streams, session.remark):
        incident = book.incident
        measures = [each for each in incident.in_force() if each.step.plan.kind in LEVERS]
        if not measures or incident.handed_over:
            continue
        try:
            session.stores.refuse_copy(incident.id)
        except BcpError as error:
            session.remark(f"{error.message}\n{error.hint}")
            continue
        speak(incident.plan.office.language)
        for measure in measures:
            if measure.undo.begun is None:  # what is being taken back right now is neither there nor gone
                yield _look_at(session, book, measure, last.of(incident.id, measure.step.id))


def _look_at(
    session: Session, book: IncidentJournal, measure: Measure, before: Stood | None
) -> tuple[Stood, str]:
    incident, now = book.incident, session.clock.now()
    by = session.person(None, incident.plan.names)
    found = still_stands(session, incident, measure, by)
    stood = _stood(book, measure, before, found, now)
    was_red = before is not None and before.is_red
    if (before is not None and stood.state == before.state) or not (stood.is_red or was_red):
        return stood, ""
    title = title_of(incident, measure.step)
    seen = MeasureSeen(measure.step.id, title, stood.state, stood.words).entry(by, how="watch")
    book.write(
        lambda incident: [seen] if any(each.step is measure.step for each in incident.in_force()) else []
    )
    words = (
        _("{time}  {incident}: NOT AS IT WAS SET: {title}: {seen}")
        if stood.is_red
        else _("{time}  {incident}: as it was set again: {title}: {seen}")
    )
    told = words.format(time=local(now, incident.zone), incident=incident.id, title=title, seen=stood.words)
    return stood, f"{told}\n  → {stood.todo}" if stood.todo else told


def _stood(
    book: IncidentJournal, measure: Measure, before: Stood | None, found: LeverLook, now: datetime
) -> Stood:
    """What is kept of a look; one that told nothing leaves what was seen before as it is."""
    incident, step = book.incident, measure.step
    if found.state == "unknown" and before is not None:
        return replace(before, unseen=found.words)
    is_red = found.state in ("gone", "changed")
    since = before.since if before is not None and before.state == found.state else now
    return Stood(
        kind=step.plan.kind,
        name=str(step.plan.params[NAMED[step.plan.kind]]),
        incident=incident.id,
        step=step.id,
        state=found.state,
        words=found.words,
        todo=(found.todo or _over(book, measure)) if is_red else "",
        since=since,
        at=now,
        unseen=found.words if found.state == "unknown" else "",
    )


def _over(book: IncidentJournal, measure: Measure) -> str:
    words = _("set it again by hand, or, if it is over: {command}")
    return words.format(command=undo_command(book.incident, measure.step.id, named=True))


def _is_on(session: Session, each: Stood) -> bool:
    """Whether it is still in force."""
    incident = IncidentJournal(session.log, each.incident).incident
    return any(measure.step.id == each.step for measure in incident.in_force())
