"""`bcp drill`: the same runbooks, rehearsed; nothing leaves this computer."""

from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from bcp.cli.incident import records
from bcp.cli.incident.commands import (
    AsOfLastOption,
    LeaveOption,
    LeftReasonOption,
    RunbookArgument,
    close_open,
    resume,
    undo,
)
from bcp.cli.options import ByOption, IncidentOption, OfficeContext

app = typer.Typer(help="A rehearsal: the same steps, and nothing leaves this computer.", no_args_is_help=True)

AnswersOption = Annotated[
    Path | None,
    typer.Option("--answers", metavar="FILE", help="A YAML file that plays the person: step: outcome."),
]


@app.command()
def start(
    context: OfficeContext,
    runbook: RunbookArgument = None,
    by: ByOption = None,
    answers: AnswersOption = None,
    as_of_last: AsOfLastOption = False,
) -> int:
    """Rehearse a runbook; with --answers a script plays the person."""
    session = context.obj
    if runbook is None:
        from bcp.cli.incident.menu import chosen

        runbook = chosen(session, "bcp drill start")
    from bcp.app.incident.chosen import StartRequest
    from bcp.app.incident.start import start
    from bcp.cli.incident import outcome
    from bcp.cli.incident.at_terminal import AtTerminal
    from bcp.incident.script import load_answers

    script = load_answers(answers) if answers else None
    request = StartRequest("drill", runbook, by, script, as_of_last)
    return outcome.of_walk(session, start(session, request, AtTerminal()))


@app.command()
def close(
    context: OfficeContext,
    incident: IncidentOption = None,
    by: ByOption = None,
    leave: LeaveOption = None,
    reason: LeftReasonOption = "",
    answers: AnswersOption = None,
) -> int:
    """Rehearse the stand-down and end the drill."""
    return close_open(context, incident, by, leave=leave, reason=reason, answers=answers)


app.command()(resume)
app.command()(undo)
records.add_to(app)


@cache
def load_the_rest() -> None:
    """Add the verbs that are not loaded before one of them, or the help, is asked for."""
    from bcp.cli.incident import aftermath, paper

    paper.add_to(app)
    aftermath.add_to(app)
