"""Carries out one step: holds it, writes that it begins, does the deed, looks at the result, writes how it ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bcp.action.base import Deed, Done, Enter, Failed, Look, Tools, Wait
from bcp.clock import Clock
from bcp.errors import BcpError, InputError, StepFailed, Unsure
from bcp.event import Entry
from bcp.files import IncidentFiles, is_told, not_written
from bcp.i18n import _
from bcp.incident import deciding
from bcp.incident.answer import StepOutcome, settle
from bcp.incident.beaten import Beaten, already_answered, begun_meanwhile
from bcp.incident.events.base import Payload
from bcp.incident.events.note import NoteWritten
from bcp.incident.events.step import StepBegun, StepEntered, StepTried, StepWaiting
from bcp.incident.journal import Busy, Holds, IncidentJournal
from bcp.incident.operator import KeyPressed, StepUI
from bcp.incident.output import keep_output, output_lines
from bcp.incident.state import Incident, StepState
from bcp.incident.text import title_of
from bcp.progress import UNWATCHED, Screen
from bcp.runbook.plan import action_of
from bcp.running_process import RunningProcess
from bcp.times import SKEW, local

EXPECT_WITHIN = timedelta(minutes=1)
_SLEEP = timedelta(hours=1)
"""A computer may sleep for so long without a word about it."""


Believed = Callable[[Incident, StepState, StepOutcome], StepOutcome]
"""What is written of an answer that a person gave. Raises StepFailed where a look shows that it is not so."""


@dataclass(frozen=True, slots=True)
class Performer:
    """The hands of a walk; `by` is the person whose they are. `tools` are those for the step of an address.

    `believed` looks before a person's word is written.
    """

    book: IncidentJournal
    guide: StepUI
    tools: Callable[[Incident, str], Tools]
    holds: Holds
    clock: Clock
    by: str
    files: IncidentFiles | None = None
    believed: Believed | None = None
    progress: Screen = UNWATCHED
    _readings: list[tuple[datetime, float]] = field(default_factory=list)

    @property
    def how(self) -> str:
        """How its events come about."""
        return "terminal" if self.guide.attended else "watch"

    def perform(self, step: StepState, tries: int, *, corrects: bool = False) -> None:
        """Carry out `step`, unless it was begun or settled since it had been tried `tries` times.

        Where another process carries it out, or was first, the book is brought up to date and nothing else. With
        `corrects` it was settled before as not done, and is done after all.
        """
        self._look_at_clock()
        action = action_of(step.plan)
        if action.by_person:
            self.book.refresh()
            if step.answered and action.facts() and not corrects:
                # Nobody types answers that are not wanted any more.
                return self.guide.tell(already_answered(self.book.incident, step, self.clock.now()))
            return self.end(step, action.run(self.tools(self.book.incident, step.id)), corrects=corrects)
        try:
            with self.holds.hold(self.book.incident.id, step.id):
                if self.book.incident[step.id].process.runs:
                    raise Busy
                self.end(step, self._kept(step, self._begin_and_do(step, tries, corrects)), corrects=corrects)
        except Busy:
            self.book.refresh()
        return None

    def once_more(self, step: StepState) -> Done:
        """Do the deed of a step that is done once more, without another word about the step.

        Raises StepFailed where it did not succeed, Busy where another process carries it out.
        """
        with self.holds.hold(self.book.incident.id, step.id):
            deed = self._kept(step, self._do(step, self.tools(self.book.incident, step.id)))
        if isinstance(deed, Done) and step.plan.expect:
            look = self.look(step.plan.expect, deed.within or EXPECT_WITHIN)
            if look.state != "up":
                words = _("done, but the check {check} is {state}: {reason}")
                why = words.format(check=step.plan.expect, state=look.state, reason=look.reason)
                deed = _taken_back(why, deed)
        if isinstance(deed, Done):
            return deed
        why = deed.why if isinstance(deed, Failed) else _("this cannot be done once more")
        raise StepFailed(why, str(deed.evidence.get("hint", "")) if isinstance(deed, Failed) else "")

    def end(self, step: StepState, deed: Deed, *, corrects: bool = False) -> None:
        """Write how the deed ended; done is what is done and, where a check is expected, seen to be up."""
        match deed:
            case Wait(until=until):
                self.write(step, lambda title: StepWaiting(step.id, title, until=until))
            case Enter(runbook=runbook):
                self.write(step, lambda title: StepEntered(step.id, title, runbook))
            case Failed():
                self._tried(step, deed)
            case Done():
                self._done(step, deed, corrects=corrects)

    def look(self, check: str, within: timedelta) -> Look:
        """Look at a check, and tell what was seen."""
        self.guide.tell(_("Looking at the check {check} …").format(check=check))
        look = self.tools(self.book.incident, "").looks.look(check, within, "up")
        assumed = "ASSUMED: " if look.assumed else ""
        self.guide.tell(f"  {assumed}{check}: {look.state}: {look.reason}")
        return look

    def hear(self, step: StepState, answer: StepOutcome, tries: int | None = None) -> bool:
        """Write what a person says, and whether it was written; that something was taken back is looked at first."""
        if self.believed is not None and step.section == "undo":
            try:
                answer = self.believed(self.book.incident, step, answer)
            except StepFailed as seen:
                for line in (seen.message, seen.hint):
                    self.guide.tell(line)
                return False
        return self.settle(step, answer, tries)

    def settle(self, step: StepState, answer: StepOutcome, tries: int | None = None) -> bool:
        """Write an outcome, and whether it was written; the loser of a race is told who was first, also where both
        say the same.
        """
        self._look_at_clock()
        try:
            written = settle(self.book, step.id, answer, self.clock.now(), tries)
        except InputError as refused:
            hint = refused.hint if isinstance(refused, Beaten) else ""
            for line in (refused.message, *refused.more, hint[:1].upper() + hint[1:]):
                self.guide.tell(line)
            return False
        if not written:
            self.guide.tell(already_answered(self.book.incident, step, self.clock.now()))
        return bool(written)

    def decide(self, choice: KeyPressed) -> None:
        """Write the answer to a decision; where somebody decided before, that is told."""
        try:
            deciding.answer(
                self.book, choice.decision, choice.answer, self.by, how=self.how, reason=choice.text
            )
        except InputError as refused:
            self.guide.tell(refused.message)
            return
        self.guide.tell(_("Decided: {answer}").format(answer=choice.answer))

    def write(self, step: StepState, made: Callable[[str], Payload]) -> None:
        """Write what `made` makes of the title of an open step, unless somebody settled it meanwhile."""

        def entries(incident: Incident) -> Sequence[Entry]:
            if incident[step.id].answered:
                return []
            return [made(title_of(incident, step)).entry(self.by, how=self.how)]

        self.book.write(entries)

    def _look_at_clock(self) -> None:
        """Say, also in the record, that the clock jumped by more than has passed since the last step of this walk."""
        now, steady = self.clock.now(), self.clock.monotonic()
        last = self._readings.pop() if self._readings else (now, steady)
        self._readings.append((now, steady))
        expected = last[0] + timedelta(seconds=steady - last[1])
        if expected - SKEW <= now <= expected + _SLEEP:
            return
        # What lies before the last entry is written down with the next one anyway.
        if not self.book.incident.clock.is_set(now):
            self.book.doubt_clock(now, expected, self.by)
        words = _(
            "This computer slept, or its clock was set: {last} to {now}. Look whether the clock is right."
        )
        zone = self.book.incident.zone
        self.guide.tell(words.format(last=local(expected, zone), now=local(now, zone)))

    def _begin_and_do(self, step: StepState, tries: int, corrects: bool) -> Deed:
        """Write that it begins, and do it. Where the deed is a program, its number is written before it does anything.

        Raises Busy where somebody was first.
        """
        tools = self.tools(self.book.incident, step.id)
        if not (action_of(step.plan).is_program and tools.world.announces):
            self._begin(step, tries, corrects)
            return self._do(step, tools)
        deed = self._do(step, replace(tools, born=lambda child: self._begin(step, tries, corrects, child)))
        if step.tries == tries:  # it could not be started or held back
            self._begin(step, tries, corrects)
        return deed

    def _begin(
        self, step: StepState, tries: int, corrects: bool, child: RunningProcess | None = None
    ) -> None:
        process = child._asdict() if child is not None else {}

        def entries(incident: Incident) -> Sequence[Entry]:
            now = incident[step.id]
            if now.answered and not (corrects and now.outcome != "done"):
                raise Beaten(already_answered(incident, now, self.clock.now()))
            if now.tries != tries:
                raise begun_meanwhile(incident, now, self.clock.now())
            return [StepBegun(step.id, title_of(incident, step), process).entry(self.by, how=self.how)]

        try:
            self.book.write(entries)
        except Beaten as beaten:
            self.guide.tell(beaten.message)
            raise Busy from None

    def _do(self, step: StepState, tools: Tools) -> Deed:
        try:
            with self.progress.task(title_of(self.book.incident, step)):
                return action_of(step.plan).run(tools)
        except BcpError as error:
            evidence = {"hint": error.hint} if error.hint else {}
            return Failed(error.message, evidence, unsure=isinstance(error, Unsure))
        except OSError as error:
            # A deed that needs a file of its own on a full disk fails like any other, and can be done by hand.
            if not is_told(error):
                raise
            told = not_written(error.filename or _("a file"), error)
            return Failed(told.message, {"hint": told.hint})

    def _kept(self, step: StepState, deed: Deed) -> Deed:
        """The deed, with what its program printed shown, and in a file of the incident where that is long."""
        if not isinstance(deed, Done | Failed) or not deed.printed:
            return deed
        proof = keep_output(self.files, f"{step.id.replace('/', '+')}-{step.tries}", deed.printed)
        deed = replace(deed, evidence={**deed.evidence, **proof})
        if isinstance(deed, Done) or not self.guide.attended:
            for line in output_lines(deed.evidence):
                self.guide.tell(line)
        return deed

    def _done(self, step: StepState, deed: Done, *, corrects: bool) -> None:
        expect = step.plan.expect
        seen = ""
        if expect:
            look = self.look(expect, deed.within or EXPECT_WITHIN)
            if look.state != "up":
                words = _("done, but the check {check} is {state}: {reason}")
                why = words.format(check=expect, state=look.state, reason=look.reason)
                return self._tried(step, _taken_back(why, deed))
            seen = f"{'ASSUMED: ' if look.assumed else ''}the check {expect} is up"
        note = " · ".join(filter(None, (deed.note, seen)))
        answer = StepOutcome(
            "done", self.by, note, deed.facts, how=self.how, evidence=deed.evidence, correct=corrects
        )
        if self.settle(step, answer) and deed.then is not None:
            self._note(step, deed.then())
        return None

    def _note(self, step: StepState, text: str) -> None:
        """Tell and write what followed a step."""
        if text:
            self.guide.tell(text)
            note = NoteWritten(text, step.id).entry(self.by, how=self.how)
            self.book.write(lambda _incident: [note])

    def _tried(self, step: StepState, failed: Failed) -> None:
        evidence = dict(failed.evidence)
        self.write(step, lambda title: StepTried(step.id, title, failed.why, failed.unsure, evidence))
        if not self.guide.attended:
            self.guide.tell(f"{title_of(self.book.incident, step)}: {failed.why}")


def _taken_back(why: str, deed: Done) -> Failed:
    """The failure of a deed that did not bring what was expected; it is taken back where it can be."""
    if deed.take_back is None:
        return Failed(why, deed.evidence, unsure=True)
    trouble = deed.take_back()
    if trouble:
        words = _("{why}; and what was before could not be put back: {trouble}")
        said = words.format(why=why, trouble=trouble)
        return Failed(said, {**deed.evidence, "put_back": trouble}, unsure=True)
    said = _("{why}; so what was before was put back").format(why=why)
    return Failed(said, {**deed.evidence, "put_back": "yes"})
