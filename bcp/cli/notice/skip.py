"""`bcp notice skip`: one letter that waits is set aside, so that its contact is told in another way."""

from typing import Annotated

import typer

from bcp.cli.notice.options import DrillOption
from bcp.cli.options import ByOption, IncidentOption, OfficeContext
from bcp.cli.terminal.output import say, show_next
from bcp.errors import Exit
from bcp.i18n import _, ngettext


def add_to(app: typer.Typer) -> None:
    """Give the noun this verb."""
    app.command("skip")(skip)


def skip(
    context: OfficeContext,
    contact: Annotated[str, typer.Argument(metavar="CONTACT", help="Whose letter.")],
    undo: Annotated[bool, typer.Option("--undo", help="Let the letter wait again.")] = False,
    incident: IncidentOption = None,
    drill: DrillOption = False,
    by: ByOption = None,
) -> int:
    """Set a letter that waits aside: the contact is told by the next way, else he is on the call list."""
    from bcp.app.book import book_of, doer_of
    from bcp.app.notice.skip import skip_letter, take_up_letter

    session = context.obj
    book = book_of(session, incident, drill=drill)
    do = take_up_letter if undo else skip_letter
    found = do(session, book, doer_of(session, book, by), contact)
    if undo:
        words = ngettext(
            "{name}: {count} letter waits again.", "{name}: {count} letters wait again.", found.letters
        )
    else:
        words = ngettext(
            "{name}: {count} letter is set aside.", "{name}: {count} letters are set aside.", found.letters
        )
    say(words.format(name=found.name, count=found.letters), "green")
    if found.next_way:
        say(_("The next way is {way}: it goes out with the next sending.").format(way=found.next_way))
    elif not undo:
        say(_("There is no other way to write to {name}: call, or visit.").format(name=found.name))
    leads_on = (found.send,) if undo or found.next_way else ("bcp notice calls",)
    show_next((*leads_on, "bcp notice status"))
    return Exit.OK
