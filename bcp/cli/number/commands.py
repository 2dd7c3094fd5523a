"""`bcp number`: the numbers that people know: whether they can be forwarded, a test call, a new one."""

from typing import Annotated, Literal

import typer

from bcp.cli.options import ByOption, JsonOption

app = typer.Typer(
    help="The phone numbers that people know, and how their calls are forwarded.", no_args_is_help=True
)

NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="A number of bcp.yaml.", show_default=False)
]


@app.callback()
def _noun() -> None:
    """The phone numbers that people know, and how their calls are forwarded."""


@app.command("list")
def list_(context: typer.Context, as_json: JsonOption = False) -> int:
    """Print them as bcp.yaml has them, with the last test call and what an incident forwarded and did not put back."""
    from bcp.cli.number.status import tell_numbers

    return tell_numbers(context.obj, as_json)


@app.command()
def check(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="One of them; else all of them.", show_default=False),
    ] = None,
    as_json: JsonOption = False,
    by: ByOption = None,
) -> int:
    """Look in peacetime whether each could be forwarded today: account, money, ownership, papers, last test call."""
    from bcp.cli.number.status import check_numbers

    return check_numbers(context.obj, name, as_json, by)


@app.command()
def test(context: typer.Context, name: NameArgument, by: ByOption = None) -> int:
    """Call a number, and write down whether somebody heard it. Made for once a month; a person must be there."""
    from bcp.cli.number.status import test_number

    return test_number(context.obj, name, by)


@app.command()
def buy(
    context: typer.Context,
    name: NameArgument,
    kind: Annotated[
        Literal["local", "mobile", "toll-free"], typer.Option("--kind", help="What kind of number.")
    ] = "local",
    contains: Annotated[
        str, typer.Option("--contains", metavar="DIGITS", help="Only numbers with these digits in a row.")
    ] = "",
    by: ByOption = None,
) -> int:
    """Buy a number from the provider of its way: the price is shown, a person types it, and nothing is bought twice."""
    from bcp.cli.number.buy import buy_number

    return buy_number(context.obj, name, kind, contains, by)


@app.command()
def published(
    context: typer.Context,
    look: Annotated[
        bool, typer.Option("--look", help="Fetch each page, and look whether it shows the right numbers.")
    ] = False,
    as_json: JsonOption = False,
) -> int:
    """Print every place where our numbers can be read: who corrects it, what it shows now, and since when."""
    from bcp.cli.number.published import tell_published

    return tell_published(context.obj, look, as_json)
