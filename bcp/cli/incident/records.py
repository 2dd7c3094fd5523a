"""What an incident and a drill both have: status, list, log, note, step, amend, verify."""

from pathlib import Path
from typing import Annotated

import typer

from bcp.app.session import Session
from bcp.cli.options import AtOption, ByOption, IncidentOption, JsonOption, OfficeContext, kind_of
from bcp.cli.terminal.clock import say_doubts
from bcp.cli.terminal.output import say, show, show_json, show_next
from bcp.errors import Exit, InputError
from bcp.event import unseal
from bcp.i18n import _
from bcp.incident.journal import STARTED, IncidentJournal, of_kind, open_incidents


def add_to(app: typer.Typer) -> None:
    """Give a noun these verbs."""
    for verb in (status, list_, log, note, step, amend, verify):
        app.command(verb.__name__.rstrip("_"))(verb)


def status(context: OfficeContext, incident: IncidentOption = None, as_json: JsonOption = False) -> int:
    """Show where it stands: what is due (status 8), what is next, whose it is, what is in force."""
    from bcp.app.check.unwatched import nobody_looks_since
    from bcp.app.incident.owed import owed
    from bcp.app.stood import stood, stood_of
    from bcp.cli.incident import show
    from bcp.incident import due as dues
    from bcp.incident import view

    session = context.obj
    kind = kind_of(context)
    if incident is None and not open_incidents(session.log, kind):
        return show.nothing_open(session, kind, as_json)
    opened = session.book(incident, kind).incident
    now, running = session.clock.now(), session.is_running(opened)
    found, looks = owed(session, opened), stood(session)
    unwatched = nobody_looks_since(session) if opened.closed_at is None else None
    if as_json:
        told = view.status(opened, now, running)
        for each in told["measures"]:
            seen = stood_of(looks, opened, each["id"]) if each["on"] else None
            each["seen"] = seen.as_data() if seen is not None else None
        show_json({**told, **found.as_data(), "nobody_looks_since": unwatched})
    else:
        show.status(opened, now, running, session.lead_on(opened), found, looks, unwatched)
    asked = opened.closed_at is not None and show.to_be_asked(session, opened, as_json)
    return Exit.DUE if asked or dues.due(opened, now) else Exit.OK


def list_(context: OfficeContext, as_json: JsonOption = False) -> int:
    """List all of them, newest last, and what is still in force."""
    from bcp.app.incident.find import listed
    from bcp.app.incident.summaries import summaries
    from bcp.app.stood import stood
    from bcp.cli.incident import show

    session, kind = context.obj, kind_of(context)
    found = summaries(session, kind)
    if as_json:
        show_json([show.as_data(incident) for incident in found])
        return Exit.OK
    show.list_of(listed(session, found), kind, session.clock.now(), stood(session))
    return Exit.OK


def log(context: OfficeContext, incident: IncidentOption = None, as_json: JsonOption = False) -> int:
    """Print everything that happened, in plain words and local time."""
    from bcp.incident.journal_text import JournalWords
    from bcp.incident.output import output_lines

    session = context.obj
    opened = session.book(incident or session.open_or_last(kind_of(context)), kind_of(context)).incident
    events = [unseal(row) for row in session.log.rows(opened.id)]
    if as_json:
        show_json([event.as_json() for event in events])
        return Exit.OK
    words = JournalWords(events[0])
    for event in events:
        show(words.line(event))
        for line in output_lines(event.data.get("evidence") or {}):
            show(f"    {line}")
    return Exit.OK


def note(
    context: OfficeContext,
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="What to write down. Names stay in the record.")
    ],
    incident: IncidentOption = None,
    by: ByOption = None,
    at: AtOption = None,
    provider: Annotated[
        str, typer.Option("--from", metavar="PROVIDER", help="Who promised it; with --promised.")
    ] = "",
    promised: Annotated[
        str,
        typer.Option(
            "--promised", metavar="TIME", help='By when it was promised: "tomorrow noon"; with --from.'
        ),
    ] = "",
) -> int:
    """Write a note into the record; one that tells a promise makes the promise, too."""
    from bcp.app.incident.note import NoteRequest
    from bcp.app.incident.note import note as write
    from bcp.cli.terminal.time_input import agrees_on

    session = context.obj
    book = session.book(incident, kind_of(context))
    promise = write(session, book, NoteRequest(text, at, by, provider, promised), agrees_on)
    say(_("Written down."), "green")
    if promise:
        say(_("The promise is written down as {id}.").format(id=promise), "green")
    say_doubts(book.incident, session.clock.now())
    show_next(session.lead_on(book.incident))
    return Exit.OK


