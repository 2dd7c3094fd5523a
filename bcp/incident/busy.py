"""How much of a plan each role has to do by hand, and in how much time: what the plan says, and nothing guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from bcp.incident.state import Incident, PhaseState, StepState


@dataclass(frozen=True, slots=True)
class BusyTime:
    """So many steps of one role between two deadlines: `by` is counted from the start, None where none is set."""

    steps: int
    by: timedelta | None
    window: timedelta | None

    @property
    def each(self) -> timedelta | None:
        """How long one of them may take at most, one after the other."""
        return self.window / self.steps if self.window else None


def busy_times(incident: Incident) -> dict[str, list[BusyTime]]:
    """For each role, in the order in which they are needed, its steps that a person does, deadline by deadline."""
    counts: dict[str, Counter[timedelta | None]] = {}
    for step, by in _by_hand(incident):
        counts.setdefault(step.who, Counter())[by] += 1
    ends = sorted(_deadlines(incident))
    windows = {by: by - before for before, by in zip([timedelta(0), *ends], ends, strict=False)}
    return {
        role: [
            BusyTime(found[by], by, windows[by] if by is not None else None)
            for by in [*ends, None]
            if found[by]
        ]
        for role, found in counts.items()
    }


def _deadlines(incident: Incident) -> set[timedelta]:
    return {by for phase in incident.phases if (by := _deadline(incident, phase)) is not None}


def _by_hand(incident: Incident) -> Iterator[tuple[StepState, timedelta | None]]:
    for phase in incident.phases:
        by = _deadline(incident, phase)
        yield from ((step, by) for step in phase.steps if step.plan.by_person and step.who)


def _deadline(incident: Incident, phase: PhaseState) -> timedelta | None:
    """Counted from the start, to the minute: a plan inside of another began a moment later."""
    if phase.due is None:
        return None
    return timedelta(minutes=round((phase.due - incident.opened_at).total_seconds() / 60))
