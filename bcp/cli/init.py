"""`bcp init`: five plain questions, or their defaults, become an office folder; nothing is overwritten."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

import typer
from pydantic import BaseModel

from bcp.cli.terminal.output import is_attended, say, show, show_next
from bcp.clock import SystemClock
from bcp.errors import Exit, InputError
from bcp.fact import Fact, Place, read_answer
from bcp.i18n import _, speak_as_set
from bcp.office import starter
from bcp.office.find import FILE
from bcp.times import parse_duration

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
    """Make an office folder: bcp.yaml, runbooks, checks, contacts, notices. Nothing is overwritten."""
    from bcp.office import starter

    speak_as_set(os.environ)
    ask = is_attended() and not yes and not sample
    folder = folder.expanduser()
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file", "name a folder: bcp init my-office")
    if sample:
        files = starter.sample_office()
    else:
        answers = _defaults(folder)
        files = starter.plain_office(_asked(answers) if ask and not (folder / FILE).exists() else answers)
    done = starter.write({**files, **_schemas()}, folder)
    for path in _folded(done.written):
        show(_("wrote {path}").format(path=folder / path))
    for path in done.kept:
        show(_("kept {path}, it was there already").format(path=folder / path))
    if not sample and FILE in done.written:
        say(
            _("Open {path} and fill in what is missing: phones, contract numbers, lines.").format(
                path=folder / FILE
            )
        )
    here = f"cd {folder}" if folder.resolve() != Path.cwd() else ""
    show_next(filter(None, (here, "bcp validate", "bcp drill start internet-outage")))
    return Exit.OK


def _folded(paths: Sequence[str]) -> list[str]:
    """One line for a text in all its languages: `notices/update.(cs de en).md`."""
    languages: dict[str, list[str]] = {}
    for path in paths:
        stem, _dot, ending = path.rpartition(".")
        name, _dot, language = stem.rpartition(".")
        shown = f"{name}.(…).{ending}" if name and len(language) == 2 else path
        languages.setdefault(shown, []).append(language)
    return [
        path.replace("(…)", f"({' '.join(each)})" if len(each) > 1 else each[0])
        for path, each in languages.items()
    ]


def _defaults(folder: Path) -> starter.Answers:
    guess = starter.guess_country(os.environ)
    country = guess if guess in starter.HOMES else "PL"
    assert country is not None
    home = starter.HOMES[country]
    name = folder.resolve().name.replace("-", " ").replace("_", " ").title() or "Our office"
    return starter.Answers(name=name, country=country, language=home.language, timezone=home.timezone)


def _asked(default: starter.Answers) -> starter.Answers:
    say(
        _("Five questions; Enter takes what stands in brackets, and everything can be changed later."), "bold"
    )
    name = _ask(_("1  What is the office called?"), default.name, str)
    country = _ask(
        _("2  In which country? Two letters, such as PL, CZ, DE, GR, GB"), default.country, _country
    )
    person = partial(_person, country=country)
    lead, lead_mobile = _ask(_("3  Who leads when something breaks? Name, mobile number"), "", person)
    deputy, deputy_mobile = _ask(_("4  Who leads when that person is away? Name, mobile number"), "", person)
    lost = _ask(_("5  How long may the phone be dead before you lose a client? 4h, 1d, 3d"), "1d", _length)
    home = starter.HOMES[country]
    return starter.Answers(
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
        sys.stderr.write(f"{question} [{shown}]\n> ")
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise InputError(
                _("nothing was written"), _("run it again: bcp init, or take the defaults: bcp init --yes")
            )
        try:
            return read(line.strip() or default)
        except ValueError as error:
            say(f"  {str(error)[:1].upper()}{str(error)[1:]}.", "yellow")


def _country(typed: str) -> str:
    if typed.upper() not in starter.HOMES:
        raise ValueError(
            _("expected two letters, one of: {countries}").format(countries=", ".join(starter.HOMES))
        )
    return typed.upper()


def _person(typed: str, country: str) -> tuple[str, str]:
    """`Anna Nowak, +48 600 000 101`; the comma and the country code may be left out."""
    if typed and not re.search(r"[^\W\d_]", typed):
        raise ValueError(_("expected a name first, such as: Anna Nowak, {phone}").format(phone=typed))
    found = re.fullmatch(r"(.*?)[\s,;:]*((?:\+|\(|\d)[\d\s()./\-]*\d)?[\s,;]*", typed)
    name, phone = (found[1], found[2] or "") if found else (typed, "")
    if not phone:
        return name.strip(), ""
    place = Place(country, ZoneInfo("UTC"), SystemClock().now())
    return name.strip(), read_answer(Fact("mobile", type="phone"), phone, place)


def _length(typed: str) -> timedelta:
    """`3d`, and as it is said: `3 days`, `4 godziny`."""
    try:
        return parse_duration(re.sub(r"(\d)\s*([^\W\d_])[^\W\d_]*", r"\1\2", typed).replace("g", "h"))
    except ValueError:
        raise ValueError(_("expected a number of hours or days, such as 4h or 3d")) from None


def _schemas() -> dict[str, str]:
    """The JSON Schemas that the first line of each YAML file names, so that editors help."""
    from bcp.check.model import Check
    from bcp.office.model import Office
    from bcp.runbook.model import Runbook
    from bcp.yaml.source import schema

    kinds: dict[str, type[BaseModel]] = {"office": Office, "runbook": Runbook, "check": Check}
    return {
        f".schema/{name}.json": json.dumps(schema(model, f"{name}.json"), indent=1) + "\n"
        for name, model in kinds.items()
    }
