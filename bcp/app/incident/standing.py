"""Looks whether what a measure set is still there, before it is written down that somebody took it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bcp.app.levers import OfficeLevers, doer_of
from bcp.app.session import Session
from bcp.app.stood import STREAMS
from bcp.app.worlds import world_of
from bcp.errors import BcpError, StepFailed
from bcp.i18n import _
from bcp.incident.answer import StepOutcome
from bcp.incident.state import ENDS_MEASURE, Incident, Measure, StepState
from bcp.incident.text import title_of, undo_command
from bcp.lever.journal import read
from bcp.lever.standing import Standing

LEVERS = ("network", "number", "publish")
"""The kinds of steps behind which something stands that can be looked at."""


def still_stands(session: Session, incident: Incident, measure: Measure, by: str) -> Standing:
    """Look whether what `measure` set is still there, at each lever where it did. Nothing is changed."""
    try:
        found = [*_looks(session, incident, measure, by)]
    except BcpError as error:
        return Standing("unknown", error.message)
    for state in ("stands", "hidden", "unknown", "changed"):
        for each in found:
            if each.state == state:
                return each
    return found[0] if found else Standing("unknown", _("nothing is written down of what was set"))


def _looks(session: Session, incident: Incident, measure: Measure, by: str) -> Iterator[Standing]:
    levers = OfficeLevers(session, incident, doer_of(incident, measure.undo.id), by, world_of(session))
    for kind, stream in STREAMS.items():
        for lever, stack in read(session.stores.levers, stream).items():
            if stack.top is None or not any(each.is_of(incident.id, measure.step.id) for each in stack.open):
                continue
            if stack.top.is_of(incident.id, measure.step.id):
                yield levers.stands(kind, lever)
            else:
                words = _("at {lever} something newer is shown, which {incident} set")
                yield Standing("covered", words.format(lever=lever, incident=stack.top.key.incident))


@dataclass(frozen=True, slots=True)
class Believer:
    """Says what is written down of an undo that somebody says is done, away from here."""

    session: Session
    by: str

    def believed(self, incident: Incident, step: StepState, answer: StepOutcome) -> StepOutcome:
        """The answer, with what a look gave. Raises StepFailed where what was set still stands there."""
        measure = next((each for each in incident.in_force() if each.undo is step), None)
        is_of_lever = measure is not None and measure.step.plan.kind in LEVERS
        if measure is None or not is_of_lever or incident.drill or answer.outcome not in ENDS_MEASURE:
            return answer
        seen = still_stands(self.session, incident, measure, self.by)
        if seen.state in ("stands", "hidden"):
            words = _('"{title}" is not done: {seen}')
            raise StepFailed(
                words.format(title=title_of(incident, step), seen=seen.words),
                _("take it back: {command}").format(command=undo_command(incident, measure.step.id)),
            )
        told = _("not looked at: {why}") if seen.state == "unknown" else _("looked at: {why}")
        note = " · ".join(filter(None, (answer.note, told.format(why=seen.words))))
        return replace(answer, note=note, evidence={**answer.evidence, "looked": seen.state})
