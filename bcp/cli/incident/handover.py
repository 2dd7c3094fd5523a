"""`incident hand-over` and `take-over`: an incident moves to another computer, and only one writes it at a time."""

from pathlib import Path
from typing import Annotated

import typer

from bcp.cli.options import ByOption, IncidentOption, OfficeContext
from bcp.cli.terminal.output import say, show_next
from bcp.errors import Exit
from bcp.i18n import _


def add_to(app: typer.Typer) -> None:
    """Give a noun these verbs."""
    app.command("hand-over")(hand_over)
    app.command("take-over")(take_over)


def hand_over(
    context: OfficeContext,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The zip to make; it holds clients' addresses.")
    ],
    incident: IncidentOption = None,
    by: ByOption = None,
) -> int:
    """Give the incident to another computer: from then on it can only be read here."""
    from bcp.app.incident.handover import hand_over as give

    given = give(context.obj, file, incident, by)
    words = _("{id} is handed over in {file}; here it can only be read now.")
    say(words.format(id=given.incident, file=file), "green")
    for still_on in given.still_on:
        say(still_on, "bold yellow")
    say(_("The file holds clients' addresses: keep it as you keep those."), "yellow")
    show_next((f"bcp incident take-over {file.name}   (on the other computer)",))
    return Exit.OK


def take_over(
    context: OfficeContext,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The zip, or the folder of an export.")],
    lost: Annotated[
        bool, typer.Option("--lost", help="The other computer is lost; what waited there becomes unknown.")
    ] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why it is lost; it stays in the record.")] = "",
    by: ByOption = None,
) -> int:
    """Go on here with an incident that was handed over, or whose computer was lost."""
    from bcp.app.incident.takeover import TakeOverRequest
    from bcp.app.incident.takeover import take_over as take

    taken = take(context.obj, TakeOverRequest(file, by, lost, reason))
    words = _("{id} goes on here, with {count} events.")
    say(words.format(id=taken.incident.id, count=taken.incident.head.seq), "green")
    for note in taken.notes:
        say(note, "bold magenta")
    if taken.unknown:
        words = _("{count} letters waited on the lost computer: nobody knows whether they were sent.")
        say(words.format(count=taken.unknown), "bold red")
    show_next((f"bcp incident status --incident {taken.incident.id}",))
    return Exit.OK
