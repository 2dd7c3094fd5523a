"""`bcp incident`: begin, go on, close; what happened is in `records.py`. The noun `drill` shares all of it."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from bcp.cli.incident import records
from bcp.cli.options import ByOption, IncidentOption, OfficeContext, kind_of
from bcp.i18n import _

app = typer.Typer(
    help="A real incident: begin it, go on, see where it stands, close it.", no_args_is_help=True
)
RunbookArgument = Annotated[str | None, typer.Argument(metavar="[RUNBOOK]", help="Without a name: a menu.")]
LeaveOption = Annotated[
    list[str] | None, typer.Option("--leave", metavar="MEASURE", help="Leave this measure in force.")
]
LeftReasonOption = Annotated[str, typer.Option("--reason", help="Why a measure or a step is left.")]
AsOfLastOption = Annotated[
    bool,
    typer.Option("--as-of-last", help="If a plan has a mistake today: take it as it was last without one."),
]


@app.command()
def start(
    context: OfficeContext,
    runbook: RunbookArgument = None,
    by: ByOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show every step; do nothing, keep nothing.")
    ] = False,
    as_of_last: AsOfLastOption = False,
) -> int:
    """Begin a runbook and be led through it. If it is open already, go on there."""
    session = context.obj
    if runbook is None:
        from bcp.cli.incident.menu import chosen

        if not dry_run:
            session.insist_on_our_office()
        command = "bcp incident start --dry-run" if dry_run else "bcp incident start"
        runbook = chosen(session, command, keeps=not dry_run)
    from bcp.app.incident import dry_run as dry
    from bcp.app.incident.chosen import StartRequest
    from bcp.app.incident.start import start
    from bcp.cli.incident import outcome
    from bcp.cli.incident.at_terminal import AtTerminal
    from bcp.cli.incident.dry_run import show_dry_run

    request = StartRequest("incident", runbook, by, as_of_last=as_of_last)
    if dry_run:
        return show_dry_run(dry.dry_run(session, request, AtTerminal()))
    return outcome.of_walk(session, start(session, request, AtTerminal()))


def resume(
    context: OfficeContext,
    incident: IncidentOption = None,
    by: ByOption = None,
    this_copy: Annotated[
        bool, typer.Option("--this-copy", help="Of two copies of the record go on with this one.")
    ] = False,
) -> int:
    """Go on exactly where it stands; from any terminal, as any person."""
    from bcp.app.incident.run import run
    from bcp.cli.incident import outcome
    from bcp.cli.incident.at_terminal import AtTerminal

    session = context.obj
    opened = session.book(incident, kind_of(context))
    doer = session.person(by, opened.incident.plan.names)
    if this_copy:
        from bcp.incident import ownership

        ownership.take(
            opened, doer, lost=True, reason=_("this copy of the record is the one that is written")
        )
    return outcome.of_walk(session, run(session, opened, doer, AtTerminal()))


_Measure = Annotated[
    str, typer.Argument(metavar="MEASURE", help="What is in force, as status shows it: mobile.")
]


def undo(
    context: OfficeContext,
    measure: _Measure,
    incident: IncidentOption = None,
    by: ByOption = None,
) -> int:
    """Switch one thing off that was switched on; also one that was left when the incident was closed."""
    from bcp.app.incident.undo import UndoRequest
    from bcp.app.incident.undo import undo as end
    from bcp.cli.incident import outcome
    from bcp.cli.incident.at_terminal import AtTerminal

    session = context.obj
    request = UndoRequest(kind_of(context), measure, incident, by)
    return outcome.of_undo(session, end(session, request, AtTerminal()))


def redo(
    context: OfficeContext,
    measure: _Measure,
    incident: IncidentOption = None,
    by: ByOption = None,
) -> int:
    """Set one thing once more that is not as it was left: a line, a number or a place."""
    from bcp.app.incident.redo import redo as set_again
    from bcp.app.incident.undo import UndoRequest
    from bcp.cli.incident import outcome
    from bcp.cli.incident.at_terminal import AtTerminal

    session = context.obj
    request = UndoRequest(kind_of(context), measure, incident, by)
    return outcome.of_redo(session, *set_again(session, request, AtTerminal()))


def close(
    context: OfficeContext,
    incident: IncidentOption = None,
    by: ByOption = None,
    leave: LeaveOption = None,
    unaccounted: Annotated[
        bool, typer.Option("--unaccounted", help="Although somebody may not know; needs --reason.")
    ] = False,
    reason: LeftReasonOption = "",
) -> int:
    """Switch off what was switched on, stand down, and end the incident."""
    return close_open(context, incident, by, leave=leave, reason=reason, unaccounted=unaccounted)


def close_open(
    context: OfficeContext,
    incident: str | None,
    by: str | None,
    *,
    leave: Sequence[str] | None,
    reason: str,
    answers: Path | None = None,
    unaccounted: bool = False,
) -> int:
    """Close an incident, or a drill in which the file `answers` may play the person. The exit status."""
    from bcp.app.incident import close as closing
    from bcp.cli.incident import outcome
    from bcp.cli.incident.at_terminal import AtTerminal
    from bcp.incident.script import load_answers

    session = context.obj
    opened = session.book(incident, kind_of(context))
    doer = session.person(by, opened.incident.plan.names)
    script = load_answers(answers) if answers else None
    request = closing.CloseRequest(doer, leave or [], reason, script, unaccounted)
    return outcome.of_closing(session, opened, request, closing.close(session, opened, request, AtTerminal()))


app.command()(resume)
app.command()(undo)
app.command()(redo)
app.command()(close)
records.add_to(app)


@cache
def load_the_rest() -> None:
    """Add the verbs that are not loaded before one of them, or the help, is asked for."""
    from bcp.cli.incident import aftermath, handover, paper

    paper.add_to(app)
    aftermath.add_to(app)
    handover.add_to(app)
