"""`bcp claim`: what the provider owes for an outage, and the papers to ask for it. No legal advice."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from bcp.app.session import Session
from bcp.cli.options import IncidentOption, JsonOption, grouped

app = typer.Typer(
    help="What the provider owes us for an outage, and the papers to ask for it. No legal advice.",
    no_args_is_help=True,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says of the case; empty where the incident is to be asked."""

    line: Annotated[
        str | None,
        typer.Option("--line", metavar="LINE", help="The line of bcp.yaml; else the one with a fee."),
    ] = None
    event: Annotated[
        str,
        typer.Option("--event", help="outage, late-switch, late-porting, late-start or missed-appointment"),
    ] = "outage"
    began: Annotated[
        str | None,
        typer.Option("--began", metavar="DAY", help="The first failure; else what the incident knows."),
    ] = None
    reported: Annotated[
        str | None, typer.Option("--reported", metavar="DAY", help="When the provider received the report.")
    ] = None
    restored: Annotated[
        str | None, typer.Option("--restored", metavar="DAY", help="Since when it works again; else today.")
    ] = None
    agreed: Annotated[
        str | None, typer.Option("--agreed", metavar="DAY", help="The day agreed for a switch or a start.")
    ] = None
    bills: Annotated[
        str | None, typer.Option("--bills", metavar="AMOUNT", help="The sum of the last three bills.")
    ] = None
    appointments: Annotated[
        int, typer.Option("--appointments", metavar="COUNT", min=0, max=100, help="Appointments missed.")
    ] = 0
    numbers: Annotated[
        int, typer.Option("--numbers", metavar="COUNT", min=1, max=1000, help="Phone numbers concerned.")
    ] = 1


@app.command()
@grouped(Asked)
def show(
    context: typer.Context,
    asked: Asked,
    incident: IncidentOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show the sixteen parts of the dossier: what is there, and what is missing."""
    from bcp.cli.claim import show

    session: Session = context.obj
    return show.show_parts(session, incident, asked, as_json)


@app.command()
@grouped(Asked)
def calculate(
    context: typer.Context,
    asked: Asked,
    incident: IncidentOption = None,
    as_json: JsonOption = False,
) -> int:
    """Reckon what each rule grants, with the counted days, the formula, the source and how certain it is."""
    from bcp.cli.claim import show

    session: Session = context.obj
    return show.show_amounts(session, incident, asked, as_json)


@app.command()
@grouped(Asked)
def letter(
    context: typer.Context,
    asked: Asked,
    lang: Annotated[
        str | None, typer.Option("--lang", metavar="pl|en|de|cs", help="Else the language of the office.")
    ] = None,
    verified: Annotated[
        bool, typer.Option("--i-verified", help="You read the law yourself, and an uncertain rule holds.")
    ] = False,
    incident: IncidentOption = None,
) -> int:
    """Print the letter of complaint; a rule that nobody verified does not get into it."""
    from bcp.cli.claim import show

    session: Session = context.obj
    return show.show_letter(session, incident, asked, lang, verified)


@app.command()
@grouped(Asked)
def dossier(
    context: typer.Context,
    asked: Asked,
    lang: Annotated[
        str | None, typer.Option("--lang", metavar="pl|en|de|cs", help="Else the language of the office.")
    ] = None,
    verified: Annotated[
        bool, typer.Option("--i-verified", help="You read the law yourself, and an uncertain rule holds.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FOLDER", help="Where to; a zip is made beside it."),
    ] = None,
    incident: IncidentOption = None,
) -> int:
    """Make one folder and a zip: letter, parts, record, annexes with hashes, deadlines for the calendar."""
    from bcp.cli.claim import dossier

    session: Session = context.obj
    return dossier.write_dossier(session, incident, asked, dossier.Papers(lang, verified, output))
