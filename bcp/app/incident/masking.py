"""Gathers what a masked copy must not tell: the people, contacts, numbers, addresses, accounts and contracts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bcp.app.notice.office import contacts_of
from bcp.app.office import office_of
from bcp.app.session import Session
from bcp.contact.model import Contact
from bcp.errors import SourceError
from bcp.i18n import _
from bcp.incident.evidence.masking import KnownPrivate
from bcp.office.model import Office
from bcp.runbook.compiled import Plan


class PrivateFound(NamedTuple):
    """What is known, and a sentence for each list that could not be read: what only it knows is not masked."""

    known: KnownPrivate
    unread: list[str]


def find_private(session: Session, plan: Plan) -> PrivateFound:
    """By bcp.yaml and the contact list as they are now, and by the plan as it was when the incident began."""
    try:
        office = office_of(session)
    except SourceError:
        return PrivateFound(_known(plan, None, ()), [_("bcp.yaml and the contact list could not be read")])
    contacts = contacts_of(session, office)
    unread = [f"{each.file}:{each.line}: {each.message}" for each in contacts.mistakes]
    return PrivateFound(_known(plan, office, contacts.all), unread)


def _known(plan: Plan, office: Office | None, contacts: Sequence[Contact]) -> KnownPrivate:
    people = {id_: [person.name] for id_, person in plan.people.items()}
    for each in office.people if office else ():
        people.setdefault(each.person, []).append(each.name)
    contracts = [line.contract for line in plan.lines.values()]
    contracts += [line.line_id for line in plan.lines.values()]
    if office:
        contracts += [number for line in office.lines for number in (line.contract, line.line_id)]
    return KnownPrivate(
        people,
        [name for each in contacts for name in (each.name, each.person, each.id) if name],
        [
            *_numbers(plan, office),
            *(number for each in contacts for number in (each.phone, each.mobile) if number),
        ],
        [office.address] if office and office.address else (),
        [office.bank_account] if office and office.bank_account else (),
        [each for each in contracts if each],
    )


def _numbers(plan: Plan, office: Office | None) -> list[str]:
    found = [person.phone for person in plan.people.values()]
    found += [number for line in plan.lines.values() for number in (line.support, line.number)]
    found += [each.number.get("phone") for each in plan.numbers]
    if office:
        found += [person.phone for person in office.people]
        found += [number for line in office.lines for number in (line.support, line.number)]
        found += [each.phone for each in office.numbers]
    return [str(number) for number in found if number]
