"""`bcp print`: sheets, cards, the sign and the pack; whether paper is still true, and where each copy hangs."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from bcp.app.session import Session
from bcp.cli.lazy import Verbs
from bcp.cli.options import JsonOption, grouped
from bcp.cli.print.options import Asked, AskedPages
from bcp.errors import Exit

RunbooksArgument = Annotated[
    list[str] | None, typer.Argument(metavar="[RUNBOOK]…", help="Without a name: all.")
]


class Sheets(Verbs):
    """Whatever is no verb of this noun is a runbook: `bcp print internet-outage`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the verb `sheet` in front where none is named."""
        if not args or (args[0] not in self.commands and args[0] not in ("--help", "-h")):
            args = ["sheet", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(cls=Sheets, help="Paper: sheets, cards, the grab bag; and whether a page is still true.")
copies = typer.Typer(help="Where each printed copy hangs.", no_args_is_help=True)
app.add_typer(copies, name="copies")


def _print(context: typer.Context, asked: Asked, kind: str, names: Sequence[str] = (), role: str = "") -> int:
    from bcp.cli.print.documents import Order, carry_out

    return carry_out(context.obj, Order.of(asked, kind, tuple(names), role))


@app.command()
@grouped(AskedPages)
def sheet(
    context: typer.Context,
    asked: AskedPages,
    runbooks: RunbooksArgument = None,
    role: Annotated[
        str | None, typer.Option("--role", metavar="ROLE", help="Only that role's steps.")
    ] = None,
) -> int:
    """The sheet of each runbook; the verb may be left out: bcp print internet-outage."""
    kind = "role" if role else "runbook"
    return _print(context, asked, kind, runbooks or (), role or "")


@app.command()
@grouped(Asked)
def wallet(
    context: typer.Context,
    asked: Asked,
    runbooks: RunbooksArgument = None,
) -> int:
    """The wallet card: ten numbers and the first five steps, in the size of a credit card."""
    return _print(context, asked, "wallet", runbooks or ())


@app.command("phone-card")
@grouped(AskedPages)
def phone_card(
    context: typer.Context,
    asked: AskedPages,
) -> int:
    """The phone card: how the calls of each number are sent elsewhere."""
    return _print(context, asked, "phone-card")


@app.command()
@grouped(AskedPages)
def calls(
    context: typer.Context,
    asked: AskedPages,
    notice: Annotated[
        str, typer.Argument(metavar="[NOTICE]", help="What is said; else the usual notice of trouble.")
    ] = "",
    audience: Annotated[
        str, typer.Argument(metavar="[AUDIENCE]", help="Who is called; else the clients.")
    ] = "",
) -> int:
    """The call list for the grab bag: numbers, the agreed sentence in each language, boxes to tick."""
    return _print(context, asked, "calls", (notice, audience))


@app.command()
@grouped(AskedPages)
def door(
    context: typer.Context,
    asked: AskedPages,
) -> int:
    """The sign for visitors at the door."""
    return _print(context, asked, "door")


@app.command()
@grouped(AskedPages)
def pack(
    context: typer.Context,
    asked: AskedPages,
) -> int:
    """Everything for the grab bag in one file, with contents and a list of what lies in it."""
    return _print(context, asked, "pack")


@app.command()
def verify(
    context: typer.Context,
    hash_: Annotated[str, typer.Argument(metavar="HASH", help="The digits at the foot of the page.")],
    as_json: JsonOption = False,
) -> int:
    """Whether a printed page is current; else since when not, and what changed. Exit 8 if it is not."""
    from bcp.cli.print import verify_copy
    from bcp.cli.print.documents import verify as verified

    of_incident = verify_copy.verify(context.obj, hash_, as_json)
    return verified(context.obj, hash_, as_json) if of_incident is None else of_incident


@app.command()
def outdated(context: typer.Context, as_json: JsonOption = False) -> int:
    """The copies that hang somewhere and are not current. Exit 8 if there are any: made for cron."""
    from bcp.cli.print.documents import outdated as listed

    return listed(context.obj, as_json)


@copies.command("list")
def list_(context: typer.Context, as_json: JsonOption = False) -> int:
    """The copies: name, place, hash, given out on."""
    from bcp.cli.terminal.output import say, show, show_json, show_next
    from bcp.page.copies import Copies

    session: Session = context.obj
    hanging = list(Copies(session.folder).hanging())
    if as_json:
        show_json(
            [{"name": c.name, "place": c.place, "hash": c.hash, "given_out": c.given_out} for c in hanging]
        )
        return Exit.OK
    for each in hanging:
        show(f"{each.name}  {each.place}  {each.hash}  {each.given_out}")
    if not hanging:
        say("No copy is noted as hanging anywhere.")
    show_next(("bcp print copies add HASH NAME PLACE", "bcp print outdated"))
    return Exit.OK


@copies.command()
def add(
    context: typer.Context,
    hash_: Annotated[str, typer.Argument(metavar="HASH", help="The digits at the foot of the page.")],
    name: Annotated[str, typer.Argument(help="A name for this copy, such as reception.")],
    place: Annotated[str, typer.Argument(help="Where it hangs, such as: cabinet B, top shelf.")],
) -> int:
    """Note where a copy hangs."""
    from bcp.cli.print.documents import add as added

    return added(context.obj, hash_, name, place)


@copies.command()
def collect(
    context: typer.Context,
    names: Annotated[
        list[str], typer.Argument(metavar="NAME…", help="As `bcp print copies list` prints it.")
    ],
) -> int:
    """Note that copies were taken down."""
    from bcp.app.notice.office import office_of
    from bcp.cli.terminal.output import say, show_next
    from bcp.page.copies import Copies

    session: Session = context.obj
    today = session.clock.now().astimezone(office_of(session).zone).date()
    for name in names:
        Copies(session.folder).collect(name, today.isoformat())
    say("Noted as taken down. Tear the old paper up.", "green")
    show_next(("bcp print outdated",))
    return Exit.OK
