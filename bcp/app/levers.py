"""The levers that an incident is handed: the lines, numbers and places of its plan, and what was done."""

from __future__ import annotations

from dataclasses import dataclass

from bcp.action.levers import Lever, Levers, NumberLever, PlaceLever, PublishedLever
from bcp.app.session import Session
from bcp.incident.state import Incident
from bcp.lever.stack import StepDoer, StepKey
from bcp.outside import World


@dataclass(frozen=True, slots=True)
class OfficeLevers:
    """What a step of an incident can switch over, each room read when it first names something in it."""

    session: Session
    incident: Incident
    doer: StepDoer
    by: str
    world: World

    def line(self, name: str) -> Lever:
        """The lines as the plan of the incident has them; in a drill nothing is switched."""
        from bcp.lever.line.ledger import LineJournal
        from bcp.lever.line.levers import OfficeLines, RehearsedLines
        from bcp.office.line import OfficeLine

        plan, incident = self.incident.plan, self.incident
        found = {key: OfficeLine.model_validate(told) for key, told in plan.ways.items()}
        # A journal of its own, for the stream of the lines belongs to no incident and has no journal.txt.
        ledger = LineJournal(self.session.stores.levers, self.by)
        people = len(plan.people)
        clock = self.session.clock
        key, undoes = self.doer
        lines = OfficeLines(found, self.world, ledger, key, clock, incident.zone, people, undoes)
        return RehearsedLines(lines).line(name) if incident.drill else lines.line(name)

    def number(self, name: str) -> NumberLever:
        """The numbers as the plan of the incident has them; in a drill nothing is forwarded."""
        from bcp.lever.number.forwarding import ForwardingContext
        from bcp.lever.number.ledger import NumberJournal
        from bcp.lever.number.levers import OfficeNumbers
        from bcp.office.line import OfficeLine
        from bcp.office.number import OfficeNumber

        plan = self.incident.plan
        ledger = NumberJournal(self.session.stores.levers, self.by)
        told = plan.numbers
        made = [OfficeNumber.model_validate(each.number) for each in told]
        lines = [OfficeLine.model_validate(each.line) if each.line else None for each in told]
        return OfficeNumbers(
            {number.number: number for number in made},
            {number.number: line for number, line in zip(made, lines, strict=True) if line},
            plan.people,
            {role: known.people for role, known in plan.roles.items()},
            ForwardingContext(
                self.incident.id,
                self.world,
                ledger,
                self.incident.zone,
                self.session.clock,
                self.incident.drill,
                self.doer.key.step,
                self.doer.key.has_undo,
                self.doer.undoes,
            ),
            plan.office.language,
            plan.office.country,
        ).number(name)

    def published(self) -> PublishedLever:
        """The register as the plan of the incident has it; in a drill nothing is fetched or written down."""
        from bcp.lever.number.register import PublishedJournal, Register
        from bcp.office.number import OfficeNumber, Published

        plan = self.incident.plan
        numbers = [OfficeNumber.model_validate(each.number) for each in plan.numbers]
        return Register(
            [Published.model_validate(each) for each in plan.published],
            {number.number: number for number in numbers},
            plan.people,
            {role: known.people for role, known in plan.roles.items()},
            self.world,
            PublishedJournal(self.session.stores.levers, self.by),
            self.incident.id,
            self.incident.drill,
        )

    def place(self, name: str) -> PlaceLever:
        """The places as the plan of the incident has them; in a drill nothing is published."""
        from bcp.app.places import places_of

        return places_of(self.session, self.incident, self.doer, self.by, self.world)(name)


def levers_of(session: Session, incident: Incident, step: str, by: str, world: World) -> Levers:
    """What the step of this address can switch; none for looks."""
    return OfficeLevers(session, incident, doer_of(incident, step), by, world)


def doer_of(incident: Incident, step: str) -> StepDoer:
    """Whose layer a step lays, or ends as the undo of another."""
    undoes = step in incident.undos
    own = step.removesuffix(".undo") if undoes else step
    return StepDoer(StepKey(incident.id, own, f"{own}.undo" in incident.undos), undoes)
