"""What stands behind a call to a provider: times as it says them, and the letter that reads back what it said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bcp.action.letters import Mailing
from bcp.app.session import Session
from bcp.contact.model import Contact, Contacts, contact_id
from bcp.errors import InputError
from bcp.incident.provider_promise import due_of, provider_of
from bcp.incident.state import Incident
from bcp.office.model import Office
from bcp.outside import World
from bcp.runbook.compiled import PlanLine


@dataclass
class IncidentFaults:
    """The `Faults` of an incident."""

    session: Session
    incident: Incident
    by: str
    world: World

    def moment(self, said: str) -> datetime | None:
        """The time that the provider's own words name."""
        return due_of(said, self.session.clock.now(), self.incident)

    def read_back(self, line: str, notice: str, facts: Mapping[str, str]) -> Mailing:
        """Freeze the letter to the provider of a line; one for each call."""
        from bcp.app.notice.office import affair_of, post_of
        from bcp.notice.campaign.letters import IncidentLetters

        post = post_of(self.session)
        told = self.incident.plan.lines.get(line, PlanLine()).as_json()
        affair = replace(affair_of(self.incident, self.by), facts=dict(facts), line=told)
        to = self._provider(post.contacts, post.office, line)
        if not to.email and not any(way.medium == "file" for way in post.ways.channels.values()):
            raise InputError(
                f"no mail address of {to.name} is known",
                f"add email: to the line {line} in bcp.yaml, or paste the words into the provider's page",
            )
        letters = IncidentLetters(post, affair, self.world)
        return letters.plan_one(notice, to, f"{to.name} {facts['reported_at']}")

    def _provider(self, contacts: Contacts, office: Office, line: str) -> Contact:
        """The provider as a contact: its address at the line comes before that of the contact file."""
        name = provider_of(self.incident, line)
        known = next((one for one in contacts.all if one.name.casefold() == name.casefold()), None)
        found = known or Contact(contact_id(name, "provider"), name, language=office.language)
        told = next((one for one in office.lines if one.line == line), None)
        return replace(found, email=told.email) if told is not None and told.email else found
