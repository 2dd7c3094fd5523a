"""Whether the steps of one walk apply: by the facts that are known, and by checks, each seen once a walk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bcp.action.base import Look
from bcp.incident.condition import applies
from bcp.incident.state import Incident, StepState

CONDITION_WITHIN = timedelta(0)


class Applicability:
    """The conditions of one walk."""

    def __init__(self, incident: Incident, look: Callable[[str, timedelta], Look]) -> None:
        """`look` looks at a check of the office."""
        self._incident = incident
        self._look = look
        self._seen: dict[str, bool | None] = {}

    def of(self, step: StepState) -> bool | None:
        """Whether its `only_if` holds; None where that is not known. A check is looked at once a walk.

        What was begun did apply then: the deed itself may have changed what the condition asks about.
        """
        condition = step.plan.only_if
        if condition is None or step.tries:
            return True
        if condition.check is None:
            return applies(self._incident, step)
        if step.id not in self._seen:
            look = self._look(condition.check, CONDITION_WITHIN)
            self._seen[step.id] = None if look.state == "inconclusive" else look.state in condition.values
        return self._seen[step.id]
