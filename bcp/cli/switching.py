"""The levers that an incident is handed: the lines of its plan, the stream of what was switched."""

from __future__ import annotations

from bcp.action.base import Levers
from bcp.cli.wiring import Session
from bcp.incident.state import Incident
from bcp.world.base import World


def levers_of(session: Session, incident: Incident, by: str, world: World) -> Levers:
    """The lines as the plan of the incident has them; in a drill nothing is switched."""
    from bcp.line._ledger import Ledger
    from bcp.line._levers import Lines, Rehearsed
    from bcp.office_line import OfficeLine
    from bcp.store.journal import Journal

    found = {name: OfficeLine.model_validate(told) for name, told in incident.plan.get("ways", {}).items()}
    # A journal of its own, for the stream of the lines belongs to no incident and has no journal.txt.
    ledger = Ledger(Journal(session.state, session.clock), by)
    people = len(incident.plan["people"])
    lines = Lines(found, world, ledger, incident.id, session.clock, incident.zone, people)
    return Rehearsed(lines) if incident.drill else lines
