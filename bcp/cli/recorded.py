"""What is being entered from paper: the lines of the steps and the rows of the tables, read as they are typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bcp.errors import InputError
from bcp.event import Entry
from bcp.fact import Fact, Place
from bcp.incident.answer import Answer, fact_of, missing_facts, read_facts
from bcp.incident.paper import HOW, Line, line_of, read_outcome, read_person, read_time
from bcp.incident.paper_rows import Desk, Row, entries_of_rows
from bcp.incident.state import Incident, StepState
from bcp.page.content import numbers
from bcp.page.incident import incident_content


@dataclass
class Paper:
    """What is being typed: the incident as it was before, who types, and the lines so far."""

    incident: Incident
    typist: str
    now: datetime
    place: Place
    lines: dict[str, Line] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        """The steps get the numbers that they have on the sheet."""
        given = numbers(incident_content(self.incident))
        self.numbers = {name: number for name, number in given.items() if name in self.incident}
        self.order = list(self.numbers)
        asked = [each for each in self.incident.decisions.values() if each.runbook == self.incident.runbook]
        self.decisions = {f"D{number}": each for number, each in enumerate(asked, 1)}

    @property
    def desk(self) -> Desk:
        """Where the tables of the sheet are typed."""
        return Desk(self.incident, self.typist, self.now)

    def rest(self, incident: Incident, before: Sequence[Entry]) -> list[Entry]:
        """The events of the tables, behind those of the steps."""
        return entries_of_rows(incident, self.rows, self.typist, before)

    def in_order(self) -> list[Line]:
        """The lines, in the order of the sheet."""
        return [self.lines[step] for step in self.order if step in self.lines]

    def read(
        self, step: StepState, typed: str, given: Mapping[str, str] | None, ask: Callable[[Fact], str]
    ) -> Line:
        """One line as it was typed; the facts are `given`, or asked for. Raises InputError."""
        parts = typed.split(maxsplit=3)
        outcome = read_outcome(parts[1]) if len(parts) > 1 else "done"
        at = read_time(parts[0], self.incident.opened_at, self.now, self.incident.zone)
        who = read_person(parts[2], self.incident.plan["people"]) if len(parts) > 2 else self.typist
        note = parts[3] if len(parts) > 3 else ""
        wanted = [fact_of(told) for told in step.plan["facts"]] if outcome == "done" else []
        told = given if given is not None else {fact.name: ask(fact) for fact in wanted}
        facts = read_facts(step, {name: value for name, value in told.items() if value.strip()}, self.place)
        missing = missing_facts(step, facts) if outcome == "done" else []
        if missing:
            raise InputError(
                f"{step.id}: the answer is missing: {', '.join(missing)}", "write it as it stands on paper"
            )
        answer = Answer(outcome, who, note, facts, True, at, self.typist, HOW)
        return line_of(self.incident, step.id, answer)
