"""`incident hand-over` and `take-over`: an incident moves to another computer, and only one writes it at a time."""

from pathlib import Path
from typing import Annotated

import typer

from bcp.app.incident.agreement import ForeignDeeds
from bcp.cli.options import ByOption, IncidentOption, OfficeContext
from bcp.cli.terminal.keyboard import agrees
from bcp.cli.terminal.output import is_attended, say, show_next
from bcp.command_words import as_typed
from bcp.errors import Exit, InputError, PersonNeeded
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
    show_next((f"bcp incident take-over {as_typed((file.name,))}   (on the other computer)",))
    return Exit.OK


def take_over(
    context: OfficeContext,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The zip, or the folder of an export.")],
    lost: Annotated[
        bool, typer.Option("--lost", help="The other computer is lost; what waited there becomes unknown.")
    ] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why it is lost; it stays in the record.")] = "",
    accept: Annotated[
        str | None,
        typer.Option(
            "--accept", metavar="SUM", help="You have read what it would do here: the sum below that list."
        ),
    ] = None,
    by: ByOption = None,
) -> int:
    """Go on here with an incident that was handed over, or whose computer was lost."""
    from bcp.app.incident.takeover import TakeOverRequest
    from bcp.app.incident.takeover import take_over as take

    request = TakeOverRequest(file, by, lost, reason, accept)
    taken = take(context.obj, request, AgreementAtTerminal(file))
    words = _("{id} goes on here, with {count} events.")
    say(words.format(id=taken.incident.id, count=taken.incident.head.seq), "green")
    say(_signature(taken.is_signed), "yellow")
    for note in taken.notes:
        say(note, "bold magenta")
    if taken.unknown:
        words = _("{count} letters waited on the lost computer: nobody knows whether they were sent.")
        say(words.format(count=taken.unknown), "bold red")
    say(taken.proof)
    show_next((f"bcp incident status --incident {taken.incident.id}",))
    return Exit.OK


class AgreementAtTerminal:
    """Whoever sits at this terminal."""

    def __init__(self, file: Path) -> None:
        """`file` is what is to be taken over."""
        self._file = file

    def agree(self, deeds: ForeignDeeds) -> None:
        """Show what would be done, and ask; Enter is no yes."""
        say(_("This incident would do what your own plans do not do:"), "bold yellow")
        for line in deeds.lines:
            say(f"  {line}")
        say(_signature(deeds.is_signed), "yellow")
        say(_("Ask the person who gave you the file whether all of this is meant."), "yellow")
        if not is_attended():
            command = as_typed(("bcp", "incident", "take-over", str(self._file), "--accept", deeds.sum))
            raise PersonNeeded(
                _("a person must agree to what is listed, so nothing was taken over"),
                _("read the list, then: {command}").format(command=command),
            )
        question = _("Take it over, with all that is listed? Type yes, or Enter to leave it:")
        if not agrees(question, on_enter=False):
            raise InputError(
                _("nothing was taken over"), _("ask for a new file: bcp incident hand-over FILE")
            )


def _signature(is_signed: bool) -> str:
    """What the file says of who made it, which is no proof of anything here."""
    if is_signed:
        return _("A signature lies in the file. It was not checked here: ssh-keygen -Y verify does that.")
    return _("Nobody has signed the file: whoever had it in hand could change it.")