def step(
    context: OfficeContext,
    outcome: Annotated[
        str, typer.Argument(metavar="OUTCOME", help="done, failed, skipped, not-applicable or deferred.")
    ],
    step_id: Annotated[
        str, typer.Argument(metavar="STEP", help="The step, as status shows it: mobile, mobile.undo.")
    ],
    note: Annotated[str, typer.Option("--note", help="A note; for every outcome but done: the reason.")] = "",
    fact: Annotated[
        list[str] | None, typer.Option("--fact", metavar="NAME=VALUE", help="An answer it asks for.")
    ] = None,
    at: AtOption = None,
    paper: Annotated[bool, typer.Option("--paper", help="It was written down on paper first.")] = False,
    correct: Annotated[
        bool, typer.Option("--correct", help="Correct an answer that was given before.")
    ] = False,
    incident: IncidentOption = None,
    by: ByOption = None,
) -> int:
    """Say what became of a step. For scripts, and for what was done away from the screen."""
    from bcp.app.incident.settle import StepRequest, settle
    from bcp.cli.terminal.again import ask_again

    session = context.obj
    book = session.book(incident, kind_of(context))
    request = StepRequest(step_id, outcome, note, _pairs(fact or []), at, by, paper, correct)
    written = settle(session, book, request, ask_again(lambda: session.place(book.incident)))
    is_new = written.is_new
    say(_("Written down.") if is_new else _("That was written down before; nothing changed."), "green")
    for line in written.follows:
        say(line)
    say_doubts(book.incident, session.clock.now())
    show_next(session.lead_on(book.incident))
    return Exit.OK


def amend(
    context: OfficeContext,
    after: Annotated[
        str | None, typer.Option("--after", metavar="STEP", help="Put a new step behind this one.")
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", metavar="STEP.YAML", help="The new step.")] = None,
    fact: Annotated[
        list[str] | None, typer.Option("--fact", metavar="NAME=VALUE", help="Set a fact.")
    ] = None,
    began: Annotated[
        str | None,
        typer.Option("--began", metavar="TIME", help="Put right when it began; with --reason."),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why it began at another time.")] = "",
    incident: IncidentOption = None,
    by: ByOption = None,
) -> int:
    """Leave the runbook: add a step, set a fact, put the start right. It is written down as such."""
    from bcp.app.incident import amend

    session = context.obj
    book = session.book(incident, kind_of(context))
    doer = session.person(by, book.incident.plan.names)
    if (after is None) != (file is None) or not (file or fact or began):
        raise InputError(
            "say what to amend",
            "--after STEP --file step.yaml, --fact name=value, or --began TIME --reason WHY",
        )
    if began:
        amend.began(session, book, began, reason, doer)
    if fact:
        _amend_facts(session, book, fact, doer)
    if after is not None and file is not None:
        amend.step(session, book, after, file, doer)
    say(_("Written down."), "green")
    say_doubts(book.incident, session.clock.now())
    show_next(session.lead_on(book.incident))
    return Exit.OK


def _amend_facts(session: Session, book: IncidentJournal, given: list[str], by: str) -> None:
    """Set facts, and say what follows from them and which letters were written before."""
    from bcp.app.incident import amend

    amended = amend.facts(session, book, _pairs(given), by)
    for line in amended.follows:
        say(line)
    for count, command in amended.waiting:
        words = _("{count} letters wait as they were written before; you are asked about them by: {command}")
        say(words.format(count=count, command=command), "yellow")


def verify(
    context: OfficeContext,
    incident: IncidentOption = None,
    head: Annotated[
        str | None,
        typer.Option(
            "--head",
            metavar="HEAD",
            help="A head that was given away: 32 digits or more, from a sheet, a report, a mail or a stamp.",
        ),
    ] = None,
    export: Annotated[
        Path | None, typer.Option("--export", metavar="FOLDER", help="Check an export from anywhere instead.")
    ] = None,
    root: Annotated[
        Path | None, typer.Option("--root", metavar="PEM", help="The root certificate of who stamped it.")
    ] = None,
    signers: Annotated[
        Path | None, typer.Option("--signers", metavar="FILE", help="Whose SSH signatures are believed.")
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Check the record: whether it contradicts itself, and against a head that was given away."""
    from bcp.app.incident.verify import anchor_of, with_missing
    from bcp.app.incident.verify import verify as prove
    from bcp.app.incident.verify_export import CheckRequest
    from bcp.cli.incident.proof import show_verification, verify_folder
    from bcp.cli.incident.show import none_yet

    if export is not None:
        return verify_folder(context.obj, CheckRequest(export, head, root, signers, incident), as_json)
    kind = kind_of(context)
    streams = [incident] if incident else of_kind(context.obj.log.streams(STARTED), kind)
    anchor_of(head)
    found = prove(context.obj, streams, kind, head, root)
    if not incident:
        found = with_missing(context.obj, found, kind)
    if not streams and found.holds:
        say(none_yet(kind))
    return show_verification(found, as_json)


def _pairs(given: list[str]) -> dict[str, str]:
    pairs = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise InputError(
                _('"{text}" is not name=value').format(text=text),
                _("for example: --fact provider_ticket=INC-4711"),
            )
        pairs[name.strip()] = value
    return pairs
