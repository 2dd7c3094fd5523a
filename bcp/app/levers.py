"""The levers that an incident is handed: the lines, numbers and places of its plan, and what was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bcp.action.levers import Lever, Levers, NumberLever, PlaceLever, PublishedLever
from bcp.app.session import Session
from bcp.incident.state import Incident
from bcp.lever.stack import StepDoer, StepKey
from bcp.lever.standing import Standing
from bcp.outside import World

LeverKind = Literal["line", "number", "place"]


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
        from bcp.app.line.office import incident_lines
        from bcp.lever.line.levers import RehearsedLines

        lines = incident_lines(*self._told())
        return RehearsedLines(lines).line(name) if self.incident.drill else lines.line(name)

    def number(self, name: str) -> NumberLever:
        """The numbers as the plan of the incident has them; in a drill nothing is forwarded."""
        from bcp.app.number.office import incident_numbers

        return incident_numbers(*self._told()).number(name)

    def stands(self, kind: LeverKind, lever: str) -> Standing:
        """Whether what was set at a lever is still there. Raises InputError for one that the plan does not name."""
        if kind == "line":
            from bcp.app.line.office import incident_lines
            from bcp.lever.line.standing import line_stands

            return line_stands(incident_lines(*self._told()))
        if kind == "number":
            from bcp.app.number.office import incident_numbers
            from bcp.lever.number.standing import number_stands

            numbers = incident_numbers(*self._told())
            return number_stands(self.world, numbers.affair.ledger, numbers.order(lever))
        from bcp.app.places import incident_places
        from bcp.lever.place.standing import place_stands

        places = incident_places(*self._told())
        return place_stands(places, places.named(lever))

    def _told(self) -> tuple[Session, Incident, StepDoer, str, World]:
        return self.session, self.incident, self.doer, self.by, self.world

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

        return places_of(*self._told())(name)


def levers_of(session: Session, incident: Incident, step: str, by: str, world: World) -> Levers:
    """What the step of this address can switch; none for looks."""
    return OfficeLevers(session, incident, doer_of(incident, step), by, world)


def doer_of(incident: Incident, step: str) -> StepDoer:
    """Whose layer a step lays, or ends as the undo of another."""
    undoes = step in incident.undos
    own = step.removesuffix(".undo") if undoes else step
    return StepDoer(StepKey(incident.id, own, f"{own}.undo" in incident.undos), undoes)
