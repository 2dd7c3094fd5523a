"""`bcp place`: what bcp.yaml says of the office's published."""

import typer

from bcp.cli.options import JsonOption

app = typer.Typer(help="The places where our numbers and addresses can be read.", no_args_is_help=True)


@app.callback()
def _noun() -> None:
    """The places where our numbers and addresses can be read."""


@app.command("list")
def list_(context: typer.Context, as_json: JsonOption = False) -> int:
    """Print them as bcp.yaml has them."""
    from bcp.cli.telling import tell_list

    return tell_list(context.obj, "published", as_json)
