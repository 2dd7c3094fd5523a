"""`bcp init` and `bcp validate`: the office folder is made, and everything in it is read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bcp.cli.console import is_attended, mistakes_as_json, say, show_json, show_next
from bcp.cli.options import JsonOption
from bcp.cli.wiring import Session
from bcp.errors import Exit, SourceError
from bcp.tongue import _


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="The folder of the office; made if missing.")
    ] = Path(),
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing, take the defaults.")] = False,
    sample: Annotated[
        bool, typer.Option("--sample", help="A believable agency of nine people, to try things on.")
    ] = False,
) -> int:
    """Make an office folder: bcp.yaml, runbooks, checks, contacts, notices. Nothing is overwritten."""
    from bcp.cli import setting_up

    return setting_up.init(folder, ask=is_attended() and not yes and not sample, sample=sample)


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
