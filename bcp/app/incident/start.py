"""Begins an incident or a drill, or goes on in the open one of the same runbook."""

from __future__ import annotations

from collections import deque
from datetime import datetime
from zoneinfo import ZoneInfo

from bcp.app.incident import anchor
from bcp.app.incident.chosen import AsOfLast, StartRequest, chosen
from bcp.app.incident.find import open_book
from bcp.app.incident.run import Walked, run
from bcp.app.incident.shell import Begun, Shell
from bcp.app.reached import named_checks
from bcp.app.session import Session
from bcp.check.load import files
from bcp.errors import Conflict, InputError
from bcp.event import NOTHING, Entry, unseal
from bcp.fact import Place
from bcp.i18n import speak
from bcp.incident.events.check import CheckFlipped
from bcp.incident.events.incident import IncidentStarted
from bcp.incident.journal import STARTED, IncidentJournal
from bcp.runbook.compiled import Plan
from bcp.runbook.plan import compile_plan, texts_of
from bcp.validate import OfficeConfig
from bcp.yaml.source import Reader


def start(session: Session, request: StartRequest, shell: Shell) -> Walked:
    """Begin it and walk; where the runbook is open already, go on there. How the walk ended.

    Raises SourceError for mistakes that concern the runbook, InputError for a runbook or a person that there is not.
    """
    kind, answers = request.kind, request.answers
    if kind == "incident":
        session.insist_on_our_office()
    book = open_book(session, request.runbook, kind)
    if book is not None:
        return _go_on(session, request, book, shell)
    office, runbook, doer, as_of = chosen(session, request, shell, f"bcp {kind} start")
    book = open_book(session, runbook, kind)
    since = book.incident.opened_at if book is not None else None
    if book is None:
        how = "terminal" if shell.attended else "watch"
        entry = first_entry(office, runbook, kind, doer, how, as_of=as_of)
        if answers is not None:
            here = Place(office.office.country, office.office.zone, session.clock.now())
            answers.refuse_strange(Plan.from_json(entry.data["plan"]), here)
        book = _begin(session, runbook, kind, entry)
        if kind == "incident":
            _note_what_is_down(session, office, book, doer)
    shell.begun(Begun(book.incident, since, session.stores.record.path(book.incident.id)))
    with anchor.given_away(session, office.office, book.incident):
        return run(session, book, doer, shell, answers)


def _go_on(session: Session, request: StartRequest, book: IncidentJournal, shell: Shell) -> Walked:
    """Go on in what is open already: it holds its plan, so that no file of today stands in its way."""
    incident = book.incident
    speak(incident.plan.office.language)
    doer = session.person(request.by, incident.plan.names)
    shell.begun(Begun(incident, incident.opened_at, session.stores.record.path(incident.id)))
    return run(session, book, doer, shell, request.answers)


def first_entry(
    office: OfficeConfig, runbook: str, kind: str, by: str, how: str, *, as_of: AsOfLast | None = None
) -> Entry:
    """The first event of an incident: its kind, its runbook and the plan, compiled; whose, where not of today."""
    plan = compile_plan(runbook, office.runbooks, office.office)
    first = IncidentStarted(
        kind,
        runbook,
        office.runbooks[runbook].model.title,
        plan,
        texts_of(plan, office.runbooks),
        as_of=as_of.at if as_of is not None else None,
        because=as_of.why if as_of is not None else "",
    )
    return first.entry(by, how=how)


def _begin(session: Session, runbook: str, kind: str, entry: Entry) -> IncidentJournal:
    """Append the first event to a new stream; of two that begin the same at once, one begins and one finds it."""
    zone = Plan.from_json(entry.data["plan"]).office.timezone
    day = session.clock.now().astimezone(ZoneInfo(zone)).date().isoformat()
    name = f"{'drill-' if kind == 'drill' else ''}{day}-{runbook}"
    newest = _newest_entry(session)
    for number in range(1, 1000):
        stream = name if number == 1 else f"{name}-{number}"
        try:
            session.log.append(stream, NOTHING, [entry])
        except Conflict:
            found = open_book(session, runbook, kind)
            if found is not None:
                return found
            continue
        book = IncidentJournal(session.log, stream)
        book.look_at_clock(newest)
        return book
    raise InputError(f"{runbook} was begun a thousand times today", "close what is open: bcp incident list")


def _newest_entry(session: Session) -> datetime | None:
    """When the last entry of the last incident was written down; None where there is none."""
    streams = session.log.streams(STARTED)
    rows = deque(session.log.rows(streams[-1]), maxlen=1) if streams else ()
    return next((unseal(row).recorded_at for row in rows), None)


def _note_what_is_down(session: Session, office: OfficeConfig, book: IncidentJournal, by: str) -> None:
    """What the checks already know belongs to the record: since when they see it down, and why."""
    from bcp.store.spans import StoredSpans

    held = session.stores.of(StoredSpans).held() if files(office.folder) or office.checks else {}
    down = {name: span for name, span in held.items() if span.state == "down"}
    # Only those are read; one with a mistake is told by `check run`, and stands in no way here.
    read = named_checks(office.folder, down.keys() - office.checks.keys(), Reader())
    checks = {name: loaded.model for name, loaded in {**read, **office.checks}.items()}
    entries = [
        CheckFlipped(
            name, checks[name].title, "up", "down", span.reason, runbook=checks[name].runbook or ""
        ).entry(by, span.first, how="watch")
        for name, span in down.items()
        if name in checks
    ]
    book.write(lambda _incident: entries)
