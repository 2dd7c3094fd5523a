"""`bcp validate`: reads everything in the office and tells every mistake at once."""

from __future__ import annotations

import typer

from bcp.cli.console import mistakes_as_json, say, show_json, show_next
from bcp.cli.options import JsonOption
from bcp.cli.wiring import Session
from bcp.errors import Exit, SourceError
from bcp.tongue import _, speak

app = typer.Typer()


@app.command()
def validate(context: typer.Context, as_json: JsonOption = False) -> int:
    """Read everything in the office and report every mistake of every file at once."""
    from bcp.source import Reader
    from bcp.validate import read_all

    session: Session = context.obj
    reader = Reader()
    whole = read_all(session.folder, reader)
    if as_json:
        error = SourceError(reader.mistakes)
        show_json({"office": str(session.folder), "mistakes": mistakes_as_json(error)})
        return Exit.INPUT if reader.mistakes else Exit.OK
    if reader.mistakes or whole is None:
        raise SourceError(reader.mistakes)
    speak(whole.office.language)
    words = _("{name}: everything can be read: {runbooks} runbooks, {checks} checks, {people} people.")
    say(
        words.format(
            name=whole.office.name,
            runbooks=len(whole.runbooks),
            checks=len(whole.checks),
            people=len(whole.office.people),
        ),
        "green",
    )
    show_next(("bcp runbook list", "bcp drill start RUNBOOK"))
    return Exit.OK
