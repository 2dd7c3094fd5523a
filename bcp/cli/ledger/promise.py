"""`bcp promise`: what providers said would happen and by when, and whether it was kept."""

from typing import Annotated

import typer

from bcp.app.session import Session
from bcp.cli.options import ByOption, IncidentOption, JsonOption
from bcp.cli.terminal.output import say, show, show_json, show_next
from bcp.errors import Exit
from bcp.i18n import _

app = typer.Typer(help="What providers promised, by when, and whether they kept it.", no_args_is_help=True)

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The promise, as the list shows it: p1")]
NoteOption = Annotated[str, typer.Option("--note", help="What there is to say about it.")]
AtOption = Annotated[str | None, typer.Option("--at", metavar="TIME", help="When it was, if earlier: 9:12")]


@app.command()
def add(
    context: typer.Context,
    what: Annotated[str, typer.Argument(metavar="WHAT", help="What is to happen. Names stay in the record.")],
    provider: Annotated[str, typer.Option("--from", metavar="PROVIDER", help="Who promised it.")],
    by: Annotated[str, typer.Option("--by", metavar="TIME", help='By when, as it was said: "tomorrow noon"')],
    said_by: Annotated[str, typer.Option("--said-by", help="The name of the person who said it.")] = "",
    ticket: Annotated[str, typer.Option("--ticket", help="The ticket number.")] = "",
    channel: Annotated[str, typer.Option("--channel", help="How it was said: phone, mail, chat.")] = "",
    at: AtOption = None,
    person: Annotated[
        str | None, typer.Option("--person", help="Who heard it; else BCP_PERSON, else the login name.")
    ] = None,
    incident: IncidentOption = None,
) -> int:
    """Write down what a provider promised; its time is echoed as a date first."""
    from bcp.cli.terminal.time_input import book_of, doer, time_past, time_to_come
    from bcp.incident import promising

    session: Session = context.obj
    book = book_of(session, incident)
    said_at = time_past(session, book.incident.zone, at)
    due = time_to_come(session, book.incident.zone, by, "--by")
    told = promising.Told(provider, what, due, by, said_by, ticket, channel, said_at)
    name = promising.make(book, told, doer(session, book, person), doer(session, book), session.clock.now())
    say(_("Written down as {id}.").format(id=name), "green")
    show_next((f"bcp promise kept {name}   (or: broken {name})",))
    return Exit.OK


@app.command()
def kept(
    context: typer.Context,
    promise: IdArgument,
    at: AtOption = None,
    note: NoteOption = "",
    incident: IncidentOption = None,
    by: ByOption = None,
) -> int:
    """Say that it came true; also, late, of one that was broken."""
    return _settle(context, promise, True, at, note, incident, by)


@app.command()
def broken(
    context: typer.Context,
    promise: IdArgument,
    at: AtOption = None,
    note: NoteOption = "",
    incident: IncidentOption = None,
    by: ByOption = None,
) -> int:
    """Say that it was not kept."""
    return _settle(context, promise, False, at, note, incident, by)


@app.command("list")
def list_(
    context: typer.Context,
    everywhere: Annotated[
        bool, typer.Option("--providers", help="How each provider kept its promises, over all incidents.")
    ] = False,
    incident: IncidentOption = None,
    as_json: JsonOption = False,
) -> int:
    """List the promises of an incident; or how each provider kept its own."""
    from bcp.cli.ledger import promises

    session: Session = context.obj
    if everywhere:
        return promises.providers(session, as_json)
    from bcp.cli.terminal.time_input import book_of

    found = book_of(session, incident, closed_too=True).incident
    if as_json:
        from bcp.promise.model import as_data

        show_json([as_data(each, session.clock.now()) for each in found.promises.values()])
        return promises.exit_of(found, session.clock.now())
    for line in promises.lines(found, session.clock.now()):
        show(line)
    if not found.promises:
        say(_("Nobody promised anything yet."))
    show_next(promises.commands(found, session.clock.now()))
    return promises.exit_of(found, session.clock.now())


def _settle(
    context: typer.Context,
    promise: str,
    is_kept: bool,
    at: str | None,
    note: str,
    incident: str | None,
    by: str | None,
) -> int:
    from bcp.cli.terminal.time_input import book_of, doer, time_past
    from bcp.incident import promising

    session: Session = context.obj
    book = book_of(session, incident)
    promising.settle(
        book,
        promise,
        is_kept,
        doer(session, book, by),
        recorded_by=doer(session, book),
        now=session.clock.now(),
        at=time_past(session, book.incident.zone, at),
        note=note,
    )
    say(_("Written down."), "green")
    show_next(("bcp promise list", "bcp incident status"))
    return Exit.OK
