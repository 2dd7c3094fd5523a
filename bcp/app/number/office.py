"""The numbers of an office in peacetime, outside of any incident."""

from __future__ import annotations

from bcp.app.session import Session
from bcp.app.worlds import world_of
from bcp.lever.number.forwarding import ForwardingContext
from bcp.lever.number.ledger import NumberJournal
from bcp.lever.number.levers import OfficeNumbers
from bcp.office.model import Office


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
