"""`bcp notice new`: the first draft of a notice, in the languages that contacts read."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from bcp.cli.options import OfficeContext
from bcp.cli.terminal.output import is_attended, say, show, show_next
from bcp.command_words import as_typed
from bcp.errors import Exit
from bcp.i18n import _

KindOption = Annotated[
    str | None, typer.Option("--kind", metavar="KIND", help="What it says: down, update or all-clear.")
]
SentenceOption = Annotated[
    str | None,
    typer.Option("--clients-read", metavar="TEXT", help="What they read first, one sentence."),
]
LanguagesOption = Annotated[
    list[str] | None,
    typer.Option("--lang", metavar="LANGUAGE", help="A language; without it those that your contacts read."),
]


def new(
    context: OfficeContext,
    notice: Annotated[str, typer.Argument(metavar="NOTICE", help="Its short name, such as card-payment.")],
    kind: KindOption = None,
    sentence: SentenceOption = None,
    languages: LanguagesOption = None,
) -> int:
    """Write the first draft of a notice: what it must hold is marked, and the lint takes it as it is."""
    from bcp.app.draft.notice import NoticeDraftRequest, write_notice
    from bcp.app.draft.office import author_office
    from bcp.cli.terminal.findings import show_findings
    from bcp.cli.terminal.listing import folded

    session = context.obj
    office = author_office(session)
    request = NoticeDraftRequest(notice, kind, sentence, languages or ())
    if is_attended():
        from bcp.app.draft.notice import completed, kinds_of_drafts, reader_of_sentence, usual_sentence
        from bcp.cli.terminal.dialogue import ask, choose

        request, kinds = completed(office, request), kinds_of_drafts()
        wanted = request.kind or choose(_("What does it say?"), kinds, "1")
        request = replace(request, kind=wanted)
        if sentence is None and wanted in kinds and office.languages[0] in request.languages:
            question = _("What do clients read first? One sentence, in the office's language")
            said = ask(question, reader_of_sentence(office, wanted), usual_sentence(office, wanted))
            request = replace(request, sentence=said)
    written = write_notice(session, office, request)
    for file in folded(written.files):
        show(_("wrote {path}").format(path=file))
    show_findings(written.findings)
    say(_("It says only what is true of any trouble. Put your own words into it."))
    show_next((as_typed(("bcp", "notice", "preview", notice)), as_typed(("bcp", "notice", "lint", notice))))
    return Exit.OK


def add_to(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(new)
