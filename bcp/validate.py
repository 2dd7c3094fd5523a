"""Loads every room of an office and resolves what points from one to another; each mistake has its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bcp.action.base import Loc, Ref
from bcp.check.load import LoadedCheck, way_back
from bcp.check.load import load as load_checks
from bcp.contact.audience import names as audiences
from bcp.contact.load import load as load_contacts
from bcp.contact.model import Contacts
from bcp.errors import Mistake
from bcp.fact import Fact
from bcp.fact_template import mentions
from bcp.lever.place.advice import place_advice
from bcp.notice.channel.channels import FILE as CHANNELS_FILE
from bcp.notice.channel.channels import Ways
from bcp.notice.channel.channels import load as load_channels
from bcp.notice.text.load import load as load_notices
from bcp.notice.text.model import Notice
from bcp.notice.text.placeholders import facts_of as facts_said
from bcp.office.find import FILE as OFFICE_FILE
from bcp.office.model import Office
from bcp.office.model import load as load_office
from bcp.office_programs import program_advice
from bcp.registry import kind_of
from bcp.runbook.activity_names import misspelt
from bcp.runbook.known_facts import facts_of, lacks, learn, learn_from, never_holds, unknown_fact
from bcp.runbook.load import LoadedRunbook
from bcp.runbook.load import load as load_runbooks
from bcp.runbook.model import Acting, Step
from bcp.runbook.plan import enters
from bcp.yaml.near import did_you_mean, near_or_all
from bcp.yaml.source import Reader, YamlDocument
from bcp.yaml.unread import ANY


@dataclass(frozen=True, slots=True)
class OfficeConfig:
    """Everything that an office folder says; `slips` are the mistakes in files that a command can do without.

    `unusable` are the things that are there and have a mistake of their own, by kind and name (or `ANY`): the file of
    each.
    """

    folder: Path
    office: Office
    runbooks: Mapping[str, LoadedRunbook]
    checks: Mapping[str, LoadedCheck]
    notices: Mapping[str, Notice]
    audiences: tuple[str, ...]
    slips: tuple[Mistake, ...] = ()
    unusable: Mapping[tuple[str, str], str] = field(default_factory=dict)
    contacts: Contacts = field(default=Contacts(()), repr=False)
    ways: Ways = field(default_factory=lambda: Ways({}))


def load(folder: Path) -> OfficeConfig:
    """Read and resolve all of it. Raises SourceError with every mistake of every file."""
    reader = Reader()
    whole = read_all(folder, reader)
    reader.finish()
    assert whole is not None
    return whole


def read_all(folder: Path, reader: Reader, known: Iterable[str] = ()) -> OfficeConfig | None:
    """Read and resolve all of it; the mistakes go to `reader`. None where bcp.yaml itself cannot be used.

    `known` are audiences that there are besides those of the contact files.
    """
    office = load_office(folder, reader)
    checks = load_checks(folder, reader)
    runbooks = load_runbooks(folder, reader)
    notices = load_notices(folder, reader)
    ways = load_channels(folder, reader)
    if office is None:
        return None
    contacts = load_contacts(folder, office.country)
    reader.mistakes.extend(contacts.mistakes)
    # A group may be named in nothing but the cell, or the file, that cannot be read.
    for mistake in contacts.mistakes[:1]:
        reader.unusable["audience", ANY] = mistake.file
    audible = tuple(sorted({*audiences(contacts.all, folder), *known}))
    whole = OfficeConfig(
        folder,
        office,
        runbooks,
        checks,
        notices,
        audible,
        unusable=reader.unusable,
        contacts=contacts,
        ways=ways,
    )
    reader.mistakes += plan_mistakes(whole)
    names = _names(whole)
    begins = ((check.document, check.model.runbook) for check in checks.values() if check.model.runbook)
    for document, name in begins:
        reader.mistakes += _named(document, ("runbook",), Ref("runbook", name), names)
    return whole


def plan_mistakes(whole: OfficeConfig) -> Iterator[Mistake]:
    """What the plans of an office point to and is not there, each with its place."""
    names, plans = _names(whole), whole.runbooks
    return (each for loaded in plans.values() for each in _runbook(loaded, names, plans))


def step_mistakes(
    document: YamlDocument, step: Step, whole: OfficeConfig, known: Mapping[str, Fact]
) -> list[Mistake]:
    """What is wrong with a step that is put into a running incident; `known` are the facts that it may use."""
    names = _names(whole)
    facts = dict(known)
    found = list(_act(document, (), step, names, facts))
    if step.undo is not None:
        found.extend(_act(document, ("undo",), step.undo, names, facts))
    return found


def advice(whole: OfficeConfig) -> list[Mistake]:
    """What works in the files of the office, and would be safer in another way."""
    reader = Reader()
    files = [name for name in (OFFICE_FILE, CHANNELS_FILE) if (whole.folder / name).exists()]
    documents = [reader.document(whole.folder / name, name) for name in files]
    documents += [loaded.document for loaded in whole.checks.values()]
    found = [each for document in documents if document is not None for each in program_advice(document)]
    found += [] if documents[0] is None else place_advice(documents[0], whole.office)
    return found + [
        loaded.document.mistake((*loc, act.kind, *slip.at), slip.words, slip.hint)
        for loaded in whole.runbooks.values()
        for loc, act in loaded.model.acts()
        for slip in act.action.advice()
    ]


Names = Mapping[str, Iterable[str]]
_ACTIVITIES = "activities"
_CHANNELS_FILE = "file of the channels"


def _names(whole: OfficeConfig) -> Names:
    """Everything that can be pointed to, by its kind; and the facts that each notice needs."""
    office = whole.office
    needs = {
        _needs(name): [fact for version in notice.versions.values() for fact in facts_said(version)]
        for name, notice in whole.notices.items()
    }
    unread: dict[str, list[str]] = {}
    for kind, name in whole.unusable:
        unread.setdefault(_unread(kind), []).append(name)
    kinds: dict[str, list[str]] = {}
    for name, way in whole.ways.channels.items():
        for kind in (kind_of(way), way.medium):
            kinds.setdefault(_channels_of(kind), []).append(name)
    return {
        **needs,
        **unread,
        **kinds,
        _ACTIVITIES: [each.activity for each in office.activities],
        "role": [role.role for role in office.roles],
        "person": [person.person for person in office.people],
        "line": [line.line for line in office.lines],
        "number": [number.number for number in office.numbers],
        "place": [place.place for place in office.places],
        "runbook": list(whole.runbooks),
        "check": list(whole.checks),
        "notice": list(whole.notices),
        "audience": list(whole.audiences),
        "channel": list(whole.ways.channels),
        _CHANNELS_FILE: [CHANNELS_FILE] if whole.ways.is_written else [],
    }


def _needs(notice: str) -> str:
    return f"facts of {notice}"


def _unread(kind: str) -> str:
    return f"{kind} in a file with a mistake"


def _channels_of(kind: str) -> str:
    return f"channels of the kind {kind}"


def _runbook(loaded: LoadedRunbook, names: Names, runbooks: Mapping[str, LoadedRunbook]) -> Iterator[Mistake]:
    runbook, document = loaded.model, loaded.document
    yield from _named(document, ("owner",), Ref("role", runbook.owner), names)
    yield from misspelt(document, ("stops",), runbook.stops, names[_ACTIVITIES])
    loop = way_back(runbook.runbook, partial(_subs, runbooks))
    known: dict[str, Fact] = {}
    for loc, act in loaded.model.acts():
        yield from _act(document, loc, act, names, known)
        for ref in act.action.refs():
            if ref.kind != "runbook":
                continue
            if ref.name in loop:
                words = "the runbooks lead in a circle: " + " → ".join([runbook.runbook, *loop])
                yield document.mistake(
                    (*loc, act.kind, *ref.at), words, "let one of them end without the other"
                )
            learn(known, facts_of(ref.name, runbooks, {runbook.runbook}))
    for index, decision in enumerate(runbook.decisions):
        if decision.who is not None:
            yield from _named(document, ("decisions", index, "who"), Ref("role", decision.who), names)
        for number, choice in enumerate(decision.answers):
            if choice.runbook is not None:
                loc = ("decisions", index, "answers", number, "runbook")
                yield from _named(document, loc, Ref("runbook", choice.runbook), names)


def _act(
    document: YamlDocument, loc: Loc, act: Acting, names: Names, known: dict[str, Fact]
) -> Iterator[Mistake]:
    """What is wrong with one step or undo; afterwards `known` holds the facts that it sets, too."""
    if act.who is not None:
        yield from _named(document, (*loc, "who"), Ref("role", act.who), names)
    if act.expect is not None:
        yield from _named(document, (*loc, "expect"), Ref("check", act.expect), names)
    if isinstance(act, Step):
        yield from _about(document, loc, act, names)
    yield from (
        document.mistake((*loc, act.kind, *slip.at), slip.words, slip.hint) for slip in act.action.slips()
    )
    own = {fact.name for fact in act.action.facts()}
    for ref in act.action.refs():
        yield from _named(document, (*loc, act.kind, *ref.at), ref, names)
        for fact in dict.fromkeys(names.get(_needs(ref.name), ()) if ref.kind == "notice" else ()):
            if lacks(known, fact) and fact not in own:
                words = f'the notice "{ref.name}" says the fact "{fact}", which no earlier step sets'
                hint = did_you_mean(fact, known) or f"let an earlier step ask for {fact}"
                yield document.mistake((*loc, act.kind, *ref.at), words, hint)
    if isinstance(act, Step) and act.only_if is not None:
        if act.only_if.check is not None:
            yield from _named(document, (*loc, "only_if", "check"), Ref("check", act.only_if.check), names)
        yield from never_holds(document, (*loc, "only_if"), act.only_if, known)
    texts: list[tuple[Loc, str]] = [(("title",), act.title), (("by_hand",), act.by_hand)]
    texts += [((act.kind, *at), text) for at, text in act.action.texts()]
    for at, text in texts:
        for name in mentions(text):
            if lacks(known, name):
                yield unknown_fact(document, (*loc, *at), name, known)
    learn_from(known, act)


def _named(document: YamlDocument, loc: Loc, ref: Ref, names: Names) -> Iterator[Mistake]:
    """That there is no such thing; where a file with a mistake of its own may hold it, that one tells."""
    known = list(names.get(ref.kind, ()))
    unread = names.get(_unread(ref.kind), ())
    if ref.name in known or ref.name in unread or ANY in unread:
        return
    hint = near_or_all(ref.name, known, f"{ref.kind}s")
    if ref.kind == "channel":
        hint = _channel_hint(ref.name, names) or hint
    if ref.kind == "role" and ref.name in names["person"]:
        hint = (
            f'"{ref.name}" is a person: write the role that is played by whoever is there: {", ".join(known)}'
        )
    yield document.mistake(loc, f'there is no {ref.kind} "{ref.name}"', hint)


def _channel_hint(name: str, names: Names) -> str:
    """What to write where a kind of channel stands in the place of its name, or where none has a name yet."""
    for known in names.get(_channels_of(name), ()):
        return f'"{name}" is a kind of channel; this one is called "{known}"'
    if not names.get(_CHANNELS_FILE, ()):
        return (
            f"this office has no {CHANNELS_FILE}: write it, or take channels: away, and letters become files"
        )
    return ""


def _about(document: YamlDocument, loc: Loc, step: Step, names: Names) -> Iterator[Mistake]:
    """What is wrong with the line and the activities that a step is about."""
    if step.line is not None:
        yield from _named(document, (*loc, "line"), Ref("line", step.line), names)
    yield from misspelt(document, (*loc, "stops"), step.stops, names[_ACTIVITIES])
    yield from misspelt(document, (*loc, "restores"), step.restores, names[_ACTIVITIES])


def _subs(runbooks: Mapping[str, LoadedRunbook], name: str) -> list[str]:
    """The runbooks that the steps of one enter."""
    return list(enters(runbooks[name].model)) if name in runbooks else []
