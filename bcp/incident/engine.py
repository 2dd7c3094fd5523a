"""Carries out an incident: one walk is starting and resuming; what it did is in the journal, so it can end anywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, Protocol

from bcp.action.base import Deed, Desk, Done, Enter, Failed, Look, Tools, Wait
from bcp.clock import Clock
from bcp.errors import BcpError, InputError
from bcp.event import Entry, stamp
from bcp.incident.answer import Answer, Beaten, settle, who_said
from bcp.incident.book import Book, Busy, Holds
from bcp.incident.state import Incident, StepState
from bcp.incident.view import Mood, StepView, step_view
from bcp.runbook.plan import action_of
from bcp.times import local_clock
from bcp.tongue import _

EXPECT_WITHIN = timedelta(minutes=1)
CONDITION_WITHIN = timedelta(0)
ELSEWHERE_PAUSE = 1.0

Key = Literal["do", "by-hand", "failed", "skipped", "not-applicable", "deferred", "note", "pause", "other"]
Why = Literal["carried-out", "person", "failed", "paused", "elsewhere"]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose to do with a step; `text` is the reason, or the note."""

    key: Key
    text: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


class Guide(Desk, Protocol):
    """Who is led through the incident: the person at the terminal, the player of a drill, or nobody."""

    attended: bool

    def choose(self, view: StepView) -> Choice:
        """What to do with the step that is shown."""
        ...


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
    """Everything that a walk needs; `by` is the person whose hands these are."""

    book: Book
    guide: Guide
    tools: Callable[[Incident], Tools]
    holds: Holds
    clock: Clock
    by: str
    _applies: dict[str, bool | None] = field(default_factory=dict)
    _offered: set[str] = field(default_factory=set)
    _passed: set[str] = field(default_factory=set)

    def run(self) -> Stop:
        """Walk until everything is carried out, a person is needed and not there, or the person pauses.

        1. Take in what others wrote.
        2. Pick the step: the first one to do; in an `any_order` phase one that nobody else has taken. With nobody
           there only `auto` steps are picked, all of them before the first gate.
        3. A step entered into another runbook is done when all steps below it are settled.
        4. `only_if`: a step that does not apply is settled as not applicable; where that cannot be known, a
           person decides.
        5. A step that was begun and not finished is running elsewhere, or in doubt. In doubt: repeatable deeds are
           done again, for others a person says what happened.
        6. A step that was tried and failed, or waits until a time, is put before the person as such.
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

    @property
    def _how(self) -> str:
        return "terminal" if self.guide.attended else "watch"

    def _read_news(self) -> None:
        for event in self.book.refresh():
            if event.kind == "step.settled" and self.guide.attended:
                who = self._incident.name_of(event.by)
                self.guide.tell(f"{who}: {event.data['title']}: {event.data['outcome']}")

    # 2 ---------------------------------------------------------------------------------------------------

    def _pick(self) -> StepState | None:
        steps = self._incident.next_steps() or self._put_off()
        if not steps:
            return None
        if self.guide.attended:
            return self._pick_for_person(steps)
        for step in steps:
            if self._runs_alone(step):
                return step
        failed = next((step for step in steps if step.failed_try), None)
        if failed is not None:
            raise _Stopped(Stop("failed", failed))
        self._store_gate(steps[0])
        raise _Stopped(Stop("elsewhere" if self._is_elsewhere(steps[0]) else "person", steps[0]))

    def _put_off(self) -> list[StepState]:
        """The deferred steps, offered once more when all others are settled."""
        if not self.guide.attended or self._incident.closing or self._incident.closed_at:
            return []
        return [step for step in self._incident.deferred() if step.id not in self._offered]

    def _pick_for_person(self, steps: Sequence[StepState]) -> StepState:
        free = [step for step in steps if not self._is_elsewhere(step) and step.taken_by in ("", self.by)]
        mine = free or [step for step in steps if not self._is_elsewhere(step)] or list(steps)
        fresh = [step for step in mine if step.id not in self._passed]
        if not fresh:
            self._passed.clear()
        return (fresh or mine)[0]

    def _runs_alone(self, step: StepState) -> bool:
        """Whether something can be done about `step` with nobody there."""
        if step.entered:
            return True
        if self._is_elsewhere(step) or step.failed_try or self._applies_now(step) is None:
            return False
        if self._applies_now(step) is False:
            return True
        if step.plan["by_person"] or not step.plan["auto"]:
            return False
        if step.begun is not None:
            return bool(step.plan["repeatable"])
        return step.until is None or step.until <= self.clock.now()

    def _store_gate(self, step: StepState) -> None:
        if not step.gate and step.begun is None and step.until is None:
            self._write(step, "step.waiting", {"why": "a person is needed"})

    def _is_elsewhere(self, step: StepState) -> bool:
        return step.begun is not None and not step.entered and self.holds.is_held(self._incident.id, step.id)

    # 3, 4 ------------------------------------------------------------------------------------------------

    def _carry(self, step: StepState) -> None:
        if step.entered:
            return self._settle(
                step, Answer("done", self.by, "all steps of the runbook are settled", how=self._how)
            )
        applies = self._applies_now(step)
        if applies is False:
            reason = self._condition_words(step)
            return self._settle(step, Answer("not-applicable", self.by, reason, how=self._how))
        if self._is_elsewhere(step):
            return self._await(step)
        if step.begun is not None:
            return self._doubt(step)
        if step.until is not None:
            return self._wait(step)
        if step.failed_try:
            return self._put(step, "failed", step.waits)
        if not self.guide.attended:
            return self._perform(step)
        why = (
            ""
            if applies
            else _("It is not known whether this step applies: {words}").format(
                words=self._condition_words(step)
            )
        )
        return self._put(step, "do", why)

    def _applies_now(self, step: StepState) -> bool | None:
        """Whether its `only_if` holds; None where that is not known. A check is looked at once a walk."""
        condition = step.plan.get("only_if")
        if not condition:
            return True
        if "fact" in condition:
            value = self._incident.facts.get(condition["fact"])
            return None if value is None else value in condition["is"]
        if step.id not in self._applies:
            look = self._look(condition["check"], CONDITION_WITHIN)
            self._applies[step.id] = None if look.state == "inconclusive" else look.state in condition["is"]
        return self._applies[step.id]

    def _condition_words(self, step: StepState) -> str:
        condition = step.plan["only_if"]
        wanted = _(" or ").join(condition["is"])
        if "fact" in condition:
            value = self._incident.facts.get(condition["fact"])
            known = _("not known") if value is None else value
            return _("only if {fact} is {wanted}; it is {known}").format(
                fact=condition["fact"], wanted=wanted, known=known
            )
        return _("only if the check {check} is {wanted}").format(check=condition["check"], wanted=wanted)

    # 5, 6 ------------------------------------------------------------------------------------------------

    def _await(self, step: StepState) -> None:
        """Another terminal carries it out: wait for it."""
        begun = step.begun
        assert begun is not None
        self.guide.tell(
            _("{who} is carrying out: {title}").format(who=self._incident.name_of(begun.by), title=step.title)
        )
        while self._is_elsewhere(step):
            self.clock.sleep(ELSEWHERE_PAUSE)
            self.book.refresh()

    def _doubt(self, step: StepState) -> None:
        begun = step.begun
        assert begun is not None
        if step.plan["repeatable"]:
            self.guide.tell(
                _("It was begun and not finished; repeating it does no harm: {title}").format(
                    title=step.title
                )
            )
            return self._perform(step)
        when = local_clock(begun.at, self._incident.zone, self.clock.now())
        words = _(
            "It began at {time} ({who}) and nobody knows how it ended. Find out what happened before it is done again."
        )
        why = words.format(time=when, who=self._incident.name_of(begun.by))
        if step.plan["expect"]:
            look = self._look(step.plan["expect"], CONDITION_WITHIN)
            why += " " + _("The check {check} is {state}: {reason}").format(
                check=step.plan["expect"], state=look.state, reason=look.reason
            )
        return self._put(step, "doubt", why)

    def _wait(self, step: StepState) -> None:
        assert step.until is not None
        if step.until <= self.clock.now():
            return self._settle(step, Answer("done", self.by, how=self._how))
        until = local_clock(step.until, self._incident.zone, self.clock.now())
        return self._put(step, "wait", _("It waits until {time}.").format(time=until))

    # the person ------------------------------------------------------------------------------------------

    def _put(self, step: StepState, mood: Mood, why: str) -> None:
        """Put the step before the person and do what is chosen."""
        self._take(step)
        choice = self.guide.choose(step_view(self._incident, step, mood, self.clock.now(), why))
        self._offered.add(step.id)
        if choice.key == "pause":
            raise _Stopped(Stop("paused", step))
        if choice.key == "note":
            self.book.write(
                lambda _incident: [Entry("note.written", self.by, {"text": choice.text, "step": step.id})]
            )
        elif choice.key == "other":
            self._passed.add(step.id)
        elif choice.key == "do" and mood == "wait":
            self._sleep_until(step)
        elif choice.key == "do":
            self._perform(step)
        else:
            self._say(step, choice)

    def _say(self, step: StepState, choice: Choice) -> None:
        by_hand = choice.key == "by-hand"
        outcome = "done" if by_hand else choice.key
        unseen = {"expect": step.plan["expect"], "seen": "not up"} if by_hand and step.failed_try else {}
        answer = Answer(outcome, self.by, choice.text, choice.facts, by_hand, how=self._how, evidence=unseen)
        self._settle(step, answer)

    def _take(self, step: StepState) -> None:
        """Where several people work at once, a step that one has on the screen is offered to others last."""
        phase = self._incident.phase_of(step)
        if phase is not None and phase.any_order and step.taken_by != self.by and self.guide.attended:
            self._write(step, "step.taken", {})

    def _sleep_until(self, step: StepState) -> None:
        assert step.until is not None
        while (left := (step.until - self.clock.now()).total_seconds()) > 0 and not step.settled:
            self.clock.sleep(min(left, 5.0))
            self._read_news()

    # 7 ---------------------------------------------------------------------------------------------------

    def _perform(self, step: StepState) -> None:
        if step.plan["by_person"]:
            return self._end(step, action_of(step.plan).run(self.tools(self._incident)))
        try:
            with self.holds.hold(self._incident.id, step.id):
                self._begin(step)
                self._end(step, self._do(step))
        except Busy:
            self.book.refresh()
        return None

    def _begin(self, step: StepState) -> None:
        before = step.begun.seq if step.begun else 0

        def entries(incident: Incident) -> Sequence[Entry]:
            now = incident[step.id]
            if now.answered:
                raise Beaten(
                    f'"{now.title}" was already answered: {who_said(incident, now, self.clock.now())}'
                )
            if now.begun is not None and now.begun.seq != before:
                raise Busy
            return [Entry("step.begun", self.by, {"step": step.id, "title": step.title}, how=self._how)]

        try:
            self.book.write(entries)
        except Beaten as beaten:
            self.guide.tell(beaten.message)
            raise Busy from None

    def _do(self, step: StepState) -> Deed:
        try:
            return action_of(step.plan).run(self.tools(self._incident))
        except BcpError as error:
            return Failed(error.message, {"hint": error.hint} if error.hint else {})

    def _end(self, step: StepState, deed: Deed) -> None:
        """Write how the deed ended."""
        match deed:
            case Wait(until=until):
                self._write(step, "step.waiting", {"until": stamp(until)})
            case Enter(runbook=runbook):
                self._write(step, "step.entered", {"runbook": runbook})
            case Failed():
                self._tried(step, deed)
            case Done():
                look = self._look(step.plan["expect"], EXPECT_WITHIN) if step.plan["expect"] else None
                if look is not None and look.state != "up":
                    words = _("done, but the check {check} is {state}: {reason}")
                    why = words.format(check=step.plan["expect"], state=look.state, reason=look.reason)
                    return self._tried(step, Failed(why, deed.evidence, unsure=True))
                note = " · ".join(filter(None, (deed.note, _seen(step, look))))
                answer = Answer("done", self.by, note, deed.facts, how=self._how, evidence=deed.evidence)
                self._settle(step, answer)
        return None

    def _tried(self, step: StepState, failed: Failed) -> None:
        data = {"why": failed.why, "unsure": failed.unsure, "evidence": dict(failed.evidence)}
        self._write(step, "step.tried", data)
        if not self.guide.attended:
            self.guide.tell(f"{step.title}: {failed.why}")

    def _look(self, check: str, within: timedelta) -> Look:
        self.guide.tell(_("Looking at the check {check} …").format(check=check))
        look = self.tools(self._incident).looks.look(check, within, "up")
        assumed = "ASSUMED: " if look.assumed else ""
        self.guide.tell(f"  {assumed}{check}: {look.state}: {look.reason}")
        return look

    # writing ---------------------------------------------------------------------------------------------

    def _settle(self, step: StepState, answer: Answer) -> None:
        """Write an outcome; the loser of a race is told who was first."""
        try:
            settle(self.book, step.id, answer, self.clock.now())
        except (Beaten, InputError) as beaten:
            self.guide.tell(beaten.message)

    def _write(self, step: StepState, kind: str, data: Mapping[str, object]) -> None:
        """Write an event about an open step, unless somebody settled it meanwhile."""

        def entries(incident: Incident) -> Sequence[Entry]:
            if incident[step.id].answered:
                return []
            return [Entry(kind, self.by, {"step": step.id, "title": step.title, **data}, how=self._how)]

        self.book.write(entries)


def _seen(step: StepState, look: Look | None) -> str:
    if look is None:
        return ""
    assumed = "ASSUMED: " if look.assumed else ""
    return f"{assumed}the check {step.plan['expect']} is {look.state}"
