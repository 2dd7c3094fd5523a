"""What a walk leads through: all that comes next, or the undo of one measure alone; and what it tries once more."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from bcp.incident.state import Incident, Measure, StepState
from bcp.runbook.plan import action_of


@dataclass
class Aim:
    """All that comes next. Of the steps in `again` a try that failed before is done once more, without a question."""

    is_single: ClassVar[bool] = False
    """Whether it leads to one step and nothing beside it."""

    again: set[str] = field(default_factory=set)

    def steps(self, incident: Incident) -> list[StepState]:
        """The steps to do now; none when nothing is left."""
        return incident.next_steps()

    def takes_up(self, step: StepState) -> bool:
        """Whether its deed is done now, although it failed before; asked a second time, it is not."""
        is_first = step.id in self.again
        self.again.discard(step.id)
        return is_first


class UndoOf(Aim):
    """The undo of one measure, also of an incident that is closed. Who names it wants it done: it is not asked again.

    Told a second time that it is not done (skipped, put off), it is left at that.
    """

    is_single: ClassVar[bool] = True

    def __init__(self, measure: Measure) -> None:
        """`measure` is in force."""
        undo = measure.undo
        self._measure = measure.step.id
        self._is_begun = False
        is_shown_first = action_of(undo.plan).by_person or bool(undo.plan.warning)
        super().__init__(set() if is_shown_first else {undo.id})

    def steps(self, incident: Incident) -> list[StepState]:
        """The undo, as long as its measure is in force."""
        found = [each.undo for each in incident.in_force() if each.step.id == self._measure]
        return [undo for undo in found if not (undo.settled and self._is_begun)]

    def takes_up(self, step: StepState) -> bool:
        """As its parent; from now on an answer is an answer."""
        self._is_begun = True
        return super().takes_up(step)
