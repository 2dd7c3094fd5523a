"""What a step set and left set although it does not count as done: found when an incident is closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import takewhile
from typing import NamedTuple

from bcp.app.session import Session
from bcp.event import Entry
from bcp.i18n import _
from bcp.incident.events.measure import MeasureFound
from bcp.incident.journal import IncidentJournal
from bcp.incident.state import Incident, StepState
from bcp.incident.text import title_of
from bcp.lever.journal import LeverJournal
from bcp.lever.line.ledger import LineJournal as Lines
from bcp.lever.number.ledger import NumberJournal as Numbers
from bcp.lever.older import CALLS, STATUS
from bcp.lever.place.ledger import PlaceJournal as Places
from bcp.lever.stack import LeverLayer
from bcp.normalize import say_phone

_NAMED_BY = {"number": "activate", "network": "use", "publish": "place"}


class Leftover(NamedTuple):
    """What is set, in words, and the step that set it and does not count as done."""

    what: str
    step: str


@dataclass(frozen=True, slots=True)
class _Set:
    """Something that is set at this moment: by steps of a kind that name it so, since when, and in words."""

    kind: str
    name: str
    layer: LeverLayer
    what: str
    take_out: Callable[[], None]
    """Writes into its ledger that it is taken back."""

    @property
    def at(self) -> datetime:
        """Since when."""
        return self.layer.at

    def is_named_by(self, step: StepState) -> bool:
        """Whether that is what the step set; where no step is written down, what it would set."""
        if self.layer.key.step:
            return self.layer.key.step == step.id
        named = step.plan.params.get(_NAMED_BY[self.kind])
        return step.plan.kind == self.kind and str(named) == self.name


def find(session: Session, book: IncidentJournal, by: str, how: str) -> list[Leftover]:
    """Put the measures in force that no step stands for, so that closing leads through them like any other."""
    if book.incident.drill:
        return []
    every = list(_every(session, book.incident, by))

    def entries(incident: Incident) -> Sequence[Entry]:
        found = {step.id: (step, each) for each in every for step in _left_by(incident, each)}
        return [
            MeasureFound(step.id, title_of(incident, step), each.what).entry(by, each.at, how=how)
            for step, each in found.values()
        ]

    return [Leftover(event.data["what"], event.data["measure"]) for event in book.write(entries)]


def settle(session: Session, book: IncidentJournal, by: str) -> None:
    """What a person took back by hand, and said so, is not listed as set any more."""
    if book.incident.drill:
        return
    for each in list(_every(session, book.incident, by)):
        ended = [
            measure.undo.at
            for measure in book.incident.measures()
            if not measure.on and each.is_named_by(measure.step)
        ]
        if any(at is not None and at >= each.at for at in ended):
            each.take_out()


def let_go(session: Session, book: IncidentJournal, by: str) -> list[str]:
    """What steps without an undo set is meant to stay: at the end it is what others have there. In words what that is.

    As a layer it would never end, and whoever changes it by hand later would be in the way of the next incident. What
    lies on a measure goes with that one, and a status page tells its own history.
    """
    if book.incident.drill:
        return []
    told = list(_every(session, book.incident, by))
    found: list[str] = []
    for ledger in (kind(session.stores.levers, by) for kind in (Numbers, Lines, Places)):
        for name, stack in ledger.stacks().items():
            free = takewhile(lambda layer: not layer.key.has_undo, stack.of(book.incident.id))
            stays = [layer for layer in free if STATUS not in layer.put]
            if stays:
                ledger.lift(name, stays, is_covered=True)
                found += [each.what for each in told if each.layer in stays]
    return found


def _every(session: Session, incident: Incident, by: str) -> Iterator[_Set]:
    """All that the ledgers know of what this incident set and did not put back."""
    log = session.stores.levers
    numbers, lines, places = Numbers(log, by), Lines(log, by), Places(log, by)
    for name, layer in _laid(numbers, incident):
        if CALLS in layer.put:
            words = _("the calls of {number} are forwarded to {to}")
            said = words.format(number=name, to=say_phone(layer.put[CALLS]["to"]))
            yield _Set("number", name, layer, said, partial(numbers.lift, name, [layer]))
    for name, layer in _laid(lines, incident):
        for line in layer.put:
            said = _("the office was switched to {line}").format(line=line)
            yield _Set("network", line, layer, said, partial(lines.lift, name, [layer]))
    for name, layer in _laid(places, incident):
        said = _("something was put at {place}").format(place=name)
        yield _Set("publish", layer.instead_of or name, layer, said, partial(places.lift, name, [layer]))


def _laid(ledger: LeverJournal, incident: Incident) -> Iterator[tuple[str, LeverLayer]]:
    for name, stack in ledger.stacks().items():
        for layer in stack.of(incident.id):
            yield name, layer


def _left_by(incident: Incident, each: _Set) -> list[StepState]:
    """The step that set it, unless some step stands for it: one that is done, or whose undo was done since."""
    steps = [step for step in incident.steps.values() if each.is_named_by(step)]
    on = {measure.step.id: measure for measure in incident.measures()}
    for step in steps:
        ended = on[step.id].undo.at if step.id in on and not on[step.id].on else None
        if (step.outcome == "done" or step.id in on) and (ended is None or ended >= each.at):
            return []
    tried = [
        step
        for step in steps
        if step.tries and step.outcome != "done" and f"{step.id}.undo" in incident.undos
    ]
    return tried[-1:]
