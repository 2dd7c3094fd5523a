"""`bcp check`: the things that are looked at."""

import typer

from bcp.cli.console import say, show, show_json, show_next
from bcp.cli.options import JsonOption
from bcp.cli.wiring import Session
from bcp.errors import Exit
from bcp.tongue import _

app = typer.Typer(help="The things that are looked at, and how they are.", no_args_is_help=True)


@app.command("list")
def list_(context: typer.Context, as_json: JsonOption = False) -> int:
    """List the checks of this office, and how each looks."""
    from bcp.check.load import load
    from bcp.errors import SourceError
    from bcp.source import Reader
    from bcp.times import say_duration

    session: Session = context.obj
    reader = Reader()
    checks = [loaded.check for loaded in load(session.folder, reader).values()]
    if reader.mistakes:
        raise SourceError(reader.mistakes)
    if as_json:
        show_json([{"check": each.check, "title": each.title, "runbook": each.runbook} for each in checks])
        return Exit.OK
    for each in checks:
        show(f"{each.check}  {each.title}", "bold")
        for probe in each.probes:
            show(f"    {probe.words()}")
        show("    " + _("every {time}").format(time=say_duration(each.every)))
    if not checks:
        say(_("This office has no checks yet."))
    show_next(("bcp validate",))
    return Exit.OK


@app.command()
def schema() -> int:
    """Print the JSON Schema of a check, for editors."""
    from bcp.check.model import Check
    from bcp.source import schema as schema_of

    show_json(schema_of(Check, "check.json"))
    return Exit.OK
