"""One step as it is put before a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from bcp.fact import Fact
from bcp.fact_template import fill
from bcp.i18n import _
from bcp.incident import decision_due
from bcp.incident.correction import last_answers
from bcp.incident.due import Due, clock_line, due
from bcp.incident.output import output_lines
from bcp.incident.state import Incident, PhaseState, StepState
from bcp.incident.text import facts_for
from bcp.incident.view import time_left, whose
from bcp.runbook.compiled import PlanLine, PlanStep

Mood = Literal["do", "failed", "doubt", "wait", "back"]


@dataclass(frozen=True, slots=True)
class StepView:
    """One step as it is put before a person.

    `mood` says why: to be done, tried and failed, in doubt, waiting until a time, or gone back to. `words` is what
    happens by itself; it is empty where the person does it. `dial` is the number that is to be called. `why` is the
    failure, or what is known about the doubt; `hint` is what to do about the failure, where that is known, `printed`
    are the lines that its program ended with. `dues` want an answer before anything else, and of them `decisions` are
    answered here. `answers` are what is known of what it asks, `outcome` is what was said of it. With `has_before`
    there is a step to go back to.
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
    decisions: tuple[DueDecision, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    outcome: str = ""
    has_before: bool = False
    printed: tuple[str, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether doing it is answering it."""
        return bool(self.facts) and not self.words


class DueDecision(NamedTuple):
    """A decision that is due, as it is put before a person: each answer with what it begins, or nothing."""

    id: str
    question: str
    answers: Mapping[str, str]


def due_decisions(incident: Incident, now: datetime) -> tuple[DueDecision, ...]:
    """The decisions that are due, the most urgent first."""
    return tuple(
        DueDecision(
            each.id,
            each.question,
            {
                name: incident.plan.runbooks[runbook].title if runbook else ""
                for name, runbook in each.answers.items()
            },
        )
        for each in decision_due.due(incident, now)
    )


def step_before(incident: Incident, step: StepState) -> StepState | None:
    """The answered step before `step`; none that was left out because its `only_if` did not hold."""
    around = _around(incident, step)
    place = next((n for n, each in enumerate(around) if each is step), len(around))
    answered = [
        each for each in around[:place] if each.answered and not each.by_condition and not each.entered
    ]
    return answered[-1] if answered else None


def _around(incident: Incident, step: StepState) -> list[StepState]:
    """The steps among which it is counted: those of the plan, or those of switching back."""
    if step.section != "main":
        return incident.closing_steps()
    return [each for phase in incident.phases for each in phase.steps]


def step_view(incident: Incident, step: StepState, mood: Mood, now: datetime, why: str = "") -> StepView:
    """`step` as it is put before a person now."""
    around = _around(incident, step)
    phase = incident.phase_of(step)
    deadline = phase.due if phase else None
    plan, facts = step.plan, facts_for(incident, step)
    line = incident.plan.lines.get(plan.line or "", PlanLine())
    return StepView(
        id=step.id,
        number=next((n for n, each in enumerate(around, 1) if each is step), 1),
        total=len(around),
        phase=phase.title if phase else _("Stand-down"),
        left=time_left(incident, deadline, now) if deadline else "",
        late=deadline is not None and now > deadline and incident.counts(now),
        title=fill(plan.title, facts),
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
        others_open=_others_open(incident, phase) if mood != "back" else 0,
        pause=(phase.pause if phase and phase.steps[-1] is step else ""),
        drill=incident.drill,
        facts=plan.facts,
        dial=(line.support or "") if plan.promise else "",
        dues=tuple(due(incident, now)),
        clocks=clock_line(incident, now),
        hint=step.hint,
        decisions=due_decisions(incident, now),
        answers=last_answers(incident, step) if step.answered or step.tries else {},
        outcome=step.outcome or "",
        has_before=step_before(incident, step) is not None,
        printed=tuple(output_lines(step.evidence)) if mood == "failed" else (),
    )


def _others_open(incident: Incident, phase: PhaseState | None) -> int:
    return max(0, len(incident.next_steps()) - 1) if phase is not None and phase.any_order else 0


def _words(plan: PlanStep) -> str:
    """What happens by itself, as its action says it: the words in a plan may come from elsewhere."""
    from bcp.runbook.plan import action_of

    action = action_of(plan)
    return "" if action.by_person else action.describe()
