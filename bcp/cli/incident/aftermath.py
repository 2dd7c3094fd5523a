"""What comes after an incident: the report, looking back, the export. Both nouns share it."""

from pathlib import Path
from typing import Annotated

import typer

from bcp.app.session import Session
from bcp.cli.options import ByOption, IncidentOption, kind_of


def add_to(app: typer.Typer) -> None:
    """Give a noun these verbs."""
    for verb in (report, review, export):
        app.command(verb.__name__)(verb)


def report(
    context: typer.Context,
    format_: Annotated[
        str, typer.Option("--format", metavar="md|html|pdf", help="What kind of file.")
    ] = "md",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Where to; md goes to the screen without it."),
    ] = None,
    lang: Annotated[
        str | None, typer.Option("--lang", metavar="LANGUAGE", help="Else the language of the office.")
    ] = None,
    people: Annotated[
        bool, typer.Option("--people", help="Name who was told; without it only numbers.")
    ] = False,
    incident: IncidentOption = None,
) -> int:
    """Write the report: what happened, when, what was measured, decided, promised and spent."""
    from bcp.cli.incident import report

    session: Session = context.obj
    kind = kind_of(context)
    book = session.book(incident or session.open_or_last(kind), kind)
    return report.write(session, book, report.Order(format_, output, lang, people))


def review(
    context: typer.Context,
    happened: Annotated[str, typer.Option("--happened", help="What happened?")] = "",
    expected: Annotated[str, typer.Option("--expected", help="What did we expect?")] = "",
    decided: Annotated[str, typer.Option("--decided", help="What did we decide?")] = "",
    solved: Annotated[str, typer.Option("--solved", help="What solved it?")] = "",
    well: Annotated[str, typer.Option("--well", help="What went well?")] = "",
    badly: Annotated[str, typer.Option("--badly", help="What went badly? Nobody is to blame.")] = "",
    incident: IncidentOption = None,
    by: ByOption = None,
) -> int:
    """Look back: six questions, none of them about who is to blame; for the report."""
    from bcp.cli.incident import report

    session: Session = context.obj
    kind = kind_of(context)
    book = session.book(incident or session.open_or_last(kind), kind)
    given = {"happened": happened, "expected": expected, "decided": decided}
    given |= {"solved": solved, "well": well, "badly": badly}
    return report.look_back(session, book, given, session.person(by, book.incident.plan["people"]))


def export(
    context: typer.Context,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FOLDER", help="Where to; a name that ends in .zip makes a zip."
        ),
    ] = None,
    mask: Annotated[
        bool,
        typer.Option("--mask", help="Without names, numbers and addresses; letters and runbooks stay here."),
    ] = False,
    timestamp: Annotated[
        bool, typer.Option("--timestamp", help="Have it stamped by the authority that bcp.yaml names.")
    ] = False,
    sign: Annotated[
        Path | None, typer.Option("--sign", metavar="KEY", help="Sign it with this private SSH key.")
    ] = None,
    incident: IncidentOption = None,
) -> int:
    """Write everything into a folder that a stranger can check without this tool."""
    from bcp.cli.incident import export

    session: Session = context.obj
    kind = kind_of(context)
    book = session.book(incident or session.open_or_last(kind), kind)
    return export.write(session, book, export.Order(output, mask, timestamp, sign))
