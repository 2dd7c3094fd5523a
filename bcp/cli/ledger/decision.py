"""`bcp decision`: the questions with a deadline, their answers, and putting one off."""

from typing import Annotated

import typer

from bcp.app.session import Session
from bcp.cli.options import ByOption, IncidentOption, JsonOption
from bcp.cli.terminal.output import say, show, show_json, show_next
from bcp.errors import Exit
from bcp.i18n import _

app = typer.Typer(help="The questions with a deadline, and what was decided.", no_args_is_help=True)

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The decision, as the list shows it.")]


@app.command("list")
def list_(context: typer.Context, incident: IncidentOption = None, as_json: JsonOption = False) -> int:
    """List the decisions of an incident: what is due, what comes, what was decided."""
    from bcp.cli.ledger import decide
    from bcp.cli.terminal.time_input import book_of
    from bcp.incident.deciding import as_data

    session: Session = context.obj
    opened = book_of(session, incident, closed_too=True).incident
    now = session.clock.now()
    if as_json:
        show_json([as_data(opened, each, now) for each in opened.decisions.values()])
        return decide.exit_of(opened, now)
    for each in opened.decisions.values():
        for number, line in enumerate(decide.lines(opened, each, now)):
            show(line, "bold" if number == 0 else None)
    if not opened.decisions:
        say(_("Its runbooks ask for no decision."))
    show_next(decide.commands(opened, now))
    return decide.exit_of(opened, now)


@app.command()
def answer(
    context: typer.Context,
    decision: IdArgument,
    chosen: Annotated[str, typer.Argument(metavar="ANSWER", help="One of its answers.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it stays in the record.")] = "",
    incident: IncidentOption = None,
    by: ByOption = None,
) -> int:
    """Decide; an answer that names a runbook enters it in this incident."""
    from bcp.cli.terminal.time_input import book_of, doer
    from bcp.incident import deciding

    session: Session = context.obj
    book = book_of(session, incident)
    enters = deciding.answer(book, decision, chosen, doer(session, book, by), reason=reason)
    say(_("Decided: {answer}").format(answer=chosen), "green")
    noun = "drill" if book.incident.drill else "incident"
    if enters:
        say(_("Its steps come first now."))
    show_next((f"bcp {noun} {'resume' if enters else 'status'} --incident {book.incident.id}",))
    return Exit.OK


@app.command()
def override(
    context: typer.Context,
    decision: IdArgument,
    until: Annotated[str, typer.Option("--until", metavar="TIME", help='The new hard time: "15:00"')],
    reason: Annotated[str, typer.Option("--reason", help="Why it can wait; it stays in the record.")] = "",
    incident: IncidentOption = None,
    by: ByOption = None,
) -> int:
    """Put a decision off, once, with a reason and a new hard time."""
    from bcp.cli.terminal.time_input import book_of, doer, time_to_come
    from bcp.incident import deciding

    session: Session = context.obj
    book = book_of(session, incident)
    found = deciding.find(book.incident, decision)
    when = time_to_come(session, book.incident.zone, until, "--until")
    deciding.override(book, found.id, when, doer(session, book, by), reason=reason, now=session.clock.now())
    say(_("Put off. It cannot be put off a second time."), "green")
    show_next(("bcp decision list",))
    return Exit.OK
