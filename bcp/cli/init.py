"""`bcp init`: five plain questions, or their defaults, become an office folder; nothing of an office is overwritten."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from bcp.app.circumstances import here
from bcp.app.office_new import (
    defaults,
    keep_plans,
    new_office,
    read_country,
    read_length,
    read_person,
    refuse_file,
)
from bcp.cli.terminal.keyboard import typed_line
from bcp.cli.terminal.listing import folded
from bcp.cli.terminal.output import (
    is_attended,
    prompt,
    say,
    show,
    show_next,
)
from bcp.command_words import as_typed
from bcp.errors import Exit, InputError
from bcp.i18n import _, speak_as_set
from bcp.office.find import FILE
from bcp.office.starter import HOMES, NewOfficeAnswers

T = TypeVar("T")


app = typer.Typer()


@app.command()
def init(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="The office folder; made if missing.", show_default=False)
    ] = Path(),
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing, take the defaults.")] = False,
    sample: Annotated[bool, typer.Option("--sample", help="A believable agency of nine people.")] = False,
) -> int:
    """Make an office folder: bcp.yaml, runbooks, checks, contacts, notices. Nothing of yours is overwritten."""
    speak_as_set(os.environ)
    folder = folder.expanduser()
    refuse_file(folder)
    answers = None if sample else defaults(folder, os.environ)
    if answers is not None and is_attended() and not yes and not (folder / FILE).exists():
        answers = _asked(answers)
    done = new_office(folder, answers)
    keep_plans(folder, os.environ)
    speak_as_set(os.environ)
    for path in folded(done.written):
        show(_("wrote {path}").format(path=folder / path))
    for path in done.kept:
        show(_("kept {path}, it was there already").format(path=folder / path))
    if not sample and FILE in done.written:
        say(
            _("Open {path} and fill in what is missing: phones, contract numbers, lines.").format(
                path=folder / FILE
            )
        )
    there = as_typed(("cd", str(folder))) if folder.resolve() != here() else ""
    show_next(filter(None, (there, "bcp validate", "bcp drill start internet-outage")))
    return Exit.OK


def _asked(default: NewOfficeAnswers) -> NewOfficeAnswers:
    say(
        _("Five questions; Enter takes what stands in brackets, and everything can be changed later."), "bold"
    )
    name = _ask(_("1  What is the office called?"), default.name, str)
    country = _ask(
        _("2  In which country? Two letters, such as PL, CZ, DE, GR, GB"), default.country, read_country
    )
    person = partial(read_person, country=country)
    lead, lead_mobile = _ask(_("3  Who leads when something breaks? Name, mobile number"), "", person)
    deputy, deputy_mobile = _ask(_("4  Who leads when that person is away? Name, mobile number"), "", person)
    lost = _ask(
        _("5  How long may the phone be dead before you lose a client? 4h, 1d, 3d"), "1d", read_length
    )
    home = HOMES[country]
    return NewOfficeAnswers(
        name=name,
        country=country,
        language=home.language,
        timezone=home.timezone,
        lead=lead or default.lead,
        lead_mobile=lead_mobile,
        deputy=deputy,
        deputy_mobile=deputy_mobile,
        client_lost_after=lost,
    )


def _ask(question: str, default: str, read: Callable[[str], T]) -> T:
    """Ask until `read` takes the answer; the end of the input leaves with nothing written."""
    shown = default or _("fill in later")
    while True:
        typed = typed_line(partial(prompt, f"{question} [{shown}]\n> "))
        if typed is None:
            raise InputError(
                _("nothing was written"), _("run it again: bcp init   or take the defaults: bcp init --yes")
            )
        try:
            return read(typed or default)
        except ValueError as error:
            say(f"  {str(error)[:1].upper()}{str(error)[1:]}.", "yellow")
