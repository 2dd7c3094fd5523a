"""`bcp check`: the things that are looked at, how they are, and how they were."""

from typing import Annotated

import typer

from bcp.app.session import Session
from bcp.cli.options import JsonOption
from bcp.cli.terminal.output import say, show, show_json, show_next
from bcp.errors import Exit
from bcp.i18n import _

app = typer.Typer(help="The things that are looked at, and how they are.", no_args_is_help=True)

Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="[NAME]...", help="Some checks; without a name all.", show_default=False),
]


@app.command()
def run(
    context: typer.Context,
    names: Names = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Tell all states, not only what changed.")
    ] = False,
    as_json: JsonOption = False,
) -> int:
    """Look at the checks and at the clock once; silent unless something changed or fell due. Made for cron."""
    from bcp.cli.check import duties, run

    session: Session = context.obj
    looked = run.run(session, names or [], verbose, as_json)
    struck = Exit.OK if as_json else duties.strike_and_show(session)
    return looked or struck


@app.command()
def status(context: typer.Context, names: Names = None, as_json: JsonOption = False) -> int:
    """How each check was when it was last looked at. Nothing is looked at now."""
    from bcp.cli.check import history

    session: Session = context.obj
    return history.status(session, names or [], as_json)


@app.command()
def history(context: typer.Context, names: Names = None, as_json: JsonOption = False) -> int:
    """Uptime, outages and latency of a day, 30 and 90 days; time in which nobody looked apart."""
    from bcp.cli.check import history

    session: Session = context.obj
    return history.history(session, names or [], as_json)


@app.command()
def diagnose(context: typer.Context, as_json: JsonOption = False) -> int:
    """Look at every layer from this computer to our website, and say in one word what is wrong."""
    from bcp.app.check import probing
    from bcp.check.diagnose import diagnose_now, picture
    from bcp.cli.check import run

    session: Session = context.obj
    office, checks = probing.office_and_checks(session)
    say(_("Looking at everything at once; this takes up to twenty seconds …"))
    found = diagnose_now(checks, probing.shared_for(session), probing.references_of(office))
    if as_json:
        layers = [{"state": state, "name": name, "seen": seen} for state, name, seen in picture(found)]
        show_json(
            {"verdict": found.verdict, "layers": layers, "runbook": found.runbook, "second": found.second}
        )
    else:
        run.show_diagnosis(found)
        show_next([run.how_to_go_on(session, found.runbook)] if found.runbook else [])
    return Exit.OK if found.verdict == "ok" else Exit.CHECK_DOWN


@app.command()
def metrics(context: typer.Context) -> int:
    """Print the checks as OpenMetrics text, for Prometheus."""
    from bcp.cli.check import history

    session: Session = context.obj
    return history.metrics(session)


@app.command("list")
def list_(context: typer.Context, as_json: JsonOption = False) -> int:
    """The checks of this office, and how each looks."""
    from bcp.app.check import probing
    from bcp.times import say_duration

    session: Session = context.obj
    _office, checks = probing.office_and_checks(session)
    if as_json:
        show_json(
            [{"check": name, "title": each.title, "runbook": each.runbook} for name, each in checks.items()]
        )
        return Exit.OK
    for each in checks.values():
        show(f"{each.check}  {each.title}", "bold")
        for probe in each.probes:
            show(f"    {probe.words()}")
        show("    " + _("every {time}").format(time=say_duration(each.every)))
    if not checks:
        say(_("This office has no checks yet."))
    show_next(("bcp check run --verbose", "bcp check status"))
    return Exit.OK


@app.command()
def schema() -> int:
    """Print the JSON Schema of a check, for editors."""
    from bcp.check.model import Check
    from bcp.yaml.source import schema as schema_of

    show_json(schema_of(Check, "check.json"))
    return Exit.OK
