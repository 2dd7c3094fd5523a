"""`bcp claim`: what the provider owes for an outage, and the papers to ask for it. No legal advice."""

from pathlib import Path
from typing import Annotated

import typer

from bcp.cli.claim.options import ClaimOptions, LangOption, VerifiedOption
from bcp.cli.options import IncidentOption, JsonOption, OfficeContext, grouped
from bcp.errors import Exit

app = typer.Typer(
    help="What the provider owes us for an outage, and the papers to ask for it. No legal advice.",
    no_args_is_help=True,
)


@app.command()
@grouped(ClaimOptions)
def show(
    context: OfficeContext,
    asked: ClaimOptions,
    incident: IncidentOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show the sixteen parts of the dossier: what is there, and what is missing."""
    from bcp.app.claim.gather import gather
    from bcp.cli.claim.show import show_parts

    show_parts(gather(context.obj, incident, asked), as_json)
    return Exit.OK


@app.command()
@grouped(ClaimOptions)
def calculate(
    context: OfficeContext,
    asked: ClaimOptions,
    incident: IncidentOption = None,
    as_json: JsonOption = False,
) -> int:
    """Reckon what each rule grants, with the counted days, the formula, the source and how certain it is."""
    from bcp.app.claim.gather import gather
    from bcp.cli.claim.show import show_amounts

    show_amounts(gather(context.obj, incident, asked), as_json)
    return Exit.OK


@app.command()
@grouped(ClaimOptions)
def letter(
    context: OfficeContext,
    asked: ClaimOptions,
    lang: LangOption = None,
    verified: VerifiedOption = False,
    incident: IncidentOption = None,
) -> int:
    """Print the letter of complaint; a rule that nobody verified does not get into it."""
    from bcp.app.claim.gather import gather
    from bcp.app.claim.letter import letter_of
    from bcp.cli.claim.show import show_letter

    show_letter(letter_of(gather(context.obj, incident, asked), lang, verified).text())
    return Exit.OK


@app.command()
@grouped(ClaimOptions)
def dossier(
    context: OfficeContext,
    asked: ClaimOptions,
    lang: LangOption = None,
    verified: VerifiedOption = False,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FOLDER", help="Where to; a zip is made beside it."),
    ] = None,
    incident: IncidentOption = None,
) -> int:
    """Make one folder and a zip: letter, parts, record, annexes with hashes, deadlines for the calendar."""
    from bcp.app.claim.dossier import DossierRequest, write_dossier
    from bcp.cli.claim.show import show_dossier

    request = DossierRequest(lang, verified, output)
    show_dossier(write_dossier(context.obj, incident, asked, request))
    return Exit.OK
