"""`contact list, check, verify`: who is in an audience, what is wrong with the contacts, who is still true today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bcp.app.notice.office import contacts_of, remarked_contacts_of
from bcp.app.office import office_of, person_in
from bcp.app.session import Session
from bcp.contact import audience as audiences
from bcp.contact import freshness
from bcp.contact.model import Contact, Contacts
from bcp.notice.campaign.greetings import greeted, language_of


@dataclass(frozen=True, slots=True)
class ContactCheck:
    """All contacts, with what is wrong, lacking and read otherwise than written; who was not confirmed, and how many
    unusual greetings there are.
    """

    contacts: Contacts
    not_confirmed: list[freshness.NotConfirmed]
    unusual_greetings: int


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Who was confirmed, as of which day."""

    contact: Contact
    day: date


def members_of(session: Session, audience: str) -> list[Contact]:
    """The contacts of an audience, opted out or not. Raises InputError for an audience that there is not."""
    office = office_of(session)
    return audiences.members(audience, remarked_contacts_of(session, office).all, office, set)


def check_contacts(session: Session) -> ContactCheck:
    """Read every contact. Raises SourceError for mistakes in bcp.yaml."""
    office = office_of(session)
    contacts = contacts_of(session, office)
    today = session.clock.now().astimezone(office.zone).date()
    stale = freshness.stale(contacts.all, freshness.load(session.folder), today)
    greetings = greeted((one, language_of(one, office.language)) for one in contacts.all)
    return ContactCheck(contacts, stale, sum(bool(one.why) for one in greetings))


def confirm_contact(session: Session, name: str, by: str | None) -> Confirmed:
    """Keep that a contact is still true today. Raises InputError for a name that fits nobody, or several."""
    office = office_of(session)
    contact = audiences.one(name, contacts_of(session, office).all)
    today = session.clock.now().astimezone(office.zone).date()
    freshness.confirm(session.folder, contact, today, person_in(session, office, by))
    return Confirmed(contact, today)
