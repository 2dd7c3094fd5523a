"""`bcp notice export`: letters as a table and a text, for a colleague who sends them from another computer."""

from __future__ import annotations

from typing import Annotated

import typer

from bcp.cli.notice.options import AudienceArgument, DrillOption, NoticeArgument
from bcp.cli.options import ByOption, IncidentOption, OfficeContext
from bcp.cli.terminal.output import show_next
from bcp.errors import Exit, InputError
from bcp.i18n import _


def add_to(app: typer.Typer) -> None:
    """Give the noun this verb."""
    app.command("export")(export)


def export(
    context: OfficeContext,
    notice: NoticeArgument,
    audience: AudienceArgument,
    form: Annotated[
        str, typer.Option("--for", metavar="PROGRAM", help="Who merges it: thunderbird (add-on Mail Merge).")
    ] = "thunderbird",
    next_update: Annotated[
        str | None, typer.Option("--next-update", metavar="TIME", help="When you write next: 16:00.")
    ] = None,
    overrule: Annotated[
        list[str] | None,
        typer.Option("--overrule", metavar="RULE=REASON", help="A rule that does not hold here."),
    ] = None,
    incident: IncidentOption = None,
    drill: DrillOption = False,
    by: ByOption = None,
) -> int:
    """Hand letters to a colleague at home: a table and a text for each language; `send` leaves these letters out."""
    from bcp.app.book import book_of, doer_of
    from bcp.app.notice.export import FORMS, export_notice
    from bcp.app.notice.request import NoticeRequest
    from bcp.cli.notice.by_hand import show_exported

    if form not in FORMS:
        raise InputError(
            f'"{form}" is no program that it is written for', "choose: --for " + ", ".join(FORMS)
        )
    session = context.obj
    book = book_of(session, incident, drill=drill)
    request = NoticeRequest(notice, audience, (), next_update, overrule or ())
    found = export_notice(session, book, doer_of(session, book, by), request)
    show_exported(found)
    # No command here calls all of them delivered: nobody has sent one yet.
    went = _("once that letter went; its code is in the table")
    is_out = bool(found.tables or found.before)
    show_next([*([f"bcp notice called A1=sent   ({went})"] if is_out else []), "bcp notice status"])
    return Exit.OK
