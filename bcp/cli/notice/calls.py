"""`bcp notice calls, called, answer`: what is told by phone, and what clients answer afterwards."""

from typing import Annotated

import typer

from bcp.cli.notice.options import DrillOption
from bcp.cli.options import ByOption, IncidentOption, OfficeContext, grouped
from bcp.cli.print.options import PageOptions
from bcp.cli.terminal.output import say, show_next
from bcp.errors import Exit, InputError


def add_to(app: typer.Typer) -> None:
    """Give the noun these verbs."""
    for verb in (calls, called, answer):
        app.command(verb.__name__)(verb)


@grouped(PageOptions)
def calls(
    context: OfficeContext,
    asked: PageOptions,
    staff: Annotated[str, typer.Option("--staff", metavar="NAMES", help="Who is there: anna,piotr.")] = "",
    incident: IncidentOption = None,
    drill: DrillOption = False,
) -> int:
    """Write the call list for those who are not told, split among the staff who are there; with -o or --to as pages."""
    from bcp.app.book import book_of
    from bcp.app.notice.calls import call_list
    from bcp.cli.notice.show import show_call_list

    session = context.obj
    book = book_of(session, incident, drill=drill)
    found = call_list(session, book.incident, [one for one in staff.split(",") if one.strip()])
    if found.file is None:
        say("Nobody is left to be called.", "green")
    elif asked.output or asked.to:
        from bcp.app.notice.call_pages import call_pages
        from bcp.cli.print.show import put, request_of

        request = request_of(asked, "call-list")
        document, words = call_pages(session, found, request.language)
        put(session, [document], words, request)
    else:
        show_call_list(found.file)
    show_next(("bcp notice called NAME told",))
    return Exit.OK


def called(
    context: OfficeContext,
    contact: Annotated[str, typer.Argument(metavar="CONTACT", help="Who was called.")],
    result: Annotated[str, typer.Argument(metavar="RESULT", help="told, no-answer or wrong-number.")],
    incident: IncidentOption = None,
    drill: DrillOption = False,
    by: ByOption = None,
) -> int:
    """Report what came of a call; it goes into the same ledger."""
    from bcp.app.book import book_of
    from bcp.app.notice.calls import note_call
    from bcp.notice.campaign.calls import RESULTS

    if result not in RESULTS:
        raise InputError(f'"{result}" is no result of a call', "one of: " + ", ".join(RESULTS))
    found = note_call(context.obj, book_of(context.obj, incident, drill=drill), contact, result, by)
    say(f"{found.name}: {found.words}.", "green")
    show_next((f"bcp notice status   ({found.left} not accounted for)",))
    return Exit.OK


def answer(
    context: OfficeContext,
    contact: Annotated[str, typer.Argument(metavar="CONTACT", help="Who answered.")],
    said: Annotated[str, typer.Argument(metavar="ANSWER", help="satisfied, not or comment.")],
    comment: Annotated[str, typer.Argument(metavar="[COMMENT]", help="In the client's words.")] = "",
    incident: IncidentOption = None,
    by: ByOption = None,
) -> int:
    """Keep what a client answered to the follow-up."""
    from bcp.app.book import book_of
    from bcp.app.notice.calls import keep_answer
    from bcp.notice.inbox.satisfaction import WORDS

    if said not in WORDS:
        raise InputError(f'"{said}" is no answer', "one of: " + ", ".join(WORDS))
    book = book_of(context.obj, incident, closed_too=True)
    found = keep_answer(context.obj, book, contact, answer=said, comment=comment, by=by)
    happy = sum(one.satisfied == "yes" for one in found.answers)
    say(f"{found.name}: {said}. {len(found.answers)} answers, {happy} satisfied.", "green")
    show_next((f"bcp notice status --incident {book.incident.id}",))
    return Exit.OK
