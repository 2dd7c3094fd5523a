"""`bcp inbox`: what clients answered, and who looks after which answer."""

from typing import Annotated, Literal

import typer

from bcp.cli.options import ByOption, JsonOption, OfficeContext
from bcp.cli.terminal.output import say, show_next
from bcp.errors import Exit

app = typer.Typer(help="What clients answered, and who looks after it.", no_args_is_help=True)

WhichArgument = Annotated[
    str, typer.Argument(metavar="REPLY", help="Its number in the list, or the name of who wrote.")
]


@app.command()
def fetch(context: OfficeContext) -> int:
    """Read the mailbox and ask the gateways: bounces go to the ledger, replies to the board."""
    from bcp.app.inbox import fetch_replies
    from bcp.app.notice.reports import ask_reports
    from bcp.cli.inbox.fetched import show_fetched
    from bcp.cli.notice.reports import show_round

    reports, has_mailbox = ask_reports(context.obj)
    show_round(reports)
    if reports.asked and not has_mailbox:
        show_next(("bcp notice status",))
        return Exit.OK
    show_fetched(fetch_replies(context.obj))
    return Exit.OK


@app.command("list")
def list_(
    context: OfficeContext,
    every: Annotated[bool, typer.Option("--all", help="Also those that are answered.")] = False,
    others: Annotated[
        bool, typer.Option("--others", help="What was sorted away: bounces, automatic answers, other mail.")
    ] = False,
    as_json: JsonOption = False,
) -> int:
    """Show the board: who wrote, about which notice, who looks after it."""
    from bcp.app.inbox import replies, sorted_away
    from bcp.cli.inbox.show import show_others, show_others_json, show_replies, show_replies_json

    if others:
        away = sorted_away(context.obj)
        show_others_json(away) if as_json else show_others(away)
        return Exit.OK
    found = replies(context.obj, every)
    show_replies_json(found) if as_json else show_replies(found, every)
    return Exit.OK


@app.command()
def take(context: OfficeContext, which: WhichArgument, by: ByOption = None) -> int:
    """Look after a reply yourself, so that nobody else answers it."""
    return _move(context, which, "taken", by)


@app.command()
def answered(context: OfficeContext, which: WhichArgument, by: ByOption = None) -> int:
    """Say that a reply is answered."""
    return _move(context, which, "answered", by)


@app.command("opt-out")
def opt_out_(context: OfficeContext, which: WhichArgument, by: ByOption = None) -> int:
    """Send no more letters to whoever wrote a reply, and tell them so."""
    from bcp.app.inbox import opt_out
    from bcp.cli.inbox.fetched import show_opt_out

    show_opt_out(opt_out(context.obj, which, by))
    show_next(("bcp inbox list",))
    return Exit.OK


@app.command("opt-in")
def opt_in_(context: OfficeContext, which: WhichArgument, by: ByOption = None) -> int:
    """Write again to whoever opted out by mail and wrote this reply since."""
    from bcp.app.inbox import opt_in
    from bcp.i18n import _

    say(_("Letters go to {address} again.").format(address=opt_in(context.obj, which, by)), "green")
    show_next(("bcp inbox list",))
    return Exit.OK


@app.command("hand-to")
def hand_to(
    context: OfficeContext,
    which: WhichArgument,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Who looks after it from now on.")],
    by: ByOption = None,
) -> int:
    """Hand a reply to somebody else."""
    return _move(context, which, "taken", by, person)


def _move(
    context: OfficeContext,
    which: str,
    status: Literal["taken", "answered"],
    by: str | None,
    to: str | None = None,
) -> int:
    from bcp.app.inbox import move_reply

    moved = move_reply(context.obj, which, status, by, to)
    say(f"{moved.contact}: {moved.status}, {moved.owner}", "green")
    show_next(("bcp inbox list",))
    return Exit.OK
