"""A step: it is taken on, begun, tried, waits, enters another runbook, is settled; one is put in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from bcp.event import Event, moment, stamp
from bcp.frozen import EMPTY, one_of, stored
from bcp.i18n import _
from bcp.incident.condition import learn
from bcp.incident.events.base import Payload, Speaker, Spoken, joined, said_of_facts
from bcp.incident.layout import lay_out, put_in
from bcp.incident.state import OUTCOMES, Incident, StepState
from bcp.runbook.compiled import PlanStep
from bcp.times import local

_OUTCOMES: dict[str, Spoken] = {
    "done": lambda: _("done"),
    "failed": lambda: _("FAILED"),
    "skipped": lambda: _("skipped"),
    "not-applicable": lambda: _("does not apply"),
    "deferred": lambda: _("put off"),
}


class _OfStep(Payload):
    """An event of one step: its address, and its title as it was said then."""

    step: str
    title: str


class StepBegun(_OfStep):
    """Its deed is being done; where that is one program, `process` is its number (`pid`) and its start (`started`)."""

    KIND: ClassVar[str] = "step.begun"

    process: Mapping[str, Any] = EMPTY

    def apply(self, incident: Incident, event: Event) -> None:
        """It runs, so it is open again, if it was put off before."""
        step = incident[self.step]
        step.reopen()
        step.begun = event
        step.tries += 1

    def sentence(self, words: Speaker) -> str:
        """`began: Put the office on mobile internet`."""
        return _("began: {title}").format(title=self.title)


class StepTried(_OfStep):
    """Its deed did not succeed; it is not known whether it took effect where it is `unsure`."""

    KIND: ClassVar[str] = "step.tried"

    why: str
    unsure: bool = stored(older=False)
    evidence: Mapping[str, Any] = stored(older=EMPTY)

    def apply(self, incident: Incident, event: Event) -> None:
        """It waits for a person."""
        step = incident[self.step]
        step.reopen()
        step.tries = max(step.tries, 1)
        step.waits, step.unsure, step.evidence = self.why, self.unsure, self.evidence
        step.tried_at = event.at

    def sentence(self, words: Speaker) -> str:
        """`did not succeed: Put the office on mobile internet: the router is off`."""
        return _("did not succeed: {title}: {why}").format(title=self.title, why=self.why)


class StepWaiting(_OfStep):
    """It waits `until` a time, or for a person."""

    KIND: ClassVar[str] = "step.waiting"

    why: str = ""
    until: datetime | None = stored(default=None, read=moment, write=stamp)

    def apply(self, incident: Incident, event: Event) -> None:
        """It is open until then; or a gate."""
        step = incident[self.step]
        if self.until is not None:
            step.reopen()
            step.until = self.until
        else:
            step.gate = True

    def sentence(self, words: Speaker) -> str:
        """`waits until Thu 26 Nov 2026 08:08 CET: Make tea`."""
        if self.until is None:
            return _("waits for a person: {title}").format(title=self.title)
        until = local(self.until, words.zone)
        return _("waits until {time}: {title}").format(time=until, title=self.title)


class StepEntered(_OfStep):
    """It leads through another runbook."""

    KIND: ClassVar[str] = "step.entered"

    runbook: str

    def apply(self, incident: Incident, event: Event) -> None:
        """Entered a second time (after a crash, or tried again) it finds its steps as they are."""
        step = incident[self.step]
        step.reopen()
        if not step.entered:
            step.entered = True
            lay_out(incident, self.runbook, step.id, event.at, below=True)

    def sentence(self, words: Speaker) -> str:
        """`went on to the runbook divert-calls`."""
        return _("went on to the runbook {runbook}").format(runbook=self.runbook)


class StepSettled(_OfStep):
    """Its outcome, the facts that it found out, and what proves it; `corrects` is the entry that it stands for now.

    `unknown` are facts that nobody knows any more, `before` what was known instead of its facts and of those.
    `by_condition`: nobody settled it, its `only_if` did not hold.
    """

    KIND: ClassVar[str] = "step.settled"

    outcome: str = stored(read=one_of(OUTCOMES))
    note: str = ""
    facts: Mapping[str, str] = EMPTY
    evidence: Mapping[str, Any] = EMPTY
    by_hand: bool = False
    corrects: int = 0
    unknown: Sequence[str] = ()
    before: Mapping[str, str] = EMPTY
    by_condition: bool = False

    def apply(self, incident: Incident, event: Event) -> None:
        """It has an outcome; done, its measure is in force."""
        step = incident[self.step]
        was = step.outcome
        step.reset()
        step.outcome, step.note = self.outcome, self.note
        step.by_hand, step.evidence = self.by_hand, self.evidence
        step.facts, step.by_condition = self._answers(step), self.by_condition
        if not (self.corrects and was == self.outcome and event.at == event.recorded_at):
            # Other answers change nothing in when and by whom it was done.
            step.at, step.by, step.recorded_by, step.how = event.at, event.by, event.recorded_by, event.how
        step.seq = event.seq
        learn(
            incident,
            self.facts,
            event.at,
            self.unknown,
            of_step=step,
            corrects=bool(self.corrects),
            by_computer=step.plan.finds and not self.by_hand and (was is None or not self.corrects),
        )
        undo = incident.undos.get(f"{step.id}.undo")
        if undo is not None and step.outcome == "done" and was != "done":
            undo.reopen()
            incident.left.pop(step.id, None)

    def _answers(self, step: StepState) -> Mapping[str, str]:
        """What was answered to the questions of the step by now; a correction may name only what it changes."""
        known = step.facts if self.corrects else EMPTY
        return {**{name: known[name] for name in known if name not in self.unknown}, **self.facts}

    def sentence(self, words: Speaker) -> str:
        """`done by hand: Call the provider | provider_ticket = INC-4712 (before: INC-4711) | corrects entry #7`."""
        by_hand = _(" by hand") if self.by_hand else ""
        corrects = _("corrects entry #{number}").format(number=self.corrects) if self.corrects else ""
        facts = said_of_facts(self.facts, self.unknown, self.before)
        return joined([f"{_OUTCOMES[self.outcome]()}{by_hand}: {self.title}", *facts, self.note, corrects])


class StepTaken(_OfStep):
    """Somebody has it on the screen, where several people work at once."""

    KIND: ClassVar[str] = "step.taken"

    def apply(self, incident: Incident, event: Event) -> None:
        """It is offered to others last."""
        incident[self.step].taken_by = event.by

    def sentence(self, words: Speaker) -> str:
        """`took on: Tell the neighbours`."""
        return _("took on: {title}").format(title=self.title)


class StepAmended(Payload):
    """A step that the runbook does not have, behind the one at `after`; `text` is the file that it was read from."""

    KIND: ClassVar[str] = "step.amended"

    after: str
    plan: PlanStep = stored(read=PlanStep.from_json, write=PlanStep.as_json)
    text: str

    def apply(self, incident: Incident, event: Event) -> None:
        """It stands behind the other."""
        put_in(incident, self.plan, incident[self.after])

    def sentence(self, words: Speaker) -> str:
        """`left the runbook: new step "Light a candle" after list`."""
        added = _('new step "{title}" after {after}').format(title=self.plan.title, after=self.after)
        return _("left the runbook: {what}").format(what=added)
