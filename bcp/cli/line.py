"""`bcp line`: what bcp.yaml says of the office's lines."""

import typer

from bcp.cli.options import JsonOption

app = typer.Typer(help="The lines that the office works over, and their providers.", no_args_is_help=True)


@app.callback()
def _noun() -> None:
    """The lines that the office works over, and their providers."""


@app.command("list")
def list_(context: typer.Context, as_json: JsonOption = False) -> int:
    """Print them as bcp.yaml has them."""
    from bcp.cli.telling import tell_list

    return tell_list(context.obj, "lines", as_json)
