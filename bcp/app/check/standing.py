"""Asks every lever whether what was set still stands, every quarter of an hour; most passes have nothing to ask."""

from __future__ import annotations

from dataclasses import dataclass

from bcp.app.session import Session
from bcp.app.stood import OPEN_EVERY, STREAMS, LookFile, LookTimes, stood
from bcp.incident.journal import Busy


@dataclass(frozen=True, slots=True)
class StandingLooks:
    """What is to be told of a pass, a text for each change; and whether somebody has to do something."""

    news: tuple[str, ...] = ()
    is_red: bool = False


def look(session: Session) -> StandingLooks:
    """Ask the levers, where that is due, and tell what changed; else what was not well is looked up."""
    if not session.stores.exist():
        return StandingLooks()
    file, now = LookFile(session.stores.folder), session.clock.now()
    last = file.read() or LookTimes()
    if last.at <= now < last.at + OPEN_EVERY:
        return StandingLooks(is_red=bool(last.red) and any(each.is_red for each in stood(session)))
    levers = session.stores.levers
    if all(next(levers.rows(stream), None) is None for stream in STREAMS.values()):
        return StandingLooks()
    # Loaded where it is due, for a pass of cron comes every minute.
    from bcp.app.check.lever_round import look_round

    try:
        with session.stores.alone("levers"):
            news, times = look_round(session, last)
            if times.tries:
                file.keep(times)
    except Busy:
        return StandingLooks(is_red=bool(last.red))
    return StandingLooks(news, any(each.is_red for each in stood(session)))
