"""`bcp followup`: what is to be mended after an incident, who does it, and by when."""

from typing import Annotated

import typer

from bcp.app.session import Session
from bcp.cli.options import ByOption, IncidentOption, JsonOption
from bcp.cli.terminal.output import say, show, show_json, show_next
from bcp.errors import Exit
from bcp.i18n import _

app = typer.Typer(help="What is to be mended after an incident, who does it, by when.", no_args_is_help=True)


@app.command()
def add(
    context: typer.Context,
    what: Annotated[str, typer.Argument(metavar="WHAT", help="What is to be done.")],
    owner: Annotated[str, typer.Option("--owner", metavar="PERSON", help="Who does it.")],
    due: Annotated[str, typer.Option("--due", metavar="DAY", help='By which day: "in 2 weeks", "15.12."')],
    incident: IncidentOption = None,
    by: ByOption = None,
) -> int:
    """Write down what is to be done, who does it, and by when."""
    from bcp.cli.terminal.time_input import book_of, doer, time_to_come
    from bcp.incident import followup

    session: Session = context.obj
    book = book_of(session, incident, closed_too=True)
    zone = book.incident.zone
    day = time_to_come(session, zone, due, "--due").astimezone(zone).date()
    name = followup.add(
        book,
        what,
        session.person(owner, book.incident.plan["people"], "--owner"),
        day,
        doer(session, book, by),
    )
    say(_("Written down as {id}.").format(id=name), "green")
    show_next(("bcp followup list",))
    return Exit.OK


@app.command()
def done(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID", help="The follow-up, as the list shows it: f1")],
    note: Annotated[str, typer.Option("--note", help="What was done.")] = "",
    incident: IncidentOption = None,
    by: ByOption = None,
) -> int:
    """Say that it is done."""
    from bcp.cli.terminal.time_input import book_of, doer
    from bcp.incident import followup

    session: Session = context.obj
    book = book_of(session, incident, closed_too=True)
    followup.done(book, name, doer(session, book, by), note)
    say(_("Written down."), "green")
    show_next(("bcp followup list",))
    return Exit.OK


@app.command("list")
def list_(context: typer.Context, incident: IncidentOption = None, as_json: JsonOption = False) -> int:
    """List what is open, over all incidents; the status is 8 while something is overdue."""
    from bcp.cli.ledger import followups

    session: Session = context.obj
    found = followups.every(session, incident)
    if as_json:
        show_json([followups.as_data(each) for each in found])
        return followups.exit_of(found)
    for each in found:
        show(followups.line(each), "bold red" if each.is_overdue else None)
    if not found:
        say(_("There is nothing to be mended."))
    show_next(("bcp followup done ID --incident INCIDENT",) if found else ("bcp incident list",))
    return followups.exit_of(found)
