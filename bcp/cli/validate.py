"""`bcp validate`: reads everything in the office and tells every mistake at once."""

from __future__ import annotations

from pathlib import Path

import typer

from bcp.app.session import Session
from bcp.cli.options import JsonOption
from bcp.cli.terminal.output import mistakes_as_json, say, show_json, show_mistakes, show_next
from bcp.errors import Exit, SourceError
from bcp.i18n import _, speak
from bcp.validate import Whole

app = typer.Typer()

_READ = (".yaml", ".yml")
_SAVED_AS = (".txt", ".doc", ".docx", ".odt", ".rtf")


@app.command()
def validate(context: typer.Context, as_json: JsonOption = False) -> int:
    """Read everything in the office and report every mistake of every file at once."""
    from bcp.validate import read_all
    from bcp.yaml.source import Reader

    session: Session = context.obj
    from_ = _printed_from(session)
    reader = Reader()
    whole = read_all(session.folder, reader)
    if as_json:
        error = SourceError(reader.mistakes)
        show_json({"office": str(session.folder), "mistakes": mistakes_as_json(error)})
        return Exit.INPUT if reader.mistakes else Exit.OK
    if reader.mistakes or whole is None:
        raise SourceError(reader.mistakes)
    speak(whole.office.language)
    words = _("{name}: everything can be read: {runbooks} runbooks, {checks} checks, {people} people.")
    say(
        words.format(
            name=whole.office.name,
            runbooks=len(whole.runbooks),
            checks=len(whole.checks),
            people=len(whole.office.people),
        ),
        "green",
    )
    _say_what_paper_needs(session, whole, from_)
    for path in misnamed(session.folder):
        words = _("{path} is not read: a file here must end in .yaml or .yml. Rename it.")
        say(words.format(path=path), "yellow")
    show_next(("bcp runbook list", "bcp drill start"))
    return Exit.OK


def misnamed(folder: Path) -> list[str]:
    """Runbooks and checks that an editor saved under another ending (`internet.yaml.txt`): nobody reads them."""
    return [
        f"{room}/{path.name}"
        for room in ("runbooks", "checks")
        for path in sorted((folder / room).glob("*"))
        if path.suffix not in _READ and path.suffix.lower() in (*_READ, *_SAVED_AS)
    ]


def _printed_from(session: Session) -> str:
    """The fingerprint of all files where this office prints; where it has not yet, nothing."""
    from bcp.page.cache import FOLDER, fingerprint

    try:
        return fingerprint(session.folder) if (session.folder / FOLDER).is_dir() else ""
    except OSError:
        return ""


def _say_what_paper_needs(session: Session, whole: Whole, from_: str) -> None:
    """What would not fit on a printed page, and the copies that an edit has made outdated; neither is a mistake.

    What fits is left ready to be printed.
    """
    from bcp.cli.print.cache import make_ready
    from bcp.page.age import aged
    from bcp.page.catalog import Shelf
    from bcp.page.copies import Copies

    shelf = Shelf(whole)
    unfit = shelf.mistakes("a4", "normal")
    if unfit:
        say(_("This cannot be printed as it is:"), "yellow")
        show_mistakes(SourceError(unfit))
    elif from_:
        make_ready(session, shelf, from_)
    today = session.clock.now().astimezone(whole.office.zone).date()
    for copy, told in aged(shelf, Copies(session.folder), today):
        words = _("The copy {name} ({place}) of {about} is not current: bcp print outdated")
        say(words.format(name=copy.name, place=copy.place, about=told.about), "yellow")
