"""`bcp cost`: what an incident cost us, with its receipts."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from bcp.app.session import Session
from bcp.cli.options import ByOption, IncidentOption, JsonOption
from bcp.cli.terminal.output import say, show, show_json, show_next
from bcp.errors import Exit
from bcp.i18n import _

app = typer.Typer(help="What an incident cost us, each amount with its receipt.", no_args_is_help=True)


@app.command()
def add(
    context: typer.Context,
    amount: Annotated[str, typer.Argument(help='The amount: "120 PLN"; with --hours: what an hour costs.')],
    what: Annotated[str, typer.Argument(metavar="WHAT", help="What for. Names stay in the record.")],
    kind: Annotated[str, typer.Option("--kind", help="mitigation, hours or loss")] = "mitigation",
    hours: Annotated[str, typer.Option("--hours", metavar="HOURS", help="So many hours of work.")] = "",
    role: Annotated[str, typer.Option("--role", help="The role that worked.")] = "",
    receipt: Annotated[
        Path | None, typer.Option("--receipt", metavar="FILE", help="Its receipt; a copy of it is kept.")
    ] = None,
    instead_of: Annotated[
        str, typer.Option("--instead-of", metavar="ID", help="Correct a cost that was written down before.")
    ] = "",
    at: Annotated[str | None, typer.Option("--at", metavar="TIME", help="When it was, if earlier.")] = None,
    incident: IncidentOption = None,
    by: ByOption = None,
) -> int:
    """Write down a cost, hours of work, or a loss."""
    from bcp.cli.ledger import costs
    from bcp.cli.terminal.time_input import book_of, doer, time_past

    session: Session = context.obj
    book = book_of(session, incident)
    spent = costs.read(amount, what, kind, hours, role, book.incident)
    person, when = doer(session, book, by), time_past(session, book.incident.zone, at)
    name = costs.write(session, book, replace(spent, at=when, instead_of=instead_of), receipt, person)
    found = book.incident.costs[name]
    say(_("Written down as {id}: {amount}").format(id=name, amount=found.amount), "green")
    if found.receipt is not None:
        say(
            _("The receipt was copied to {file}").format(
                file=session.stores.folder_of(book.incident.id) / found.receipt.file
            )
        )
    show_next(("bcp cost list",))
    return Exit.OK


@app.command("list")
def list_(context: typer.Context, incident: IncidentOption = None, as_json: JsonOption = False) -> int:
    """List what it cost, with its sums; losses are kept apart."""
    from bcp.cli.ledger import costs
    from bcp.cli.terminal.time_input import book_of
    from bcp.cost.model import as_data

    session: Session = context.obj
    found = book_of(session, incident, closed_too=True).incident
    if as_json:
        show_json({"costs": [as_data(each) for each in found.costs.values()], "sums": costs.sums(found)})
        return Exit.OK
    for line in costs.lines(found, session.clock.now()):
        show(line)
    if not found.costs:
        say(_("Nothing was spent yet."))
    show_next(('bcp cost add "120 PLN" "WHAT FOR" --receipt FILE',))
    return Exit.OK
