"""The lines of an office: those of the plan of an incident, or of bcp.yaml in peacetime."""

from __future__ import annotations

from bcp.app.session import Session
from bcp.app.set_by_others import lines_set
from bcp.app.worlds import world_of
from bcp.incident.state import Incident
from bcp.lever.line.context import LineContext
from bcp.lever.line.ledger import LineJournal
from bcp.lever.line.levers import OfficeLines
from bcp.lever.stack import StepDoer, StepKey
from bcp.office.line import OfficeLine
from bcp.office.model import Office
from bcp.outside import World


def incident_lines(
    session: Session, incident: Incident, doer: StepDoer, by: str, world: World
) -> OfficeLines:
    """Those that a step of an incident can switch between, and those that others switched to, as they did."""
    # A journal of its own, for the stream of the lines belongs to no incident and has no journal.txt.
    ledger, people = LineJournal(session.stores.levers, by), len(incident.plan.people)
    key, undoes = doer
    ways = incident.plan.ways
    laid = {} if incident.drill else lines_set(session, incident, ledger.way_out())
    moved = {
        name: first.key for name, first in laid.items() if not first.is_where(ways.get(name, first.told))
    }
    told = {**ways, **{name: first.told for name, first in laid.items()}}
    found = {name: OfficeLine.model_validate(each) for name, each in told.items()}
    return OfficeLines(found, world, ledger, key, session.clock, incident.zone, people, undoes, moved)


def lines_of(session: Session, office: Office, by: str) -> LineContext:
    """Those of bcp.yaml, outside of any incident."""
    ledger, people = LineJournal(session.stores.levers, by), len(office.people)
    lines = {line.line: line for line in office.lines}
    return LineContext(lines, world_of(session), ledger, StepKey("", ""), session.clock, office.zone, people)
