"""Paper and a running incident: its copy with clock times and what was done so far."""

from typing import Annotated

import typer

from bcp.cli.options import IncidentOption, kind_of
from bcp.cli.wiring import Session


def add_to(app: typer.Typer) -> None:
    """Give a noun these verbs."""
    app.command("print")(print_)


def print_(
    context: typer.Context,
    incident: IncidentOption = None,
    output: Annotated[
        str | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="Ends in .pdf, .html or .txt; - is text on the screen."
        ),
    ] = None,
    paper: Annotated[
        str, typer.Option("--paper", metavar="a4|letter", help="The paper in the printer.")
    ] = "a4",
    text: Annotated[
        str, typer.Option("--text", metavar="normal|large", help="large is a fifth larger.")
    ] = "normal",
    lang: Annotated[str | None, typer.Option("--lang", metavar="en|pl|cs|el|de", help="The labels.")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="PRINTER", help="Print it there.")] = None,
) -> int:
    """Print its sheet: deadlines as clock times, what is done ticked, what we know filled in."""
    from bcp.cli.printing import Order, put
    from bcp.page.incident import incident_copy
    from bcp.page.words import Words

    session: Session = context.obj
    opened = session.book(incident, kind_of(context)).incident
    words = Words(lang or opened.plan["office"]["language"])
    return put(
        session,
        [incident_copy(opened, words)],
        words,
        Order("incident", (), "", output, paper, text, lang, to),
    )
