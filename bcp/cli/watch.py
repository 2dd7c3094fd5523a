"""`bcp watch`: looks at the checks for as long as it lives; and the lines that let a system start it."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from bcp.app import logs
from bcp.app.session import Session
from bcp.cli.options import JsonOption, OfficeContext, RefreshOption
from bcp.cli.terminal.output import fail, say, show_text
from bcp.errors import BcpError, Exit
from bcp.i18n import _

app = typer.Typer(invoke_without_command=True)


@app.callback()
def watch(
    context: OfficeContext,
    metrics: Annotated[
        Path | None,
        typer.Option("--metrics", metavar="FILE", help="Keep OpenMetrics text in FILE, for node_exporter."),
    ] = None,
    page: Annotated[
        Path | None,
        typer.Option("--page", metavar="FILE", help="Keep the page of `bcp check page` in FILE fresh."),
    ] = None,
    refresh: RefreshOption = False,
    unit: Annotated[
        str | None,
        typer.Option(
            "--print", metavar="systemd|cron|windows", help="Print what starts it by itself, and end."
        ),
    ] = None,
) -> int:
    """Look at the checks when they are due, tell people what changed, and begin what may begin by itself."""
    if context.invoked_subcommand is not None:
        return Exit.OK
    session = context.obj
    if unit is not None:
        return _show_unit(session, unit)
    from bcp.app.check.page import PageFile
    from bcp.app.check.watch import KeptFiles
    from bcp.app.check.watch import watch as keep_watching
    from bcp.cli.check.unattended import TerminalWatcher

    say(_("Watching {folder}; Ctrl-C ends it, and nothing is lost.").format(folder=session.folder))
    kept = KeptFiles(metrics, PageFile(page, refresh) if page else None)
    status = _over(keep_watching(session, kept, TerminalWatcher()))
    # A thread that is telling people would hold the process for seconds; all that must be kept is kept.
    sys.stdout.flush()
    logs.ended(status)
    os._exit(status)


def _over(trouble: BcpError | None) -> Exit:
    """Say whether all that was seen is written down; the exit status."""
    if trouble is None:
        say(_("The watch is over; everything that was seen is written down."))
        return Exit.OK
    say(_("The watch is over. What it saw last could not be written down:"))
    return Exit(fail(trouble))


def _show_unit(session: Session, unit: str) -> int:
    from bcp.app.check.service import service_of

    service = service_of(session, unit, _program())
    show_text(service.text)
    for line in service.goes_to.splitlines():
        say(line)
    return Exit.OK


def _program() -> list[str]:
    """The command as it was called, with its whole path."""
    called = Path(sys.argv[0])
    return [sys.executable, "-m", "bcp"] if called.name == "__main__.py" else [str(called.resolve())]


@app.command()
def test(context: OfficeContext, as_json: JsonOption = False) -> int:
    """Send one message by each way to tell people, and say who got it. Exit status 5: somebody did not."""
    from bcp.cli.alert_trial import try_alerts

    return try_alerts(context.obj, as_json=as_json)
