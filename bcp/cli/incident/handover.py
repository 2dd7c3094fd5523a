"""`incident hand-over` and `take-over`: an incident moves to another computer, and only one writes it at a time."""

from pathlib import Path
from typing import Annotated

import typer

from bcp.app.session import Session
from bcp.cli.options import ByOption, IncidentOption


def add_to(app: typer.Typer) -> None:
    """Give a noun these verbs."""
    app.command("hand-over")(hand_over)
    app.command("take-over")(take_over)


def hand_over(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The zip to make; it holds clients' addresses.")
    ],
    incident: IncidentOption = None,
    by: ByOption = None,
) -> int:
    """Give the incident to another computer: from then on it can only be read here."""
    from bcp.cli.incident import handover_file

    session: Session = context.obj
    return handover_file.hand_over(session, file, incident, by)


def take_over(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The zip, or the folder of an export.")],
    lost: Annotated[
        bool, typer.Option("--lost", help="The other computer is lost; what waited there becomes unknown.")
    ] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why it is lost; it stays in the record.")] = "",
    by: ByOption = None,
) -> int:
    """Go on here with an incident that was handed over, or whose computer was lost."""
    from bcp.cli.incident import handover_file

    session: Session = context.obj
    return handover_file.take_over(session, file, by, lost=lost, reason=reason)
