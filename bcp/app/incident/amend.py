"""`amend`: a new step or a fact in mid-incident, checked as the runbook itself was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from bcp.app.incident.settle import moment_of
from bcp.app.load_office import office_for
from bcp.app.session import Session
from bcp.command_words import as_typed
from bcp.errors import BcpError, InputError, SourceError
from bcp.event import Entry, canonical
from bcp.fact import NOT_KNOWN, Fact
from bcp.fact_template import mentions
from bcp.i18n import _
from bcp.incident.activity import facts_of_clocks
from bcp.incident.answer import find, read_fact
from bcp.incident.correction import Plainly, before_of, follows
from bcp.incident.dossier.parts import SELF_CHECK
from bcp.incident.events.clock import StartPutRight
from bcp.incident.events.note import FactAmended
from bcp.incident.events.step import StepAmended
from bcp.incident.journal import IncidentJournal
from bcp.incident.moved_start import first_done
from bcp.incident.standdown import refuse_closed
from bcp.incident.state import Incident
from bcp.incident.text import noun
from bcp.notice.text.circumstance import facts_of_letters
from bcp.notice.text.placeholders import facts_asked, facts_of
from bcp.runbook.model import Step
from bcp.runbook.plan import compile_step
from bcp.times import local
from bcp.validate import step_mistakes
from bcp.yaml.near import did_you_mean
from bcp.yaml.source import Reader

_NEXT_UPDATE = Fact("next_update", type="datetime", ahead=True)

_READ_BY_US = ("verdict", "phone_works", "answer_number", "office_number", "reported_at", "restored_at")
"""Others that letters, reports and claims read, whatever the runbook asks for."""
_LONGEST_AGO = timedelta(days=366)
_OF_CALLS = ("provider_ticket", "provider_agent", "provider_cause", "provider_promised")


class WaitingLetters(NamedTuple):
    """Letters that were written before the facts changed, and the command that asks about them."""

    letters: int
    command: str


class Amended(NamedTuple):
    """The letters that wait, for facts change nothing in them; and in lines what changed in what is to be done."""

    waiting: Sequence[WaitingLetters]
    follows: Sequence[str]


def facts(session: Session, book: IncidentJournal, given: Mapping[str, str], by: str) -> Amended:
    """Set facts, each read by its type; `?` for one that nobody knows any more.

    Raises InputError for a value that is none, and for a fact that nothing asks for and nothing uses: a slip of the
    pen would be kept, and what was meant would stay as it was.
    """
    known = _known(book.incident)
    # Clocks on the screen and letters go by some, so they are read as what they are even where no step asks for them.
    clocks = {**facts_of_letters(), **facts_of_clocks(book.incident.plan), _NEXT_UPDATE.name: _NEXT_UPDATE}
    known.update({name: fact for name, fact in clocks.items() if known.get(name, Fact(name)) == Fact(name)})
    used = {**dict.fromkeys(_used(session, book.incident)), **known} if given.keys() - known.keys() else known
    for name, value in given.items():
        if name not in used:
            raise _strange(book.incident, name, value, used)
    place = session.place(book.incident)
    unknown = [name for name, value in given.items() if value.strip() == NOT_KNOWN]
    read = {
        name: read_fact(known.get(name, Fact(name)), value, place)
        for name, value in given.items()
        if name not in unknown
    }

    def entries(incident: Incident) -> Sequence[Entry]:
        refuse_closed(incident)
        before = before_of(incident, read, [name for name in unknown if name in incident.facts])
        return [FactAmended(read, unknown, before).entry(by)]

    plan = Plainly(book.incident)
    book.write(entries)
    return Amended(list(_waiting(session, book.incident)), list(follows(book.incident, plan)))


def began(session: Session, book: IncidentJournal, typed: str, reason: str, by: str) -> None:
    """Put the start right. Raises InputError for what is no time, or cannot be: to come, or after what was done."""
    if not reason.strip():
        raise InputError(
            _("why is the start another one?"), _('add it: --reason "the clock of the computer was wrong"')
        )
    incident, now = book.incident, session.clock.now()
    at = moment_of(session, incident.zone, typed, "--began")
    assert at is not None
    if now - at > _LONGEST_AGO:
        words = _("{time} is more than a year ago").format(time=local(at, incident.zone))
        raise InputError(words, _("look at the year you gave"))

    def entries(incident: Incident) -> Sequence[Entry]:
        refuse_closed(incident)
        if at == incident.opened_at:
            return []
        first = first_done(incident, now)
        if first is not None and at > first.at:
            words = _('{time} is after "{what}", which was at {at}').format(
                time=local(at, incident.zone), what=first.what, at=local(first.at, incident.zone)
            )
            raise InputError(words, _("give an earlier time, or correct that one first"))
        return [StartPutRight(at, incident.opened_at, reason.strip()).entry(by)]

    book.write(entries)


def _used(session: Session, incident: Incident) -> Iterator[str]:
    """The facts that no step asks for and yet something reads: texts and conditions of the plan, notices, ourselves."""
    yield from (*_READ_BY_US, *_OF_CALLS, *SELF_CHECK)
    yield from mentions(canonical(incident.plan.as_json()))
    for step in (step for runbook in incident.plan.runbooks.values() for step in runbook.steps()):
        yield from step.sets
        if step.only_if is not None and step.only_if.fact is not None:
            yield step.only_if.fact
    with suppress(
        BcpError
    ):  # a mistake in a file of the office does not keep anybody from writing down a fact
        for notice in office_for(session, None).notices.values():
            yield from (
                name
                for version in notice.versions.values()
                for name in (*facts_of(version), *facts_asked(version))
            )


def _strange(incident: Incident, name: str, value: str, used: Iterable[str]) -> InputError:
    note = as_typed(("bcp", noun(incident), "note", f"{name}: {value}"))
    hint = did_you_mean(name, used) or _("keep it as a note: {command}").format(command=note)
    return InputError(_('nothing asks for a fact "{name}", and nothing uses it').format(name=name), hint)


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
