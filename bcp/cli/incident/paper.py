"""Paper and an incident: its copy with clock times and what was done so far; and back from paper into the journal."""

from pathlib import Path
from typing import Annotated

import typer

from bcp.cli.options import ByOption, IncidentOption, OfficeContext, grouped, kind_of
from bcp.cli.print.options import PageOptions
from bcp.cli.terminal.output import say, show_next
from bcp.errors import InputError
from bcp.i18n import _


def add_to(app: typer.Typer) -> None:
    """Give a noun these verbs."""
    app.command("print")(print_)
    app.command("record")(record)


@grouped(PageOptions)
def print_(
    context: OfficeContext,
    asked: PageOptions,
    incident: IncidentOption = None,
) -> int:
    """Print its sheet: deadlines as clock times, what is done ticked, what we know filled in."""
    from bcp.cli.print.show import put, request_of
    from bcp.page.incident import incident_copy
    from bcp.page.labels import Labels

    opened = context.obj.book(incident, kind_of(context)).incident
    labels = Labels(asked.lang or opened.plan.office.language)
    status = put(context.obj, [incident_copy(opened, labels)], labels, request_of(asked, "incident"))
    if asked.output != "-":
        if not asked.to:
            say(_("Now print that file, and write on the paper: it works when this computer does not."))
        record = f"bcp {kind_of(context)} record --incident {opened.id}"
        words = _("{command}   (when it is over: enter what stands on the paper)")
        show_next((words.format(command=record),))
    return status


def record(
    context: OfficeContext,
    incident: IncidentOption = None,
    by: ByOption = None,
    table: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", help="Columns: step, time, outcome, initials, result, facts."),
    ] = None,
    runbook: Annotated[
        str | None, typer.Option("--runbook", metavar="RUNBOOK", help="It lived on paper only: its runbook.")
    ] = None,
    started: Annotated[
        str | None, typer.Option("--started", metavar="TIME", help="And its T0, such as: 26.11. 7:50")
    ] = None,
) -> int:
    """Enter what was written on the sheet: one line a step, shown as a whole, written at once."""
    from bcp.app.incident.record_paper import paper_start
    from bcp.app.transcribe import Transcription, again_from_nothing, left_of
    from bcp.cli.transcribe import flow

    session = context.obj
    kind = kind_of(context)
    if runbook is None:
        try:
            opened = session.book(incident, kind)
        except InputError as error:
            left = left_of(session, kind) if incident is None else None
            if left is None:
                raise
            hint = f"a sheet was half typed; go on: {again_from_nothing(left, kind)}"
            raise InputError(error.message, hint) from None
        # Before anybody types a sheet, not after it.
        session.stores.refuse_copy(opened.incident.id)
        doer = session.person(by, opened.incident.plan.names)
        return flow.record(Transcription(session, opened, doer), table)
    if started is None and (left := left_of(session, kind, runbook)):
        started = left.started
    stream, first = paper_start(session, runbook, kind, by, started)
    return flow.record(Transcription.from_nothing(session, first, stream), table)
