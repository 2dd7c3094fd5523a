"""`bcp print`: sheets, cards, the sign and the pack; whether paper is still true, and where each copy hangs."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from bcp.cli.lazy import Verbs
from bcp.cli.options import JsonOption, OfficeContext, grouped
from bcp.cli.print.options import PageOptions, PrintOptions
from bcp.cli.terminal.output import picked, say, show_json, show_next
from bcp.cli.terminal.output import show as print_line
from bcp.errors import Exit
from bcp.i18n import _

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
copies_app = typer.Typer(help="Where each printed copy hangs.", no_args_is_help=True)
app.add_typer(copies_app, name="copies")


def _print(
    context: OfficeContext, asked: PrintOptions, kind: str, names: Sequence[str] = (), role: str = ""
) -> int:
    from bcp.app.print.documents import print_documents
    from bcp.cli.print.show import lines_below, request_of, show_printed

    request = request_of(asked, kind, names, role)
    printed = print_documents(context.obj, request, lines_below)
    return show_printed(context.obj, printed, request)


@app.command()
@grouped(PageOptions)
def sheet(
    context: OfficeContext,
    asked: PageOptions,
    runbooks: RunbooksArgument = None,
    role: Annotated[
        str | None, typer.Option("--role", metavar="ROLE", help="Only that role's steps.")
    ] = None,
) -> int:
    """The sheet of each runbook; the verb may be left out: bcp print internet-outage."""
    kind = "role" if role else "runbook"
    return _print(context, asked, kind, runbooks or (), role or "")


@app.command()
@grouped(PrintOptions)
def wallet(context: OfficeContext, asked: PrintOptions, runbooks: RunbooksArgument = None) -> int:
    """The wallet card: ten numbers and the first five steps, in the size of a credit card."""
    return _print(context, asked, "wallet", runbooks or ())


@grouped(PageOptions)
def page(context: OfficeContext, asked: PageOptions) -> int:
    """Print a page of which nothing but its kind is said: the name under which this was called."""
    return _print(context, asked, str(context.info_name))


app.command("phone-card", help="The phone card: how the calls of each number are sent elsewhere.")(page)


@app.command()
@grouped(PageOptions)
def calls(
    context: OfficeContext,
    asked: PageOptions,
    notice: Annotated[
        str, typer.Argument(metavar="[NOTICE]", help="What is said; else the usual notice of trouble.")
    ] = "",
    audience: Annotated[
        str, typer.Argument(metavar="[AUDIENCE]", help="Who is called; else the clients.")
    ] = "",
) -> int:
    """The call list for the grab bag: numbers, the agreed sentence in each language, boxes to tick."""
    return _print(context, asked, "calls", (notice, audience))


app.command("door", help="The sign for visitors at the door.")(page)
app.command(
    "pack", help="Everything for the grab bag in one file, with contents and a list of what lies in it."
)(page)


@app.command()
def verify(
    context: OfficeContext,
    hash_: Annotated[str, typer.Argument(metavar="HASH", help="The digits at the foot of the page.")],
    as_json: JsonOption = False,
) -> int:
    """Whether a printed page is current; else since when not, and what changed. Exit 8 if it is not."""
    from bcp.app.print import copies, verify_copy
    from bcp.cli.print import incident_copy, show

    copy = verify_copy.find_copy(context.obj, hash_)
    age, zone = (copy.age, copy.incident.zone) if copy else copies.verify(context.obj, hash_)
    if as_json:
        show_json(show.age_as_data(age))
    elif copy:
        incident_copy.show_incident_copy(copy)
    else:
        show.show_age(age, zone)
    return Exit.OK if age.state == "current" else Exit.DUE


@app.command()
def outdated(context: OfficeContext, as_json: JsonOption = False) -> int:
    """The copies that hang somewhere and are not current. Exit 8 if there are any: made for cron."""
    from bcp.app.print import copies
    from bcp.cli.print import show

    found = copies.outdated(context.obj)
    if as_json:
        show_json([{**picked(each.copy, "name", "place"), **show.age_as_data(each.age)} for each in found])
    else:
        show.show_outdated(found)
    return Exit.DUE if found else Exit.OK


@copies_app.command("list")
def list_(context: OfficeContext, as_json: JsonOption = False) -> int:
    """The copies: name, place, hash, given out on."""
    from bcp.app.print import copies

    hanging = copies.hanging(context.obj)
    if as_json:
        show_json([picked(each, "name", "place", "hash", "given_out") for each in hanging])
        return Exit.OK
    for each in hanging:
        print_line(f"{each.name}  {each.place}  {each.hash}  {each.given_out}")
    if not hanging:
        say("No copy is noted as hanging anywhere.")
    show_next(("bcp print copies add HASH NAME PLACE", "bcp print outdated"))
    return Exit.OK


@copies_app.command()
def add(
    context: OfficeContext,
    hash_: Annotated[str, typer.Argument(metavar="HASH", help="The digits at the foot of the page.")],
    name: Annotated[str, typer.Argument(help="A name for this copy, such as reception.")],
    place: Annotated[str, typer.Argument(help="Where it hangs, such as: cabinet B, top shelf.")],
) -> int:
    """Note where a copy hangs."""
    from bcp.app.print import copies

    age = copies.add(context.obj, hash_, name, place)
    say(f"{name}: {age.about} {age.hash}, {place}", "green")
    if age.state != "current":
        say(_("This page is not current: print a new one."), "yellow")
    show_next(("bcp print copies list", "bcp print outdated"))
    return Exit.OK


@copies_app.command()
def collect(
    context: OfficeContext,
    names: Annotated[
        list[str], typer.Argument(metavar="NAME…", help="As `bcp print copies list` prints it.")
    ],
) -> int:
    """Note that copies were taken down."""
    from bcp.app.print import copies

    copies.collect(context.obj, names)
    say("Noted as taken down. Tear the old paper up.", "green")
    show_next(("bcp print outdated",))
    return Exit.OK
