"""`amend`: a new step or a fact in mid-incident, checked as the runbook itself was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bcp.app.load_office import office_for
from bcp.app.session import Session
from bcp.command_words import as_typed
from bcp.errors import InputError, SourceError
from bcp.event import Entry
from bcp.fact import Fact
from bcp.incident.answer import find, read_fact
from bcp.incident.due import DOWN_SINCE
from bcp.incident.events.note import FactAmended
from bcp.incident.events.step import StepAmended
from bcp.incident.journal import IncidentJournal
from bcp.incident.standdown import refuse_closed
from bcp.incident.state import Incident
from bcp.runbook.model import Step
from bcp.runbook.plan import compile_step
from bcp.validate import step_mistakes
from bcp.yaml.near import did_you_mean
from bcp.yaml.source import Reader

_CLOCKS = {
    "reachable": Fact("reachable", type="yes-no"),
    **{name: Fact(name, type="datetime") for name in DOWN_SINCE},
}
"""The facts that the clocks on the screen go by, so that they are read as such even where no step asks for them."""


class UnknownFact(NamedTuple):
    """A fact that nothing asks for, and what may have been meant: `did you mean "…"?`"""

    fact: str
    near: str


class WaitingLetters(NamedTuple):
    """Letters that were written before the facts changed, and the command that asks about them."""

    letters: int
    command: str


class Amended(NamedTuple):
    """What is worth knowing after facts were set."""

    strange: list[UnknownFact]
    waiting: list[WaitingLetters]


def facts(session: Session, book: IncidentJournal, given: Mapping[str, str], by: str) -> Amended:
    """Set facts; one that a step asks for is read by its type. Raises InputError for a value that is none."""
    known = _known(book.incident)
    known.update({name: fact for name, fact in _CLOCKS.items() if known.get(name, Fact(name)) == Fact(name)})
    place = session.place(book.incident)
    read = {name: read_fact(known.get(name, Fact(name)), value, place) for name, value in given.items()}

    def entries(incident: Incident) -> Sequence[Entry]:
        refuse_closed(incident)
        return [FactAmended(read).entry(by)]

    book.write(entries)
    near = {name: did_you_mean(name, known) for name in read.keys() - known.keys()}
    strange = [UnknownFact(name, words) for name, words in near.items() if words]
    return Amended(strange, list(_waiting(session, book.incident)))


def _waiting(session: Session, incident: Incident) -> Iterator[WaitingLetters]:
    """Letters that wait were written before: a fact changes nothing in them by itself."""
    from bcp.store.outbox import Outbox

    outbox = session.stores.of(Outbox)
    for campaign in outbox.campaigns(incident.id):
        if count := outbox.waiting(campaign.id):
            command = as_typed(("bcp", "notice", "send", campaign.notice, campaign.audience))
            yield WaitingLetters(count, session.meant(incident, command))


def step(session: Session, book: IncidentJournal, after: str, file: Path, by: str) -> None:
    """Put the step of `file` behind `after`. Raises SourceError with every mistake in it."""
    find(book.incident, after)
    whole = office_for(session, None)
    reader = Reader()
    document = reader.document(file, str(file))
    new = reader.model(document, Step) if document is not None else None
    if document is None or new is None:
        raise SourceError(reader.mistakes, given=True)
    mistakes = step_mistakes(document, new, whole, _known(book.incident))
    if mistakes:
        raise SourceError(mistakes, given=True)

    def entries(incident: Incident) -> Sequence[Entry]:
        refuse_closed(incident)
        behind = find(incident, after)
        if behind.section == "undo":
            raise InputError(
                "a new step cannot stand behind an undo", f"put it behind {after.removesuffix('.undo')}"
            )
        owner = incident.plan.runbooks[behind.runbook].owner
        prefix = behind.id.rpartition("/")[0]
        address = f"{prefix}/{new.step}" if prefix else new.step
        if address in incident:
            raise InputError(f'there is a step "{address}" already', "give the new step another name")
        return [StepAmended(behind.id, compile_step(new, owner), document.text).entry(by)]

    book.write(entries)


def _known(incident: Incident) -> dict[str, Fact]:
    """The facts that are known or asked for somewhere in the incident."""
    known = {name: Fact(name) for name in incident.facts}
    of_runbooks = (step for runbook in incident.plan.runbooks.values() for step in runbook.steps())
    for plan in (*of_runbooks, *(each.plan for each in incident.every_step())):
        known.update({fact.name: fact for fact in plan.facts})
    return known
