"""An incident as a whole: it is begun, its stand-down begins, it is closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from bcp.event import Event, Head, moment, stamp
from bcp.frozen import stored
from bcp.i18n import _
from bcp.incident.clock_record import ClockRecord
from bcp.incident.events.base import Payload, Speaker, joined
from bcp.incident.layout import lay_out
from bcp.incident.state import Incident
from bcp.runbook.compiled import Plan
from bcp.times import local


class IncidentStarted(Payload):
    """The first event: the compiled plan, and the texts of the files that it was compiled from, by their names.

    `as_of` says that these were not the files of the day but those of another, and `because` what mistake was in them.
    """

    KIND: ClassVar[str] = "incident.started"

    kind: str
    runbook: str
    title: str
    plan: Plan = stored(read=Plan.from_json, write=Plan.as_json)
    texts: Mapping[str, str]
    as_of: datetime | None = stored(default=None, read=moment, write=stamp)
    because: str = ""

    @property
    def drill(self) -> bool:
        """Whether it is a rehearsal."""
        return self.kind == "drill"

    def incident(self, event: Event) -> Incident:
        """The incident that begins with `event`, nothing laid out in it yet."""
        return Incident(
            id=event.stream,
            kind=self.kind,
            plan=self.plan,
            opened_at=event.at,
            opened_by=event.by,
            zone=ZoneInfo(self.plan.office.timezone),
            clock=ClockRecord.of(
                event.recorded_at,
                event.at != event.recorded_at,
                timedelta(seconds=self.plan.runbooks[self.plan.root].target),
            ),
            head=Head(event.seq, event.hash),
        )

    def apply(self, incident: Incident, event: Event) -> None:
        """The steps of its runbook are laid out."""
        lay_out(incident, incident.runbook, "", event.at)

    def sentence(self, words: Speaker) -> str:
        """`incident begun: The office has no internet`."""
        text = _("DRILL begun: {title}") if words.drill else _("incident begun: {title}")
        return joined((text.format(title=self.title), self._whose(words)))

    def _whose(self, words: Speaker) -> str:
        if self.as_of is None:
            return ""
        text = _("with the plans as of {time}; those of the day could not be used: {why}")
        return text.format(time=local(self.as_of, words.zone), why=self.because)


class ClosingBegun(Payload):
    """Stand-down begins, or begins again; `open` are the steps that were not carried out."""

    KIND: ClassVar[str] = "closing.begun"

    open: Sequence[str]

    def apply(self, incident: Incident, event: Event) -> None:
        """Undos that did not end their measure are to be done again."""
        incident.closing = True
        for measure in incident.in_force():
            if measure.undo.outcome is not None:
                measure.undo.reopen()

    def sentence(self, words: Speaker) -> str:
        """`stand-down begun`."""
        return _("stand-down begun")


class IncidentClosed(Payload):
    """The last event: which steps stay open, which measures in force and why."""

    KIND: ClassVar[str] = "incident.closed"

    open: Sequence[str]
    left: Mapping[str, str]
    reason: str = ""

    def apply(self, incident: Incident, event: Event) -> None:
        """It is closed."""
        incident.closed_at = event.at

    def sentence(self, words: Speaker) -> str:
        """`incident closed | left in force: mobile`."""
        steps, measures = ", ".join(self.open), ", ".join(self.left)
        return joined(
            (
                _("DRILL closed") if words.drill else _("incident closed"),
                _("not carried out: {steps}").format(steps=steps) if self.open else "",
                _("left in force: {measures}").format(measures=measures) if self.left else "",
                self.reason,
            )
        )
