"""`bcp followup`: what is to be mended after an incident, who does it, and by when."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from bcp.app.ledger.followup import FollowUpOf
from bcp.cli.options import ByOption, IncidentOption, JsonOption, OfficeContext
from bcp.cli.terminal.output import say, show, show_json, show_next
from bcp.errors import Exit
from bcp.i18n import _

app = typer.Typer(help="What is to be mended after an incident, who does it, by when.", no_args_is_help=True)


@app.command()
def add(
    context: OfficeContext,
    what: Annotated[str, typer.Argument(metavar="WHAT", help="What is to be done.")],
    owner: Annotated[str, typer.Option("--owner", metavar="PERSON", help="Who does it.")],
    due: Annotated[str, typer.Option("--due", metavar="DAY", help='By which day: "in 2 weeks", "15.12."')],
    incident: IncidentOption = None,
    by: ByOption = None,
) -> int:
    """Write down what is to be done, who does it, and by when."""
    from bcp.app.ledger import followup as deeds
    from bcp.cli.terminal.time_input import agrees_on

    name = deeds.add(context.obj, incident, what, owner=owner, due=due, by=by, agree=agrees_on)
    say(_("Written down as {id}.").format(id=name), "green")
    show_next(("bcp followup list",))
    return Exit.OK


@app.command()
def done(
    context: OfficeContext,
    name: Annotated[str, typer.Argument(metavar="ID", help="The follow-up, as the list shows it: f1")],
    note: Annotated[str, typer.Option("--note", help="What was done.")] = "",
    incident: IncidentOption = None,
    by: ByOption = None,
) -> int:
    """Say that it is done."""
    from bcp.app.ledger import followup as deeds

    deeds.done(context.obj, incident, name, by, note)
    say(_("Written down."), "green")
    show_next(("bcp followup list",))
    return Exit.OK


@app.command("list")
def list_(context: OfficeContext, incident: IncidentOption = None, as_json: JsonOption = False) -> int:
    """List what is open, over all incidents; the status is 8 while something is overdue."""
    from bcp.app.ledger.followup import follow_ups

    found = follow_ups(context.obj, incident)
    status = Exit.DUE if any(each.is_overdue for each in found) else Exit.OK
    if as_json:
        show_json([_as_data(each) for each in found])
        return status
    for each in found:
        show(_line(each), "bold red" if each.is_overdue else None)
    if not found:
        say(_("There is nothing to be mended."))
    show_next(("bcp followup done ID --incident INCIDENT",) if found else ("bcp incident list",))
    return status


def _line(found: FollowUpOf) -> str:
    """`f1  buy a second SIM · Anna Nowak, by 2026-12-15 · OVERDUE  (2026-11-26-internet-outage)`."""
    each = found.follow_up
    words = _("{who}, by {day}").format(who=found.incident.name_of(each.owner), day=each.due.isoformat())
    state = _("done") if each.done_at else _("OVERDUE") if found.is_overdue else ""
    told = " · ".join(filter(None, [f"{each.id}  {each.what}", words, state, each.note]))
    return f"{told}  ({found.incident.id})"


def _as_data(found: FollowUpOf) -> Mapping[str, Any]:
    """A follow-up as `followup list --json` prints it."""
    each = found.follow_up
    return {
        "incident": found.incident.id,
        "followup": each.id,
        "what": each.what,
        "owner": each.owner,
        "due": each.due.isoformat(),
        "state": "done" if each.done_at else "overdue" if found.is_overdue else "open",
        "note": each.note,
    }
