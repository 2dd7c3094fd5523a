"""Carries out an incident: one walk is starting and resuming; what it did is in the journal, so it can end anywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bcp.action.base import Done, Tools
from bcp.clock import Clock
from bcp.files import IncidentFiles
from bcp.i18n import _
from bcp.incident.aim import Aim
from bcp.incident.answer import StepOutcome
from bcp.incident.applicability import CONDITION_WITHIN, Applicability
from bcp.incident.condition import condition_words
from bcp.incident.events.note import NoteWritten
from bcp.incident.events.registry import read
from bcp.incident.events.step import StepSettled, StepTaken, StepWaiting
from bcp.incident.executor import Believed, Performer
from bcp.incident.journal import Holds, IncidentJournal
from bcp.incident.operator import KeyPressed, StepUI
from bcp.incident.state import Incident, StepState
from bcp.incident.step_view import Mood, step_view
from bcp.incident.text import said_outcome, title_of, why_failed, why_in_doubt
from bcp.incident.waits import Waits
from bcp.incident.way_back import WayBack
from bcp.progress import UNWATCHED, Screen
from bcp.runbook.plan import action_of
from bcp.times import local_clock

Why = Literal["carried-out", "person", "failed", "paused", "elsewhere"]


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a walk ended, and at which step."""

    why: Why
    step: StepState | None = None


class _Stopped(Exception):
    def __init__(self, stop: Stop) -> None:
        self.stop = stop


