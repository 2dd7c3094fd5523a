"""One step as it is put before a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bcp.fact import Fact
from bcp.fact_template import fill
from bcp.i18n import _
from bcp.incident.due import Due, clock_line, due
from bcp.incident.state import Incident, StepState
from bcp.incident.text import said_facts
from bcp.incident.view import time_left, whose
from bcp.runbook.compiled import PlanLine, PlanStep

Mood = Literal["do", "failed", "doubt", "wait"]


@dataclass(frozen=True, slots=True)
class StepView:
    """One step as it is put before a person.

    `mood` says why: to be done, tried and failed, in doubt, or waiting until a time. `words` is what happens
    by itself; it is empty where the person does it. `dial` is the number that is to be called. `why` is the
    failure, or what is known about the doubt; `hint` is what to do about the failure, where that is known. `dues`
    want an answer before anything else.
    """

    id: str
    number: int
    total: int
    phase: str
    left: str
    late: bool
    title: str
    who: str
    words: str
    by_hand: str
    result: str
    warning: str
    line: Mapping[str, Any]
    mood: Mood
    why: str
    unsure: bool
    section: str
    others_open: int
    pause: str
    drill: bool
    facts: tuple[Fact, ...]
    dial: str = ""
    dues: tuple[Due, ...] = ()
    clocks: str = ""
    hint: str = ""

    @property
    def asks(self) -> bool:
        """Whether doing it is answering it."""
        return bool(self.facts) and not self.words


def step_view(incident: Incident, step: StepState, mood: Mood, now: datetime, why: str = "") -> StepView:
    """`step` as it is put before a person now."""
    main = [each for phase in incident.phases for each in phase.steps]
    around = main if step.section == "main" else incident.closing_steps()
    phase = incident.phase_of(step)
    deadline = phase.due if phase else None
    plan, facts = step.plan, said_facts(incident)
    line = incident.plan.lines.get(plan.line or "", PlanLine())
    return StepView(
        id=step.id,
        number=next((n for n, each in enumerate(around, 1) if each is step), 1),
        total=len(around),
        phase=phase.title if phase else _("Stand-down"),
        left=time_left(deadline, now) if deadline else "",
        late=deadline is not None and now > deadline,
        title=fill(step.title, facts),
        who=whose(incident, step),
        words=fill(_words(plan), facts),
        by_hand=fill(plan.by_hand, facts),
        result=plan.result or plan.params.get("result") or "",
        warning=plan.warning or "",
        line=line.as_json(),
        mood=mood,
        why=why,
        unsure=step.unsure,
        section=step.section,
        others_open=max(0, len(incident.next_steps()) - 1) if phase is not None and phase.any_order else 0,
        pause=(phase.pause if phase and phase.steps[-1] is step else ""),
        drill=incident.drill,
        facts=plan.facts,
        dial=(line.support or "") if plan.promise else "",
        dues=tuple(due(incident, now)),
        clocks=clock_line(incident, now),
        hint=step.hint,
    )


def _words(plan: PlanStep) -> str:
    """What happens by itself, as its action says it: the words in a plan may come from elsewhere."""
    from bcp.runbook.plan import action_of

    action = action_of(plan)
    return "" if action.by_person else action.describe()
