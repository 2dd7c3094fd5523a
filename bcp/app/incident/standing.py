"""Looks whether what a measure set is still there, before it is written down that somebody took it back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from bcp.action.levers import Levers
from bcp.app.levers import levers_of
from bcp.app.session import Session
from bcp.app.worlds import world_of
from bcp.errors import BcpError, StepFailed
from bcp.i18n import _
from bcp.incident.answer import StepOutcome
from bcp.incident.state import ENDS_MEASURE, Incident, Measure, StepState
from bcp.incident.text import title_of, undo_command

LEVERS = ("network", "number", "publish")
"""The kinds of steps behind which something stands that can be looked at."""


class LeverLook(NamedTuple):
    """What a look gave: ours still stands there, is gone, is another one now, or cannot be known; a sentence.

    `todo` is the one thing to do where it does not stand, if the lever knows of one.
    """

    state: Literal["stands", "gone", "changed", "unknown"]
    words: str
    todo: str = ""


def still_stands(session: Session, incident: Incident, measure: Measure, by: str) -> LeverLook:
    """Look whether what `measure` set is still there. Nothing is changed."""
    try:
        return _look(session, incident, measure, by)
    except BcpError as error:
        return LeverLook("unknown", error.message)


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
        if seen.state == "stands":
            words = _('"{title}" is not done: {seen}')
            raise StepFailed(
                words.format(title=title_of(incident, step), seen=seen.words),
                _("take it back: {command}").format(command=undo_command(incident, measure.step.id)),
            )
        told = _("not looked at: {why}") if seen.state == "unknown" else _("looked at: {why}")
        note = " · ".join(filter(None, (answer.note, told.format(why=seen.words))))
        return replace(answer, note=note, evidence={**answer.evidence, "looked": seen.state})


def _look(session: Session, incident: Incident, measure: Measure, by: str) -> LeverLook:
    levers = levers_of(session, incident, measure.undo.id, by, world_of(session))
    step = measure.step.plan
    if step.kind == "publish":
        return _look_at_place(levers, str(step.params["place"]))
    return LeverLook("unknown", _("this cannot be looked at from here"))


def _look_at_place(levers: Levers, name: str) -> LeverLook:
    from bcp.lever.older import NEWS
    from bcp.lever.place import marks
    from bcp.lever.place.page_lever import PageLever

    lever = levers.place(name)
    if not isinstance(lever, PageLever) or not lever.place.page or not lever.ends():
        words = _("nothing that can be looked at from here was written at {place}")
        return LeverLook("unknown", words.format(place=name))
    page = lever.way.fetch(lever.places.reach, lever.place.page)
    ours = {
        (part, marks.plain(html))
        for layer in lever.ends()
        for part, html in layer.put.items()
        if part != NEWS
    }
    said = (
        {(part, marks.plain(one)) for part, _html in ours for one in marks.read(page.content, part)}
        if page
        else set()
    )
    if ours & said:
        return LeverLook("stands", _("our text still stands at {place}").format(place=name))
    return LeverLook("gone", _("our text does not stand at {place} any more").format(place=name))
