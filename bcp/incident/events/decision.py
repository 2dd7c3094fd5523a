"""A decision: it comes near, falls due, is put off, is answered."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, get_args

from bcp.event import Event, moment, stamp
from bcp.frozen import one_of, stored
from bcp.i18n import _
from bcp.incident.decision import Why
from bcp.incident.events.base import Payload, Speaker, Spoken, joined
from bcp.incident.layout import lay_out
from bcp.incident.state import Incident
from bcp.times import local

_WHYS: dict[str, Spoken] = {
    "time": lambda: _("its time has come"),
    "broken-promises": lambda: _("so many promises were broken"),
    "cost": lambda: _("so much was spent"),
}


class _OfDecision(Payload):
    """An event of one decision: its address, and what is asked."""

    decision: str
    question: str


class DecisionAnnounced(_OfDecision):
    """Its deadline comes near."""

    KIND: ClassVar[str] = "decision.announced"

    due: datetime = stored(read=moment, write=stamp)

    def apply(self, incident: Incident, event: Event) -> None:
        """It is not announced again."""
        incident.decisions[self.decision].announced = True

    def sentence(self, words: Speaker) -> str:
        """`a decision comes near, Thu 26 Nov 2026 11:50 CET: Do we move to plan B?`."""
        due = local(self.due, words.zone)
        return _("a decision comes near, {time}: {question}").format(time=due, question=self.question)


class DecisionDue(_OfDecision):
    """It is due, and why; `prepared` is the runbook that its default answer begins, if it does."""

    KIND: ClassVar[str] = "decision.due"

    why: Why = stored(read=one_of(get_args(Why)))
    default: str
    prepared: str

    def apply(self, incident: Incident, event: Event) -> None:
        """It does not fall due again."""
        incident.decisions[self.decision].fired = True

    def sentence(self, words: Speaker) -> str:
        """`DECISION DUE (its time has come): Do we move to plan B? | prepared: plan-b`."""
        said = _("DECISION DUE ({why}): {question} | prepared: {default}")
        return said.format(why=_WHYS[self.why](), question=self.question, default=self.default)


class DecisionOverridden(_OfDecision):
    """It was put off to a new hard time."""

    KIND: ClassVar[str] = "decision.overridden"

    until: datetime = stored(read=moment, write=stamp)
    reason: str

    def apply(self, incident: Incident, event: Event) -> None:
        """A new deadline is announced and falls due anew."""
        decision = incident.decisions[self.decision]
        decision.since, decision.due = event.at, self.until
        decision.overridden_by, decision.override_reason = event.by, self.reason
        decision.announced = decision.fired = False

    def sentence(self, words: Speaker) -> str:
        """`decision put off until Thu 26 Nov 2026 15:00 CET: Do we move to plan B? | they promised once more`."""
        said = _("decision put off until {time}: {question} | {reason}")
        return said.format(time=local(self.until, words.zone), question=self.question, reason=self.reason)


class DecisionAnswered(_OfDecision):
    """Its answer, the runbook that this begins, and whether nobody gave it (`by_default`)."""

    KIND: ClassVar[str] = "decision.answered"

    answer: str
    runbook: str = ""
    reason: str = ""
    by_default: bool = False

    def apply(self, incident: Incident, event: Event) -> None:
        """The steps of its runbook are laid out before what is still open."""
        decision = incident.decisions[self.decision]
        decision.answer, decision.answered_at, decision.answered_by = self.answer, event.at, event.by
        decision.reason, decision.by_default = self.reason, self.by_default
        if self.runbook:
            lay_out(incident, self.runbook, decision.id, event.at)

    def sentence(self, words: Speaker) -> str:
        """`decided: plan-b: Do we move to plan B? | went on to the runbook long-outage`."""
        return joined(
            (
                _("decided: {answer}: {question}").format(answer=self.answer, question=self.question),
                _("by default, as the office allowed") if self.by_default else "",
                _("went on to the runbook {runbook}").format(runbook=self.runbook) if self.runbook else "",
                self.reason,
            )
        )
