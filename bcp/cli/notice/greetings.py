"""`bcp notice greetings`: how everybody is greeted, to be looked at before the letters are out."""

from typing import Annotated

import typer

from bcp.cli.notice.options import DrillOption
from bcp.cli.options import IncidentOption, JsonOption, OfficeContext
from bcp.cli.terminal.output import say, show, show_json, show_next
from bcp.command_words import as_typed
from bcp.errors import Exit, InputError
from bcp.i18n import _


def add_to(app: typer.Typer) -> None:
    """Give the noun this verb."""
    app.command("greetings")(greetings)


def greetings(
    context: OfficeContext,
    words: Annotated[
        list[str],
        typer.Argument(metavar="[NOTICE] AUDIENCE", help="A notice, in whose languages; and an audience."),
    ],
    incident: IncidentOption = None,
    drill: DrillOption = False,
    as_json: JsonOption = False,
) -> int:
    """List how everybody in an audience is greeted, the unusual greetings first and why each is unusual."""
    from bcp.app.notice.greetings import greetings_of

    if len(words) > 2:
        raise InputError(
            _("give a notice and an audience, or an audience alone"), "bcp notice greetings line-down clients"
        )
    notice, audience = words[0] if len(words) == 2 else None, words[-1]
    found = greetings_of(context.obj, notice, audience, incident=incident, drill=drill)
    if as_json:
        show_json([one.as_data() for one in found])
        return Exit.OK
    for one in found:
        show(one.describe(), "yellow" if one.why else None)
    unusual = sum(bool(one.why) for one in found)
    say(_("{count} greetings, {unusual} of them unusual.").format(count=len(found), unusual=unusual), "bold")
    if unusual:
        say(_("To change one, edit its salutation in the contact list."))
    show_next((as_typed(("bcp", "notice", "preview", notice or "NOTICE", audience)),))
    return Exit.OK
