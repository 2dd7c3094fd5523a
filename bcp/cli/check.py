"""`bcp check`: the things that are looked at."""

from __future__ import annotations

import typer

from bcp.cli.console import show_json
from bcp.errors import Exit

app = typer.Typer(help="The things that are looked at, and how they are.", no_args_is_help=True)


@app.command()
def schema() -> int:
    """Print the JSON Schema of a check, for editors."""
    from bcp.check.model import Check
    from bcp.source import schema as schema_of

    show_json(schema_of(Check, "check.json"))
    return Exit.OK


@app.command("list")
def list_() -> int:
    """The checks of this office."""
    return Exit.OK
