"""What comes after an incident: the report, looking back, the export. Both nouns share it."""

from pathlib import Path
from typing import Annotated

import typer

from bcp.cli.options import ByOption, IncidentOption, OfficeContext, kind_of
from bcp.cli.terminal.output import (
    is_attended,
    say,
    show_next,
    show_text,
)
from bcp.command_words import as_typed
from bcp.errors import Exit, InputError
from bcp.files import in_words, put
from bcp.i18n import _
from bcp.incident.journal import IncidentJournal
from bcp.incident.text import noun
from bcp.times import local


def add_to(app: typer.Typer) -> None:
    """Give a noun these verbs."""
    for verb in (report, review, export):
        app.command(verb.__name__)(verb)


def report(
    context: OfficeContext,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="md|html|pdf", help="What kind; else by the ending of FILE; else md."
        ),
    ] = None,
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
    from bcp.app.incident.report import ReportRequest
    from bcp.app.incident.report import report as make

    found = _book(context, incident).incident
    format_ = format_ or _format_of(output)
    made = make(context.obj, found, ReportRequest(format_, lang, people))
    if output is None and format_ == "md":
        show_text(made.decode())
        return Exit.OK
    path = output or Path(f"report-{found.id}.{format_}")
    try:
        put(path, made)
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {in_words(error)}", "name another file with -o"
        ) from None
    say(str(path), "green")
    show_next((f"bcp {noun(found)} verify --incident {found.id} --head {found.head.hash}",))
    return Exit.OK


def _format_of(output: Path | None) -> str:
    """What a file is by its name: a report.pdf that is none opens nowhere, at the insurer's least of all."""
    ending = output.suffix.lower().removeprefix(".") if output else ""
    return ending if ending in ("html", "pdf") else "md"


def review(
    context: OfficeContext,
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
    from bcp.cli.incident.review import ask_all
    from bcp.incident.followup import look_back

    book = _book(context, incident)
    doer = context.obj.person(by, book.incident.plan.names)
    given = {"happened": happened, "expected": expected, "decided": decided}
    given |= {"solved": solved, "well": well, "badly": badly}
    if any(given.values()):
        count = look_back(book, given, doer)
    elif is_attended():
        count = ask_all(context.obj, book, doer)
    else:
        raise InputError("nothing was said", 'for example: bcp incident review --well "WHAT" --badly "WHAT"')
    say(_("{count} answers were written down.").format(count=count), "green")
    show_next(('bcp followup add "WHAT" --owner PERSON --due "in 2 weeks"', "bcp incident report"))
    return Exit.OK


def export(
    context: OfficeContext,
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
    from bcp.app.incident.export import ExportRequest
    from bcp.app.incident.export import export as make
    from bcp.cli.incident.proof import show_masked

    book = _book(context, incident)
    made = make(context.obj, book, ExportRequest(output, mask, timestamp, sign))
    say(str(made.target), "green")
    if made.head:
        say(_("The journal ends with {head}").format(head=made.head))
    if made.stamped_at is not None:
        say(_("Stamped {time}").format(time=local(made.stamped_at, book.incident.zone)))
    if made.masked is not None:
        show_masked(made.masked)
    head = ("--head", made.head) if made.head else ()
    if head:
        say(_("Give this head away by another way than the folder: on paper or by mail."))
    check = ("bcp", kind_of(context), "verify", "--export", str(made.target), *made.checked_with, *head)
    show_next((as_typed(check),) if made.is_folder else ())
    return Exit.OK


def _book(context: OfficeContext, asked: str | None) -> IncidentJournal:
    """The incident asked for, else the only open one, else the last."""
    kind = kind_of(context)
    return context.obj.book(asked or context.obj.open_or_last(kind), kind)
