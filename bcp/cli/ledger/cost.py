"""`bcp cost`: what an incident cost us, with its receipts."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bcp.cli.options import AtOption, ByOption, IncidentOption, JsonOption, OfficeContext
from bcp.cli.terminal.output import say, show, show_json, show_next
from bcp.errors import Exit
from bcp.i18n import _
from bcp.incident.state import Incident
from bcp.times import local_clock

app = typer.Typer(help="What an incident cost us, each amount with its receipt.", no_args_is_help=True)


@app.command()
def add(
    context: OfficeContext,
    amount: Annotated[str, typer.Argument(help='The amount: "120 PLN"; with --hours: what an hour costs.')],
    what: Annotated[str, typer.Argument(metavar="WHAT", help="What for. Names stay in the record.")],
    kind: Annotated[str, typer.Option("--kind", help="mitigation, hours or loss")] = "mitigation",
    hours: Annotated[str, typer.Option("--hours", metavar="HOURS", help="So many hours of work.")] = "",
    role: Annotated[str, typer.Option("--role", help="The role that worked.")] = "",
    receipt: Annotated[
        Path | None, typer.Option("--receipt", metavar="FILE", help="Its receipt; a copy of it is kept.")
    ] = None,
    instead_of: Annotated[
        str, typer.Option("--instead-of", metavar="ID", help="Correct a cost that was written down before.")
    ] = "",
    at: AtOption = None,
    incident: IncidentOption = None,
    by: ByOption = None,
) -> int:
    """Write down a cost, hours of work, or a loss."""
    from bcp.app.ledger import cost as deeds

    wanted = deeds.CostRequest(amount, what, kind, hours, role, receipt, instead_of, at)
    found = deeds.add(context.obj, incident, wanted, by)
    say(_("Written down as {id}: {amount}").format(id=found.cost.id, amount=found.cost.amount), "green")
    if found.receipt is not None:
        say(_("The receipt was copied to {file}").format(file=found.receipt))
    show_next(("bcp cost list",))
    return Exit.OK


@app.command("list")
def list_(context: OfficeContext, incident: IncidentOption = None, as_json: JsonOption = False) -> int:
    """List what it cost, with its sums; losses are kept apart."""
    from bcp.app.book import book_of
    from bcp.app.ledger.cost import sums

    found = book_of(context.obj, incident, closed_too=True).incident
    if as_json:
        show_json({"costs": list(found.costs.values()), "sums": sums(found)})
        return Exit.OK
    for line in _lines(found, sums(found), context.obj.clock.now()):
        show(line)
    if not found.costs:
        say(_("Nothing was spent yet."))
    show_next(('bcp cost add "120 PLN" "WHAT FOR" --receipt FILE',))
    return Exit.OK


def _lines(incident: Incident, sums: Mapping[str, Mapping[str, str]], now: datetime) -> list[str]:
    """A line for each cost, then the sums."""
    words = {"mitigation": _("Spent"), "hours": _("Hours"), "loss": _("Losses, kept apart")}
    told = []
    for each in incident.costs.values():
        parts = [f"{each.id}  {each.amount}  {each.what}", local_clock(each.at, incident.zone, now)]
        parts.append(words[each.kind].lower() if each.kind != "mitigation" else "")
        parts.append(_("{hours} h at {rate}").format(hours=each.hours, rate=each.rate) if each.hours else "")
        parts.append(each.receipt.file if each.receipt else "")
        parts.append(_("replaced by {id}").format(id=each.replaced_by) if each.replaced_by else "")
        told.append(" · ".join(filter(None, parts)))
    for kind, by_currency in sums.items():
        told += [f"{words[kind]}: {amount} {currency}" for currency, amount in by_currency.items()]
    return told
