"""`bcp notice places, pasted, taken-down`: texts that a person puts somewhere by hand, and takes down again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from bcp.cli.notice.options import DrillOption
from bcp.cli.options import ByOption, IncidentOption, JsonOption, OfficeContext
from bcp.errors import Exit

PlaceArgument = Annotated[
    str, typer.Argument(metavar="PLACE", help="voicemail, facebook, … as in the list, or any other.")
]


def add_to(app: typer.Typer) -> None:
    """Give the noun these verbs."""
    for verb in (places, pasted, taken_down):
        app.command(verb.__name__.replace("_", "-"))(verb)


def places(
    context: OfficeContext,
    notice: Annotated[
        str | None, typer.Argument(metavar="[NOTICE]", help="Whose text; without it the last that was sent.")
    ] = None,
    place: Annotated[
        str | None, typer.Argument(metavar="[PLACE]", help="The text for this place; all: for each.")
    ] = None,
    lang: Annotated[
        list[str] | None, typer.Option("--lang", metavar="LANGUAGE", help="In which languages: pl, de, …")
    ] = None,
    incident: IncidentOption = None,
    drill: DrillOption = False,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> int:
    """List where a text is put by hand: voicemail, website, Google, door, …; or show the text for one place."""
    from bcp.app.notice.spots import SpotRequest, notice_spots
    from bcp.cli.notice.show_spots import show_spots, show_spots_json

    request = SpotRequest(notice, place, lang or (), every=as_json)
    found = notice_spots(context.obj, request, incident=incident, drill=drill, by=by)
    show_spots_json(found) if as_json else show_spots(context.obj, found)
    return Exit.OK


def pasted(
    context: OfficeContext,
    place: PlaceArgument,
    notice: Annotated[
        str | None, typer.Option("--notice", metavar="NOTICE", help="Whose text; without it the last one.")
    ] = None,
    incident: IncidentOption = None,
    drill: DrillOption = False,
    by: ByOption = None,
) -> int:
    """Tick off a place where you have put the text of a notice."""
    from bcp.app.book import book_of
    from bcp.app.notice.spots import note_pasted
    from bcp.cli.notice.show_spots import show_pasted

    session = context.obj
    book = book_of(session, incident, drill=drill)
    show_pasted(session, book, note_pasted(session, book, place, notice, by))
    return Exit.OK


def taken_down(
    context: OfficeContext,
    places: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PLACE]...", help="Where the text is gone; without one: everywhere."),
    ] = None,
    incident: IncidentOption = None,
    drill: DrillOption = False,
    by: ByOption = None,
) -> int:
    """Say that the text is gone at these places; without a place, at all of them."""
    from bcp.app.book import book_of
    from bcp.app.notice.spots import note_taken_down
    from bcp.cli.notice.show_spots import show_taken_down

    session = context.obj
    wanted: Sequence[str] = places or ()
    book = book_of(session, incident, drill=drill, closed_too=True)
    show_taken_down(session, book, note_taken_down(session, book, wanted, by))
    return Exit.OK
