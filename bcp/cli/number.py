"""`bcp number`: what bcp.yaml says of the office's numbers."""

import typer

from bcp.cli.options import JsonOption

app = typer.Typer(
    help="The phone numbers that people know, and how their calls are forwarded.", no_args_is_help=True
)


@app.callback()
def _noun() -> None:
    """The phone numbers that people know, and how their calls are forwarded."""


@app.command("list")
def list_(context: typer.Context, as_json: JsonOption = False) -> int:
    """Print them as bcp.yaml has them."""
    from bcp.cli.telling import tell_list

    return tell_list(context.obj, "numbers", as_json)
