"""What is true now of one incident: plain data, and what follows from it. `fold.py` makes it of the journal.

An incident is a tree: phases hold steps, and a step that entered another runbook has phases below it. The address
of a step is its id; below an entered step `switch` it is `switch/call`; the undo of `mobile` is `mobile.undo`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from bcp.cost.model import Cost
from bcp.event import NOTHING, Event, Head
from bcp.fact import FOUND
from bcp.fact_template import fill
from bcp.incident.clock_record import ClockRecord
from bcp.incident.decision import DecisionState
from bcp.incident.ledger import FactSaid, Flip, FollowUp, Note, PostedText, Review
from bcp.promise.model import Promise
from bcp.runbook.compiled import Plan, PlanStep
from bcp.running_process import RunningProcess, read_process

Section = Literal["main", "undo", "stand-down"]
OUTCOMES = ("done", "failed", "skipped", "not-applicable", "deferred")
ENDS_MEASURE = ("done", "not-applicable")


# Without `repr`: each method that `dataclass` writes costs every command a tenth of a millisecond.
@dataclass(eq=False, repr=False)
class StepState:
    """One step: its compiled plan and what became of it."""

    id: str
    plan: PlanStep
    section: Section
    runbook: str
    outcome: str | None = None
    at: datetime | None = None
    by: str = ""
    recorded_by: str = ""
    how: str = ""
    note: str = ""
    by_hand: bool = False
    seq: int = 0
    begun: Event | None = None
    waits: str = ""
    until: datetime | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    unsure: bool = False
    tries: int = 0
    tried_at: datetime | None = None
    gate: bool = False
    entered: bool = False
    taken_by: str = ""
    amended: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)
    by_condition: bool = False

    @property
    def settled(self) -> bool:
        """Whether it has an outcome."""
        return self.outcome is not None

    @property
    def answered(self) -> bool:
        """Whether it has an outcome that is not just putting it off."""
        return self.outcome not in (None, "deferred")

    @property
    def title(self) -> str:
        """What to do, as long as no fact is known that it mentions; see `title_of`."""
        return fill(self.plan.title, {})

    @property
    def who(self) -> str:
        """The role that does it, or nothing where the runbook names none."""
        return self.plan.who or ""

    @property
    def failed_try(self) -> bool:
        """Whether it was tried, failed and waits for a person."""
        return not self.answered and bool(self.waits) and self.tries > 0 and self.begun is None

    @property
    def hint(self) -> str:
        """What to do about the try that failed, where its failure says so."""
        return str(self.evidence.get("hint", "")) if self.failed_try else ""

    @property
    def process(self) -> RunningProcess:
        """The program that its deed is, where that was written down; it may have ended since."""
        return read_process(self.begun.data.get("process") if self.begun is not None else None)

    @property
    def shown(self) -> str:
        """Its outcome, or how it stands while it is open; `running` also stands for in doubt (see `Holds`)."""
        if self.begun is not None and not self.entered:
            return "running"
        if self.outcome is not None:
            return self.outcome
        return "waiting" if self.waits or self.until or self.gate or self.entered else "open"

    def reset(self) -> None:
        """Forget a try: it is neither running nor waiting."""
        self.begun, self.waits, self.until, self.gate, self.unsure = None, "", None, False, False

    def reopen(self) -> None:
        """It has no outcome any more, and no try."""
        self.reset()
        self.outcome = None


@dataclass(eq=False, repr=False)
class PhaseState:
    """A time box of `within` seconds, its deadline, its steps; when its runbook began, and at which step (`parent`)."""

    title: str
    runbook: str
    parent: str
    began: datetime
    due: datetime | None
    within: float | None
    any_order: bool
    pause: str
    steps: list[StepState]


class Measure(NamedTuple):
    """A temporary state of the world that an undo must end."""

    step: StepState
    undo: StepState
    left: str
    since: datetime

    @property
    def on(self) -> bool:
        """Whether it is still in force."""
        return self.undo.outcome not in ENDS_MEASURE


@dataclass(eq=False, repr=False)
class Incident:
    """One run of a runbook, as its journal tells it."""

    id: str
    kind: str
    plan: Plan
    opened_at: datetime
    opened_by: str
    zone: ZoneInfo
    clock: ClockRecord
    head: Head = NOTHING
    phases: list[PhaseState] = field(default_factory=list)
    steps: dict[str, StepState] = field(default_factory=dict)
    undos: dict[str, StepState] = field(default_factory=dict)
    stand_down: list[StepState] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    known_at: dict[str, datetime] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    answered: list[FactSaid] = field(default_factory=list)
    decided: set[str] = field(default_factory=set)
    decisions: dict[str, DecisionState] = field(default_factory=dict)
    promises: dict[str, Promise] = field(default_factory=dict)
    withdrawn: dict[str, Promise] = field(default_factory=dict)
    costs: dict[str, Cost] = field(default_factory=dict)
    follow_ups: dict[str, FollowUp] = field(default_factory=dict)
    reviews: list[Review] = field(default_factory=list)
    clients_to_be_asked: bool = False
    posted: dict[str, PostedText] = field(default_factory=dict)
    noted: list[Note] = field(default_factory=list)
    unread_notes: Callable[[], list[Note]] | None = None
    left: dict[str, str] = field(default_factory=dict)
    found: dict[str, datetime] = field(default_factory=dict)
    flips: dict[str, Flip] = field(default_factory=dict)
    handed_over: bool = False
    closing: bool = False
    closed_at: datetime | None = None

    @property
    def notes(self) -> Sequence[Note]:
        """What people wrote down, in the order of the journal. The fold passes over thousands: they change nothing."""
        if self.unread_notes is not None:
            self.noted[:0] = map(self.clock.right_note, self.unread_notes())
            self.unread_notes = None
        return self.noted

    @property
    def runbook(self) -> str:
        """The id of the runbook that it began with."""
        return self.plan.root

    @property
    def title(self) -> str:
        """The title of that runbook."""
        return self.plan.runbooks[self.runbook].title

    @property
    def target(self) -> datetime:
        """By when everything should be done (RTO)."""
        return self.opened_at + timedelta(seconds=self.plan.runbooks[self.runbook].target)

    def counts(self, now: datetime) -> bool:
        """Whether times since the start can be told: a wrong clock gave none."""
        return self.clock.counts(self.closed_at or now)

    @property
    def drill(self) -> bool:
        """Whether it is a rehearsal."""
        return self.kind == "drill"

    @property
    def known(self) -> dict[str, str]:
        """What texts and conditions may name: the facts, and as `NAME_found` those that this computer found itself."""
        return {**{f"{name}{FOUND}": value for name, value in self.seen.items()}, **self.facts}

    def __getitem__(self, address: str) -> StepState:
        """The step, undo or stand-down step at `address`; KeyError where there is none."""
        return self.steps[address] if address in self.steps else self.undos[address]

    def __contains__(self, address: str) -> bool:
        """Whether there is such a step."""
        return address in self.steps or address in self.undos

    def every_step(self) -> Iterator[StepState]:
        """All steps: main ones in their order, undos, stand-down."""
        for phase in self.phases:
            yield from phase.steps
        yield from self.undos.values()
        yield from self.stand_down

    def measures(self) -> list[Measure]:
        """The measures ever put in force, oldest first, each with its undo."""
        on = [
            (step, step.at if step.outcome == "done" else self.found.get(step.id))
            for step in self.steps.values()
            if f"{step.id}.undo" in self.undos
        ]
        return [
            Measure(step, self.undos[f"{step.id}.undo"], self.left.get(step.id, ""), since)
            for step, since in sorted(on, key=lambda each: each[0].seq)
            if since is not None
        ]

    def in_force(self) -> list[Measure]:
        """The measures that are on."""
        return [measure for measure in self.measures() if measure.on]

    def next_steps(self) -> list[StepState]:
        """The steps to do now: one, or all open ones of an `any_order` phase; none when all are settled.

        Once closing has begun: the undos of the measures in force, newest first, then the stand-down steps.
        """
        if self.closed_at is not None:
            return []
        if self.closing:
            return [each for step in self._closing_steps()[:1] for each in self._entry_or(step)]
        return self._open_in("")

    def open_steps(self) -> list[StepState]:
        """All main steps without an outcome, but for those below a step that was settled as a whole."""
        under_way = (each for each in self.phases if not (each.parent and self[each.parent].settled))
        return [step for phase in under_way for step in phase.steps if not step.settled]

    def deferred(self) -> list[StepState]:
        """The main steps that were put off."""
        return [step for phase in self.phases for step in phase.steps if step.outcome == "deferred"]

    def closing_steps(self) -> list[StepState]:
        """All that closing leads through: the undos of measures, newest first, then stand-down."""
        return [*(measure.undo for measure in reversed(self.measures())), *self.stand_down]

    def phase_of(self, step: StepState) -> PhaseState | None:
        """The phase that `step` stands in; None for an undo and for stand-down."""
        return next((phase for phase in self.phases if step in phase.steps), None)

    def name_of(self, person: str) -> str:
        """The name of a person of the office, or the text itself."""
        return self.plan.name_of(person)

    def _open_in(self, parent: str) -> list[StepState]:
        for phase in self.phases:
            found = [step for step in phase.steps if phase.parent == parent and not step.settled]
            if found:
                return [
                    each for step in found[: None if phase.any_order else 1] for each in self._entry_or(step)
                ]
        return []

    def _entry_or(self, step: StepState) -> list[StepState]:
        """The steps below an entered step, or the step itself: it is settled when all below it are."""
        return (self._open_in(step.id) or [step]) if step.entered else [step]

    def _closing_steps(self) -> list[StepState]:
        undos = [measure.undo for measure in reversed(self.in_force()) if not measure.left]
        return [step for step in (*undos, *self.stand_down) if not step.settled]
