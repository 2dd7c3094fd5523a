"""What a step set and left set although it does not count as done: found when an incident is closed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bcp.cli.console import say
from bcp.cli.wiring import Session
from bcp.event import Entry
from bcp.incident.book import Book
from bcp.incident.said import title_of
from bcp.incident.state import Incident, StepState
from bcp.line._ledger import Ledger as Lines
from bcp.number._ledger import Ledger as Numbers
from bcp.number._phone import say_phone
from bcp.place._ledger import Ledger as Places
from bcp.store.journal import Journal
from bcp.tongue import _

_NAMED_BY = {"number": "activate", "network": "use", "publish": "place"}


@dataclass(frozen=True, slots=True)
class _Set:
    """Something that is set at this moment: by steps of a kind that name it so, since when, and in words."""

    kind: str
    name: str
    at: datetime
    what: str

    def is_named_by(self, step: StepState) -> bool:
        """Whether that is what the step sets."""
        named = step.plan["params"].get(_NAMED_BY[self.kind])
        return step.plan["kind"] == self.kind and str(named) == self.name


def find(session: Session, book: Book, by: str, how: str) -> None:
    """Put the measures in force that no step stands for, so that closing leads through them like any other."""
    if book.incident.drill:
        return
    every = list(_every(session, book.incident, by))

    def entries(incident: Incident) -> Sequence[Entry]:
        found = {step.id: (step, each) for each in every for step in _left_by(incident, each)}
        return [
            Entry(
                "measure.found",
                by,
                {"measure": step.id, "title": title_of(incident, step), "what": each.what},
                each.at,
                how=how,
            )
            for step, each in found.values()
        ]

    for event in book.write(entries):
        words = _("STILL SET: {what}. It was set in the step {step}, which does not count as done.")
        say(words.format(what=event.data["what"], step=event.data["measure"]), "bold magenta")


def settle(session: Session, book: Book, by: str) -> None:
    """A forwarding of which a person said that it is taken back is not told as one any more."""
    if book.incident.drill:
        return
    ledger = Numbers(Journal(session.state, session.clock), by)
    for each in _numbers(ledger, book.incident.id):
        ended = [
            measure.undo.at
            for measure in book.incident.measures()
            if not measure.on and each.is_named_by(measure.step)
        ]
        if any(at is not None and at >= each.at for at in ended):
            ledger.put_back(book.incident.id, each.name)


def _every(session: Session, incident: Incident, by: str) -> Iterator[_Set]:
    """All that the ledgers know of what this incident set and did not put back."""
    log = Journal(session.state, session.clock)
    yield from _numbers(Numbers(log, by), incident.id)
    for line in Lines(log, by).open(incident.id):
        if line.at is not None:
            words = _("the office was switched to {line}").format(line=line.line)
            yield _Set("network", line.line, line.at, words)
    for place in Places(log, by).open(incident.id).values():
        if place.at is not None:
            words = _("something was put at {place}").format(place=place.place)
            yield _Set("publish", place.instead_of or place.place, place.at, words)


def _numbers(ledger: Numbers, incident: str) -> Iterator[_Set]:
    for each in ledger.forwarded():
        if each.incident == incident and each.to:
            words = _("the calls of {number} are forwarded to {to}")
            yield _Set(
                "number", each.number, each.at, words.format(number=each.number, to=say_phone(each.to))
            )


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
