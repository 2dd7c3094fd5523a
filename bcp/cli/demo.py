"""`bcp demo`: a whole outage in half a minute, for real: a line dies, the levers move, the record is proved."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from bcp.app.session import Session
from bcp.cli.terminal.output import err, remark, say, show, show_next
from bcp.cli.terminal.progress import at_terminal
from bcp.command_words import as_typed
from bcp.i18n import _

app = typer.Typer()


@app.command()
def demo(
    folder: Annotated[
        Path | None,
        typer.Option("--in", metavar="DIR", help="Keep the office here; else in a temporary folder."),
    ] = None,
) -> int:
    """Play a whole outage on a sample office: nothing outside this computer is touched."""
    from bcp.app.demo import make

    office = folder or Path(tempfile.mkdtemp(prefix="bcp-demo-")) / "agencja-kropka"
    _chapter(1, _("A sample office is made: an agency of nine people"))
    line = make(office, say, at_terminal())
    say(_("The office lies in {path}").format(path=office))
    session = Session(str(office), remark=remark, progress=at_terminal())
    try:
        line("main", "up")
        _chapter(2, _("It is a quiet morning; then the line dies"))
        line("main", "down")
        incident = _begin(session)
        _chapter(
            6,
            _(
                "The line is back: what was switched on is switched off, and exactly those who were told hear it"
            ),
        )
        line("mobile", "down")
        status = _close(session)
    finally:
        for name in ("main", "mobile"):
            line(name, "down")
    _prove(session, incident, office)
    show_next((as_typed(("cd", str(office))), "bcp runbook list", "bcp drill start internet-outage"))
    return status


def _prove(session: Session, incident: str, office: Path) -> None:
    """Show the record, its proof, and where everything lies."""
    from bcp.app.incident.verify import verify
    from bcp.cli.incident.proof import show_verification

    _chapter(7, _("The record: what happened, in plain words"))
    record = session.stores.record.path(incident)
    for text in record.read_text(encoding="utf-8").splitlines():
        show(text)
    _chapter(8, _("The proof: nothing in it was changed"))
    show_verification(verify(session, [incident], "incident"), as_json=False)
    _chapter(9, _("Where everything lies"))
    for path in (record, session.stores.file, office / "bcp.yaml"):
        show(f"  {path}")


def _begin(session: Session) -> str:
    """Begin the incident, and show what it does; its id."""
    from bcp.app.demo import RUNBOOK, answers, told_outside
    from bcp.app.incident.chosen import StartRequest
    from bcp.app.incident.owed import owed
    from bcp.app.incident.start import start
    from bcp.cli.incident import outcome
    from bcp.cli.incident.at_terminal import AtTerminal
    from bcp.cli.incident.show import status

    _chapter(3, _("The incident is begun, and its steps are carried out"))
    request = StartRequest("incident", RUNBOOK, "anna", answers())
    outcome.of_walk(session, start(session, request, AtTerminal()))
    _chapter(4, _("What `bcp incident status` shows: the office works on mobile internet"))
    incident = session.book(None, "incident").incident
    now, running = session.clock.now(), session.is_running(incident)
    status(incident, now, running, session.lead_on(incident), owed(session, incident))
    _chapter(5, _("What the public reads, and what the clients were sent"))
    told = told_outside(session.folder, incident.id)
    for text in told.website:
        show(f"  {text}")
    show()
    show("  " + _("{count} letters; one of them:").format(count=told.letters))
    for text in (told.to, *told.letter):
        show(f"  {text}")
    return incident.id


def _close(session: Session) -> int:
    from bcp.app.demo import answers
    from bcp.app.incident.close import CloseRequest, close
    from bcp.cli.incident import outcome
    from bcp.cli.incident.at_terminal import AtTerminal

    book, request = session.book(None, "incident"), CloseRequest("anna", answers=answers())
    return outcome.of_closing(session, book, request, close(session, book, request, AtTerminal()))


def _chapter(number: int, title: str) -> None:
    say()
    err.rule(f"{number}  {title}", align="left", style="bold cyan")
