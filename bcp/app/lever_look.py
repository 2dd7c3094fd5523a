"""Looks whether what was set at the levers still stands, and whether nothing of ours is left where none should be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from bcp.app.levers import LeverKind, OfficeLevers, doer_of
from bcp.app.office import office_of
from bcp.app.session import Session
from bcp.app.worlds import world_of
from bcp.errors import BcpError
from bcp.incident.journal import STARTED, IncidentJournal
from bcp.lever.journal import LeverJournal
from bcp.lever.line.ledger import LineJournal
from bcp.lever.number.ledger import NumberJournal
from bcp.lever.place.ledger import PlaceJournal
from bcp.lever.stack import Stack
from bcp.lever.standing import Standing

OPEN_EVERY = timedelta(minutes=15)
"""How old the last look at an open measure may be."""
PEACE_EVERY = timedelta(days=1)
"""The same where nothing should be set."""

_JOURNALS: dict[LeverKind, type[LeverJournal]] = {
    "line": LineJournal,
    "number": NumberJournal,
    "place": PlaceJournal,
}


class LeverSeen(NamedTuple):
    """A lever, the incident whose layer lies on top (nothing where none does), how it is, and whether that is new."""

    kind: LeverKind
    lever: str
    incident: str
    standing: Standing
    is_new: bool


def look_at_levers(session: Session, by: str) -> list[LeverSeen]:
    """How each lever is at which anything was ever set: those that are due are looked at, and that is written down.

    What goes on at another computer is looked at there.
    """
    return [seen for kind in _JOURNALS for seen in _looked(session, kind, by)]


def _looked(session: Session, kind: LeverKind, by: str) -> Iterator[LeverSeen]:
    ledger = _JOURNALS[kind](session.stores.levers, by)
    looks, now = ledger.looks(), session.clock.now()
    for name, stack in ledger.stacks().items():
        incident = stack.top.key.incident if stack.top is not None else ""
        if incident and not _is_here(session, incident):
            continue
        last, every = looks.get(name), OPEN_EVERY if incident else PEACE_EVERY
        laid = max((each.at for each in stack.open), default=None)
        if last is not None and last.at <= now < last.at + every and not (laid and laid > last.at):
            yield LeverSeen(kind, name, incident, Standing(last.state, last.words, last.todo), False)
            continue
        standing = _stands(session, kind, name, stack, by)
        ledger.looked(name, standing.state, standing.words, standing.todo)
        yield LeverSeen(kind, name, incident, standing, True)


def _is_here(session: Session, incident: str) -> bool:
    """Whether an incident goes on at this computer, as far as it is known here."""
    if incident not in session.log.streams(STARTED):
        return True
    return not IncidentJournal(session.log, incident).incident.handed_over


def _stands(session: Session, kind: LeverKind, lever: str, stack: Stack, by: str) -> Standing:
    """A look, by the plan of the incident on top, else by bcp.yaml."""
    top = stack.top
    try:
        if top is None or top.key.incident not in session.log.streams(STARTED):
            return _in_peace(session, kind, lever, by)
        incident = IncidentJournal(session.log, top.key.incident).incident
        doer = doer_of(incident, top.key.step)
        return OfficeLevers(session, incident, doer, by, world_of(session)).stands(kind, lever)
    except BcpError as error:
        return Standing("unknown", error.message)


def _in_peace(session: Session, kind: LeverKind, lever: str, by: str) -> Standing:
    office = office_of(session)
    if kind == "line":
        from bcp.app.line.office import lines_of
        from bcp.lever.line.standing import line_stands

        return line_stands(lines_of(session, office, by))
    if kind == "number":
        from bcp.app.number.office import numbers_of
        from bcp.lever.number.standing import number_stands

        numbers = numbers_of(session, office, by)
        return number_stands(numbers.affair.world, numbers.affair.ledger, numbers.order(lever))
    from bcp.app.places import peacetime_places
    from bcp.lever.place.standing import place_stands

    places = peacetime_places(session, office, by)
    return place_stands(places, places.named(lever))
