"""`bcp place`: where the public reads of us, whether we could write there, and what it would look like."""

from typing import Annotated

import typer

from bcp.cli.options import ByOption, IncidentOption, JsonOption, OfficeContext
from bcp.cli.place import mirror
from bcp.cli.terminal.output import say, show_next
from bcp.errors import Exit

app = typer.Typer(
    help="The places on the web where the public reads of us, and how we write there.", no_args_is_help=True
)
app.add_typer(mirror.app, name="mirror")

PlaceArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="A place of bcp.yaml.", show_default=False)
]


@app.command("list")
def list_(context: OfficeContext, as_json: JsonOption = False) -> int:
    """Print them as bcp.yaml has them."""
    from bcp.cli.terminal.listing import tell_list

    return tell_list(context.obj, "places", as_json)


@app.command()
def status(context: OfficeContext, as_json: JsonOption = False) -> int:
    """Say what an incident put where and did not take back, and when each place was last tried."""
    from bcp.app.place.status import place_status
    from bcp.app.stood import stood
    from bcp.cli.place.show import show_status, show_status_json
    from bcp.cli.terminal.seen import show_levers

    found = place_status(context.obj)
    if not as_json:
        show_levers(stood(context.obj), "place", found.zone, context.obj.clock.now())
    show_status_json(found) if as_json else show_status(found)
    return Exit.OK


@app.command()
def test(context: OfficeContext, name: PlaceArgument, by: ByOption = None) -> int:
    """Try whether we could write there today, and write the date down. Made for once a month."""
    from bcp.app.place.trial import try_place
    from bcp.cli.terminal.listing import show_trial

    trial = try_place(context.obj, name, by)
    if trial.hint:
        say(f"  {trial.hint}")
    show_trial(trial.place, trial.state, trial.reason)
    show_next(("bcp place status",))
    return Exit.OK if trial.would_work else Exit.CHECK_DOWN


@app.command()
def preview(
    context: OfficeContext,
    name: PlaceArgument,
    notice: Annotated[str, typer.Argument(metavar="NOTICE", help="A notice.", show_default=False)],
    number: Annotated[
        str | None,
        typer.Option("--number", metavar="PHONE", help="The number to call, for the contact section."),
    ] = None,
    incident: IncidentOption = None,
    by: ByOption = None,
) -> int:
    """Show what the place would say with a notice: the difference in lines, and a page for the browser."""
    from bcp.app.place.preview import preview_place
    from bcp.cli.place.show import show_preview

    found = preview_place(context.obj, name, notice, number=number, incident=incident, by=by)
    show_preview(name, found)
    return Exit.OK
