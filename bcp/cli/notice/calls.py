"""`bcp notice calls, called, answer`: what is told by phone, and what clients answer afterwards."""

from typing import Annotated

import typer

from bcp.cli.notice.options import DrillOption
from bcp.cli.options import ByOption, IncidentOption, OfficeContext, grouped
from bcp.cli.print.options import PageOptions
from bcp.cli.terminal.output import say, show_next
from bcp.errors import Exit, InputError
from bcp.i18n import _


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
    """Write the call list for those who are not told, and the page for a phone; with -o or --to as pages to print."""
    from bcp.app.book import book_of
    from bcp.app.notice.calls import call_list
    from bcp.cli.notice.by_hand import show_page
    from bcp.cli.notice.show import show_call_list

    session = context.obj
    book = book_of(session, incident, drill=drill)
    callers = [one for one in staff.split(",") if one.strip()]
    found = call_list(session, book.incident, callers)
    if found.file is None and not found.without_number:
        say("Nobody is left to be called.", "green")
    elif found.file is None:
        say(_("Nobody who is not told yet has a phone number."), "yellow")
    elif asked.output or asked.to:
        from bcp.app.notice.call_pages import call_pages
        from bcp.cli.print.show import put, request_of

        request = request_of(asked, "call-list")
        document, words = call_pages(session, found, request.language)
        put(session, [document], words, request)
    else:
        show_call_list(found.file)
    if found.without_number:
        silent = _("Not told, and no phone number is known: {names}")
        say(silent.format(names=", ".join(found.without_number)), "yellow")
    if found.page is not None:
        show_page(found.page)
    show_next(("bcp notice called A1=told", "bcp notice called NAME told") if found.page else ())
    return Exit.OK


def called(
    context: OfficeContext,
    reports: Annotated[
        list[str],
        typer.Argument(
            metavar="CONTACT RESULT|CODE=RESULT…",
            help="Who was called and what came of it: told, sent, no-answer or wrong-number. Or the codes of the "
            "list: A3=told B1=no-answer; a code alone means told.",
        ),
    ],
    incident: IncidentOption = None,
    drill: DrillOption = False,
    by: ByOption = None,
) -> int:
    """Report what came of calls, and of messages that you sent by hand; it goes into the same ledger."""
    from bcp.app.book import book_of
    from bcp.app.notice.calls import note_calls

    found = note_calls(context.obj, book_of(context.obj, incident, drill=drill), reports, by)
    for one in found.reports:
        if one.stands:
            say(
                _("{name}: stays as it was written down before ({words}).").format(
                    name=one.name, words=one.stands
                )
            )
        else:
            say(f"{one.name}: {one.words}.", "green")
        if one.taken_back:
            say(_("The letter that waited is not sent any more."))
        if one.out:
            say(_("A letter may have arrived as well: it was on its way before."))
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
