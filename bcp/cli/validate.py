"""`bcp validate`: reads everything in the office and tells every mistake at once."""

from __future__ import annotations

import typer

from bcp.app.session import Session
from bcp.cli.options import JsonOption, OfficeContext
from bcp.cli.terminal.output import mistakes_as_json, say, show_json, show_mistakes, show_next
from bcp.errors import Exit, SourceError
from bcp.i18n import _, speak
from bcp.validate import OfficeConfig

app = typer.Typer()


@app.command()
def validate(context: OfficeContext, as_json: JsonOption = False) -> int:
    """Read everything in the office and report every mistake of every file at once."""
    from bcp.app.print.validate_paper import printed_from
    from bcp.app.validate import knows_group, misnamed, never_given_away, read_office

    session = context.obj
    source = printed_from(session)
    read = read_office(session)
    whole = read.whole
    error = SourceError(read.mistakes)
    if as_json:
        remarks = SourceError([*read.safer, *read.advice, *read.lacking])
        told = {"mistakes": mistakes_as_json(error), "remarks": mistakes_as_json(remarks)}
        show_json({"office": session.folder, **told})
        return Exit.INPUT if read.mistakes else Exit.OK
    if read.mistakes or whole is None:
        raise error
    speak(whole.office.language)
    say(_counted(whole), "green")
    for found, words in (
        (read.safer, _("This works, and would be safer in another way:")),
        (read.advice, _("This works, and deserves a second look:")),
        (read.lacking, _("This works now, and would be missing in the letters on the day:")),
    ):
        if found:
            say(words, "yellow")
            show_mistakes(SourceError(found))
    _say_what_paper_needs(session, whole, source)
    if whole.office.group is not None and not knows_group(whole.office.group):
        words = _(
            "This computer has no group {group} that this login is in: what is made here is for its owner alone."
        )
        say(words.format(group=whole.office.group), "yellow")
    for why in never_given_away(whole):
        say(why, "yellow")
    for path in misnamed(session.folder):
        words = _("{path} is not read: a file here must end in .yaml or .yml. Rename it.")
        say(words.format(path=path), "yellow")
    show_next(("bcp runbook list", "bcp drill start") if whole.runbooks else ("bcp check list",))
    return Exit.OK


def _counted(whole: OfficeConfig) -> str:
    words = _("{name}: everything can be read: {runbooks} runbooks, {checks} checks, {people} people.")
    counts = {
        "runbooks": len(whole.runbooks),
        "checks": len(whole.checks),
        "people": len(whole.office.people),
    }
    return words.format(name=whole.office.name, **counts)


def _say_what_paper_needs(session: Session, whole: OfficeConfig, source: str) -> None:
    """What looks otherwise on a printed page, and the copies that an edit has made outdated; neither is a mistake."""
    from bcp.app.print.validate_paper import outdated_copies, unfit
    from bcp.cli.print.show import lines_below

    mistakes = unfit(session, whole, source, lines_below)
    if mistakes:
        say(_("Paper will show this in another way:"), "yellow")
        show_mistakes(SourceError(mistakes))
    for copy, age, _zone in outdated_copies(session, whole):
        words = _("The copy {name} ({place}) of {about} is not current: bcp print outdated")
        say(words.format(name=copy.name, place=copy.place, about=age.about), "yellow")
