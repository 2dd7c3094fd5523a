"""`bcp line`: the office's lines, which one leads out, and a test of one that stands by."""

from typing import Annotated

import typer

from bcp.cli.options import ByOption, JsonOption

app = typer.Typer(help="The lines that the office works over, and their providers.", no_args_is_help=True)


@app.callback()
def _noun() -> None:
    """The lines that the office works over, and their providers."""


@app.command("list")
def list_(context: typer.Context, as_json: JsonOption = False) -> int:
    """Print them as bcp.yaml has them."""
    from bcp.cli.terminal.listing import tell_list

    return tell_list(context.obj, "lines", as_json)


@app.command()
def status(context: typer.Context, as_json: JsonOption = False) -> int:
    """Which line leads out, how each is switched to, what its data will do for, when it was tested."""
    from bcp.cli.line.status import tell_status

    return tell_status(context.obj, as_json)


@app.command()
def test(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A line that stands by.", show_default=False)],
    check: Annotated[
        str | None,
        typer.Option(
            "--check",
            metavar="CHECK",
            help="What to look at through it; else the line's check, else internet.",
        ),
    ] = None,
    by: ByOption = None,
) -> int:
    """Look through a stand-by line while the other stays in use, and write down the date. Made for once a month."""
    from bcp.cli.line.status import test_line

    return test_line(context.obj, name, check, by)
