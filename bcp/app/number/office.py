"""The numbers of an office: those of the plan of an incident, or of bcp.yaml in peacetime."""

from __future__ import annotations

from bcp.app.session import Session
from bcp.app.set_by_others import numbers_moved
from bcp.app.worlds import world_of
from bcp.incident.state import Incident
from bcp.lever.number.forwarding import ForwardingContext
from bcp.lever.number.ledger import NumberJournal
from bcp.lever.number.levers import OfficeNumbers
from bcp.lever.stack import StepDoer
from bcp.office.line import OfficeLine
from bcp.office.model import Office
from bcp.office.number import OfficeNumber
from bcp.outside import World


def numbers_of(session: Session, office: Office, by: str) -> OfficeNumbers:
    """The numbers of bcp.yaml; what is done with them is written down as done by `by`."""
    lines = {line.line: line for line in office.lines}
    ledger = NumberJournal(session.stores.levers, by)
    return OfficeNumbers(
        {number.number: number for number in office.numbers},
        {number.number: lines[number.line] for number in office.numbers if number.line},
        {who.person: who for who in office.people},
        {role.role: [role.owner, *role.deputies] for role in office.roles},
        ForwardingContext("", world_of(session), ledger, office.zone, session.clock),
        office.language,
        office.country,
    )


def incident_numbers(
    session: Session, incident: Incident, doer: StepDoer, by: str, world: World
) -> OfficeNumbers:
    """Those that a step of an incident can forward; in a drill nothing is forwarded."""
    plan, told = incident.plan, incident.plan.numbers
    made = [OfficeNumber.model_validate(each.number) for each in told]
    lines = [OfficeLine.model_validate(each.line) if each.line else None for each in told]
    ledger = NumberJournal(session.stores.levers, by)
    return OfficeNumbers(
        {number.number: number for number in made},
        {number.number: line for number, line in zip(made, lines, strict=True) if line},
        plan.people,
        {role: known.people for role, known in plan.roles.items()},
        ForwardingContext(
            incident.id,
            world,
            ledger,
            incident.zone,
            session.clock,
            incident.drill,
            doer.key.step,
            doer.key.has_undo,
            doer.undoes,
        ),
        plan.office.language,
        plan.office.country,
        {} if incident.drill else numbers_moved(session, incident, ledger.stacks()),
    )
