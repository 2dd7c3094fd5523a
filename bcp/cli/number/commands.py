"""`bcp number`: the numbers that people know: whether they can be forwarded, a test call, a new one."""

from typing import Annotated, Literal

import typer

from bcp.cli.options import ByOption, JsonOption, OfficeContext
from bcp.cli.terminal.output import is_attended
from bcp.errors import Exit, InputError
from bcp.fact import Place

app = typer.Typer(
    help="The phone numbers that people know, and how their calls are forwarded.", no_args_is_help=True
)

NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="A number of bcp.yaml.", show_default=False)
]


@app.command("list")
def list_(context: OfficeContext, as_json: JsonOption = False) -> int:
    """Print them as bcp.yaml has them, with the last test call and what an incident forwarded and did not put back."""
    from bcp.app.number.status import number_status
    from bcp.app.stood import stood
    from bcp.cli.number.show import show_numbers, show_numbers_json
    from bcp.cli.terminal.seen import show_levers

    found = number_status(context.obj)
    if not as_json:
        show_levers(stood(context.obj), "number", found.zone, context.obj.clock.now())
    show_numbers_json(found) if as_json else show_numbers(found)
    return Exit.OK


@app.command()
def check(
    context: OfficeContext,
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="One of them; else all of them.", show_default=False),
    ] = None,
    as_json: JsonOption = False,
    by: ByOption = None,
) -> int:
    """Look in peacetime whether each could be forwarded today: account, money, ownership, papers, last test call."""
    from bcp.app.number.check import check_numbers
    from bcp.cli.number.show import show_checks, show_checks_json

    checks = check_numbers(context.obj, name, by)
    show_checks_json(checks) if as_json else show_checks(checks)
    states = {finding.state for each in checks for finding in each.findings}
    return Exit.CHECK_DOWN if "bad" in states else Exit.DUE if "due" in states else Exit.OK


@app.command()
def test(
    context: OfficeContext,
    name: NameArgument,
    forward: Annotated[
        bool,
        typer.Option("--forward", help="Really forward it for the call, and put it back; asks first."),
    ] = False,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="WHOM",
            help="With --forward: role:lead, person:anna, number:standby or a number; else asks.",
        ),
    ] = None,
    by: ByOption = None,
) -> int:
    """Call a number, and write down whether somebody heard it. Made for once a month; a person must be there.

    Only with --forward is it tried that its calls go elsewhere, as on the day: do that in a quiet moment.
    """
    from bcp.app.number.forward_trial import try_forwarding
    from bcp.app.number.trial import try_number
    from bcp.cli.number.show import show_call_heard, show_forwarding_trial
    from bcp.cli.terminal.guide import Terminal

    def desk_at(place: Place) -> Terminal:
        return Terminal(lambda: place)

    there = desk_at if is_attended() else None
    if forward:
        show_forwarding_trial(name, try_forwarding(context.obj, name, to, by, there))
    elif to is not None:
        raise InputError("--to is for a trial that forwards", f"bcp number test {name} --forward --to {to}")
    else:
        show_call_heard(name, try_number(context.obj, name, by, there))
    return Exit.OK


@app.command()
def buy(
    context: OfficeContext,
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
    from bcp.app.number.buy import buy_number
    from bcp.cli.number.buy import TerminalBuyer, show_bought
    from bcp.cli.terminal.guide import Terminal

    def buyer_at(place: Place) -> TerminalBuyer:
        return TerminalBuyer(Terminal(lambda: place))

    there = buyer_at if is_attended() else None
    bought = buy_number(context.obj, name, kind=kind, contains=contains, by=by, buyer_at=there)
    return show_bought(name, bought)


@app.command()
def published(
    context: OfficeContext,
    look: Annotated[
        bool, typer.Option("--look", help="Fetch each page, and look whether it shows the right numbers.")
    ] = False,
    as_json: JsonOption = False,
) -> int:
    """Print every place where our numbers can be read: who corrects it, what it shows now, and since when."""
    from bcp.app.number.published import published_places
    from bcp.cli.number.show import show_published, show_published_json

    found = published_places(context.obj, look)
    show_published_json(found) if as_json else show_published(found)
    return Exit.CHECK_DOWN if found.shows_wrong else Exit.OK
