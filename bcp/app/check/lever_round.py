"""One round of looks at the levers: what is kept of it, what is told, and what is written into the incidents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from bcp.app.actor import login
from bcp.app.lever_look import LeverSeen, look_at_levers
from bcp.app.office import office_of, person_in
from bcp.app.session import Session
from bcp.app.stood import LastTry, LookTimes
from bcp.errors import SourceError
from bcp.i18n import _
from bcp.incident.events.measure import MeasureSeen
from bcp.incident.journal import STARTED, IncidentJournal
from bcp.incident.state import Incident
from bcp.incident.text import title_of
from bcp.person import unknown
from bcp.times import local


class LookRound(NamedTuple):
    """A text for each change, and what is kept of the round."""

    news: tuple[str, ...]
    times: LookTimes


def look_round(session: Session, last: LookTimes) -> LookRound:
    """Look at what is due. Each change is written into the record of its incident, also of one that is closed."""
    now = session.clock.now()
    seen = list(look_at_levers(session, _by(session), last))
    news = [told for each in seen if _is_news(each) for told in _told(session, each, now)]
    return LookRound(tuple(news), _times(last, seen, now))


def _by(session: Session) -> str:
    """Who looks; a slip in bcp.yaml must not keep anybody from looking."""
    try:
        return person_in(session, office_of(session), None)
    except SourceError:
        return unknown(login(session.environ))


def _times(last: LookTimes, seen: Iterable[LeverSeen], now: datetime) -> LookTimes:
    """What is kept of a pass: where a look told nothing, the time of the one before stays."""
    tries = dict(last.tries)
    red = set(last.red)
    for each in seen:
        name = f"{each.kind} {each.lever}"
        if each.standing.state == "unknown":
            at = tries[name].at if each.before is not None and name in tries else now
            tries[name] = LastTry(at, now, each.standing.words)
            continue
        tries[name] = LastTry(now, now)
        red.discard(name)
        if not each.standing.is_well:
            red.add(name)
    return LookTimes(now, tries, tuple(sorted(red)))


def _is_news(seen: LeverSeen) -> bool:
    """Whether people are told: that it is not well, each manner of it once, and that it is well again."""
    was_well = seen.before is None or seen.before.is_well
    if seen.standing.state == "unknown" or (was_well and seen.standing.is_well):
        return False
    return seen.before is None or seen.before.state != seen.standing.state


def _told(session: Session, seen: LeverSeen, now: datetime) -> Iterable[str]:
    standing, is_of_incident = seen.standing, seen.key.incident in session.log.streams(STARTED)
    book = IncidentJournal(session.log, seen.key.incident) if is_of_incident else None
    where, zone = seen.lever, None
    if book is not None:
        where, zone = _written(session, book, seen), book.incident.zone
    words = (
        _("{where}: as it should be again: {seen}")
        if standing.is_well
        else _("{where}: NOT AS IT SHOULD BE: {seen}")
    )
    said = words.format(where=where, seen=standing.words)
    told = f"{local(now, zone)}  {said}" if zone is not None else said
    yield told
    if standing.todo:
        yield f"  → {standing.todo}"


def _written(session: Session, book: IncidentJournal, seen: LeverSeen) -> str:
    """Write it into the record, where it is still in force; which measure of which incident it is.

    What an earlier version set is known by its incident and its lever alone.
    """
    if seen.key.step not in book.incident:
        return f"{book.incident.id}: {seen.lever}"
    by = session.person(None, book.incident.plan.names)
    step, standing = book.incident[seen.key.step], seen.standing
    title = title_of(book.incident, step)
    entry = MeasureSeen(step.id, title, standing.state, standing.words).entry(by, how="watch")

    def is_on(incident: Incident) -> bool:
        return any(measure.step.id == step.id for measure in incident.in_force())

    book.write(lambda incident: [entry] if is_on(incident) else [])
    return f"{book.incident.id}: {title}"