@dataclass
class Walk:
    """Everything that a walk needs; `by` is the person whose hands these are, `files` those of the incident.

    `aim` is what it leads through.
    """

    book: IncidentJournal
    guide: StepUI
    tools: Callable[[Incident, str], Tools]
    holds: Holds
    clock: Clock
    by: str
    files: IncidentFiles | None = None
    aim: Aim = field(default_factory=Aim)
    believed: Believed | None = None
    progress: Screen = UNWATCHED
    _offered: set[str] = field(default_factory=set)
    _passed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """The hands that carry the steps out, and what says whether one applies."""
        self._hands = Performer(
            self.book, self.guide, self.tools, self.holds, self.clock, self.by, self.files, self.believed,
            self.progress,
        )  # fmt: skip
        self._applicability = Applicability(self.book.incident, self._hands.look)
        self._waits = Waits(self.clock, self.progress, self._read_news, self.book.refresh)

    def run(self) -> Stop:
        """Walk until everything is carried out, a person is needed and not there, or the person pauses.

        1. Take in what others wrote.
        2. Pick the step: the first one to do; in an `any_order` phase one that nobody else has taken. With nobody
           there only `auto` steps are picked, all of them before the first gate.
        3. A step that was tried and failed is put before the person as such, unless it is tried once more now.
        4. A step that was begun and not finished is running elsewhere, or in doubt. In doubt: repeatable deeds are
           done again, for others a person says what happened. One that waits until a time is done then.
        5. A step that entered another runbook is done when all steps below it are settled.
        6. `only_if`: a step that does not apply is settled as not applicable; where that cannot be known, a
           person decides. Of a step that was begun this is not asked again.
        7. The deed: hold the step, write that it begins, do it, look whether the expected check is up, write how
           it ended. Each of the two writes is checked against the state that it follows, so of two terminals one
           carries it out.
        """
        try:
            while True:
                self._read_news()
                step = self._pick()
                if step is None:
                    return Stop("carried-out")
                self._carry(step)
        except _Stopped as stopped:
            return stopped.stop

    @property
    def _incident(self) -> Incident:
        return self.book.incident

    def _read_news(self) -> bool:
        """Take in what others wrote, and tell what they settled; whether they wrote anything."""
        news = self.book.refresh()
        for event in news if self.guide.attended else ():
            settled = read(event)
            if isinstance(settled, StepSettled):
                who = self._incident.name_of(event.by)
                self.guide.tell(f"{who}: {settled.title}: {said_outcome(settled.outcome)}")
        return bool(news)

    # 2 ---------------------------------------------------------------------------------------------------

    def _pick(self) -> StepState | None:
        steps = self.aim.steps(self._incident) or self._put_off()
        if not steps:
            return None
        if self.guide.attended:
            return self._pick_for_person(steps)
        for step in steps:
            if self._runs_alone(step):
                return step
        # Asked before the news, for a hold outlives the event of its end: what is not held any more is in the news.
        elsewhere = self._is_elsewhere(steps[0])
        if self._read_news():  # what another process carried out may have ended just now
            return self._pick()
        failed = next((step for step in steps if step.failed_try), None)
        if failed is not None:
            raise _Stopped(Stop("failed", failed))
        self._store_gate(steps[0])
        raise _Stopped(Stop("elsewhere" if elsewhere else "person", steps[0]))

    def _put_off(self) -> list[StepState]:
        """The deferred steps, offered once more when all others are settled."""
        incident = self._incident
        if not self.guide.attended or incident.closing or incident.closed_at or self.aim.is_single:
            return []
        return [step for step in incident.deferred() if step.id not in self._offered]

    def _pick_for_person(self, steps: Sequence[StepState]) -> StepState:
        free = [step for step in steps if not self._is_elsewhere(step) and step.taken_by in ("", self.by)]
        mine = free or [step for step in steps if not self._is_elsewhere(step)] or list(steps)
        fresh = [step for step in mine if step.id not in self._passed]
        if not fresh:
            self._passed.clear()
        return (fresh or mine)[0]

    def _runs_alone(self, step: StepState) -> bool:
        """Whether something can be done about `step` with nobody there."""
        if self._is_elsewhere(step) or (step.failed_try and step.id not in self.aim.again):
            return False
        if step.entered or step.until is not None:
            return step.entered or self._is_over(step)
        applies = self._applicability.of(step)
        if applies is not True:
            return applies is False
        # What a kind can do is asked of its class, not of the plan: that may come from elsewhere.
        action = action_of(step.plan)
        if action.by_person or action.asks_person or not step.plan.auto:
            return False
        return step.begun is None or action.is_repeatable()

    def _store_gate(self, step: StepState) -> None:
        if not step.gate and step.begun is None and step.until is None:
            self._hands.write(step, lambda title: StepWaiting(step.id, title, "a person is needed"))

    def _is_elsewhere(self, step: StepState) -> bool:
        return step.begun is not None and (self._is_held(step) or step.process.runs)

    def _is_held(self, step: StepState) -> bool:
        return self.holds.is_held(self._incident.id, step.id)

    def _is_over(self, step: StepState) -> bool:
        return step.until is not None and step.until <= self.clock.now()

    # 3 to 6 ----------------------------------------------------------------------------------------------

    def _carry(self, step: StepState) -> None:
        if self._is_elsewhere(step):
            return self._await(step) if self._is_held(step) else self._outlived(step)
        is_asked_for = self.aim.takes_up(step)
        if step.failed_try and not is_asked_for:
            return self._put(step, "failed", why_failed(self._incident, step, self.clock.now()))
        if step.begun is not None:
            return self._doubt(step)
        if step.until is not None:
            return self._wait(step)
        if step.entered and not step.settled:
            return self._hands.end(step, Done(_("all steps of the runbook are settled")))
        applies = self._applicability.of(step)
        if applies is False:
            words = condition_words(self._incident, step)
            by_facts = step.plan.only_if is not None and step.plan.only_if.check is None
            self._hands.settle(
                step,
                StepOutcome("not-applicable", self.by, words, how=self._hands.how, by_condition=by_facts),
            )
            return None
        if not self.guide.attended or is_asked_for:
            return self._hands.perform(step, step.tries, corrects=step.answered)
        unknown = _("It is not known whether this step applies: {words}")
        why = "" if applies else unknown.format(words=condition_words(self._incident, step))
        return self._put(step, "do", why)

    def _await(self, step: StepState) -> None:
        """Another terminal carries it out: wait for it."""
        begun = step.begun
        assert begun is not None
        who, words = self._incident.name_of(begun.by), _("{who} is carrying out: {title}")
        self.guide.tell(words.format(who=who, title=title_of(self._incident, step)))
        self._waits.for_other(who, lambda: self._is_elsewhere(step))

    def _outlived(self, step: StepState) -> None:
        """Who began it ended, and its program did not: it is waited for, and never begun a second time."""
        begun = step.begun
        if begun is None or self._read_news():
            return None
        when = local_clock(begun.at, self._incident.zone, self.clock.now())
        words = _("It is still running since {time} ({who}), although what started it ended.")
        return self._put(step, "wait", words.format(time=when, who=self._incident.name_of(begun.by)))

    def _doubt(self, step: StepState) -> None:
        # Another process may have ended it just now: a hold outlives the event of its end.
        if self._read_news():
            return None
        if action_of(step.plan).is_repeatable():
            words = _("It was begun and not finished; repeating it does no harm: {title}")
            self.guide.tell(words.format(title=title_of(self._incident, step)))
            return self._hands.perform(step, step.tries)
        why = why_in_doubt(self._incident, step, self.clock.now())
        if step.plan.expect:
            look = self._hands.look(step.plan.expect, CONDITION_WITHIN)
            why += " " + _("The check {check} is {state}: {reason}").format(
                check=step.plan.expect, state=look.state, reason=look.reason
            )
        return self._put(step, "doubt", why)

    def _wait(self, step: StepState) -> None:
        assert step.until is not None
        if self._is_over(step):
            return self._hands.end(step, Done())
        until = local_clock(step.until, self._incident.zone, self.clock.now())
        return self._put(step, "wait", _("It waits until {time}.").format(time=until))

    # the person ------------------------------------------------------------------------------------------

    def _put(self, step: StepState, mood: Mood, why: str) -> None:
        """Put the step before the person and do what is chosen; what happened meanwhile goes first."""
        self._take(step)
        tries, put_off, answered = step.tries, step.outcome == "deferred", step.answered
        choice = self.guide.choose(step_view(self._incident, step, mood, self.clock.now(), why))
        if put_off and choice.key == "deferred":
            self._offered.add(step.id)
        if choice.key == "pause":
            raise _Stopped(Stop("paused", step))
        if choice.key == "note":
            note = NoteWritten(choice.text, step.id).entry(self.by, how=self._hands.how)
            self.book.write(lambda _incident: [note])
        elif choice.key == "other":
            self._passed.add(step.id)
        elif choice.key == "back":
            if not WayBack(self._hands).go(step):
                raise _Stopped(Stop("paused", step))
        elif choice.key == "decide":
            self._hands.decide(choice)
        elif choice.key == "do" and mood == "wait":
            self._waits.for_step(step, self._incident.zone)
        elif choice.key == "do":
            self._hands.perform(step, tries, corrects=answered)
        else:
            self._say(step, choice, tries)

    def _say(self, step: StepState, choice: KeyPressed, tries: int) -> None:
        by_hand = choice.key == "by-hand"
        outcome = "done" if by_hand else choice.key
        unseen = {"expect": step.plan.expect, "seen": "not up"} if by_hand and step.failed_try else {}
        answer = StepOutcome(
            outcome, self.by, choice.text, choice.facts, by_hand, how=self._hands.how, evidence=unseen
        )
        self._hands.hear(step, answer, tries)

    def _take(self, step: StepState) -> None:
        """Where several people work at once, a step that one has on the screen is offered to others last."""
        phase = self._incident.phase_of(step)
        if phase is not None and phase.any_order and step.taken_by != self.by and self.guide.attended:
            self._hands.write(step, lambda title: StepTaken(step.id, title))
