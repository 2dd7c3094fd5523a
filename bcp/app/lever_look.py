"""Looks whether what was set at the levers still stands, and whether nothing of ours is left where none should be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from bcp.app.levers import LeverKind, OfficeLevers, doer_of
from bcp.app.office import office_of
from bcp.app.session import Session
from bcp.app.stood import OPEN_EVERY, LookTimes
from bcp.app.worlds import world_of
from bcp.errors import BcpError
from bcp.i18n import _
from bcp.incident.journal import STARTED, IncidentJournal
from bcp.incident.state import Incident
from bcp.incident.text import noun
from bcp.lever.journal import LeverJournal
from bcp.lever.line.ledger import LineJournal
from bcp.lever.number.ledger import NumberJournal
from bcp.lever.place.ledger import PlaceJournal
from bcp.lever.stack import TRIAL, Stack, StepKey
from bcp.lever.standing import Standing

PEACE_EVERY = timedelta(days=1)
"""The same where nothing should be set."""

_JOURNALS: dict[LeverKind, type[LeverJournal]] = {
    "line": LineJournal,
    "number": NumberJournal,
    "place": PlaceJournal,
}


class LeverSeen(NamedTuple):
    """A lever that was looked at: the step whose layer lies on top (nothing where none does), and how it is.

    `before` is how it was seen before, with the same layer on top; None where nobody had looked.
    """

    kind: LeverKind
    lever: str
    key: StepKey
    standing: Standing
    before: Standing | None


def look_at_levers(session: Session, by: str, times: LookTimes) -> Iterator[LeverSeen]:
    """Look at each lever at which anything was ever set, where that is due; a change is written into its ledger.

    What goes on at another computer is looked at there, and what is being switched right now is not looked at.
    """
    for kind in _JOURNALS:
        yield from _looked(session, kind, by, times)


def _looked(session: Session, kind: LeverKind, by: str, times: LookTimes) -> Iterator[LeverSeen]:
    ledger = _JOURNALS[kind](session.stores.levers, by)
    looks, now = ledger.looks(), session.clock.now()
    for name, stack in ledger.stacks().items():
        key = stack.top.key if stack.top is not None else StepKey("", "")
        last, tried = looks.get(name), times.tries.get(f"{kind} {name}")
        before = Standing(last.state, last.words, last.todo) if last is not None else None
        every = OPEN_EVERY if key.incident or (before is not None and not before.is_well) else PEACE_EVERY
        is_asked = tried is not None and tried.tried <= now < tried.tried + every
        if is_asked and tried is not None and (stack.top is None or stack.top.at <= tried.tried):
            continue
        if key.incident and not _can_be_looked_at(session, key):
            continue
        if key == TRIAL and stack.top is not None and now < stack.top.at + OPEN_EVERY:
            continue  # it may go on just now
        standing = _stands(session, kind, name, stack, by)
        if standing != before and standing.state != "unknown":
            ledger.looked(name, standing.state, standing.words, standing.todo)
        yield LeverSeen(kind, name, key, standing, before)


def _can_be_looked_at(session: Session, key: StepKey) -> bool:
    """Whether its incident goes on at this computer, as far as it is known here, and nobody is just switching it."""
    if key.incident not in session.log.streams(STARTED):
        return True
    incident = IncidentJournal(session.log, key.incident).incident
    own = [incident[each] for each in (key.step, f"{key.step}.undo") if each in incident]
    return not incident.handed_over and all(step.begun is None for step in own)


def _stands(session: Session, kind: LeverKind, lever: str, stack: Stack, by: str) -> Standing:
    """A look, by the plan of the incident on top, else by bcp.yaml."""
    top = stack.top
    try:
        if top is None or top.key.incident not in session.log.streams(STARTED):
            return _in_peace(session, kind, lever, by)
        incident = IncidentJournal(session.log, top.key.incident).incident
        doer = doer_of(incident, top.key.step)
        found = OfficeLevers(session, incident, doer, by, world_of(session)).stands(kind, lever)
        return _to_be_redone(incident, top.key.step, found)
    except BcpError as error:
        return Standing("unknown", error.message)


def _to_be_redone(incident: Incident, step: str, found: Standing) -> Standing:
    """What is simply gone is set once more by a command; what somebody else changed is kept, until a person says so."""
    if step not in incident or f"{step}.undo" not in incident or found.state not in ("gone", "changed"):
        return found
    command = f"bcp {noun(incident)}"
    if found.state == "gone":
        command = f"{command} redo {step} --incident {incident.id}"
        return found._replace(todo=_("set it once more: {command}").format(command=command))
    command = f"{command} step done {step}.undo --incident {incident.id}"
    words = _("{todo}; if it is to stay so: {command}")
    return found._replace(todo=words.format(todo=found.todo, command=command))


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
