"""Makes an office folder from five answers or from a sample; nothing of an office is overwritten."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bcp.app.load_office import read_now
from bcp.app.session import Session
from bcp.clock import SystemClock
from bcp.errors import InputError
from bcp.fact import Fact, Place, read_answer
from bcp.i18n import _
from bcp.office import starter
from bcp.office.starter import NewOfficeAnswers, Written
from bcp.times import parse_duration


def new_office(folder: Path, answers: NewOfficeAnswers | None) -> Written:
    """Write the files of an office into `folder`, which is made if missing; without `answers` those of the sample.
    Raises InputError where the folder is a file, or a file cannot be written.
    """
    files = starter.sample_office() if answers is None else starter.plain_office(answers)
    return starter.write(files, folder, _schemas())


def keep_plans(folder: Path, environ: Mapping[str, str]) -> None:
    """Keep the plans of a new office as they are, for a day on which there is a mistake in them."""
    read_now(Session(str(folder), environ))


def refuse_file(folder: Path) -> None:
    """Raises InputError where an office cannot be made there."""
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file", "name a folder: bcp init my-office")


def defaults(folder: Path, environ: Mapping[str, str]) -> NewOfficeAnswers:
    """The answers that are taken where nobody gives others: by the folder's name and the computer's country."""
    guess = starter.guess_country(environ)
    country = guess if guess in starter.HOMES else "PL"
    assert country is not None
    home = starter.HOMES[country]
    name = folder.resolve().name.replace("-", " ").replace("_", " ").title() or "Our office"
    return NewOfficeAnswers(name=name, country=country, language=home.language, timezone=home.timezone)


def read_country(typed: str) -> str:
    """Two letters in capitals. Raises ValueError for a country that is not known."""
    if typed.upper() not in starter.HOMES:
        raise ValueError(
            _("expected two letters, one of: {countries}").format(countries=", ".join(starter.HOMES))
        )
    return typed.upper()


_LONGEST_LINE = 200


class NewPerson(NamedTuple):
    """Somebody of a new office: the name, and the number as E.164 or empty."""

    name: str
    phone: str


def read_person(typed: str, country: str) -> NewPerson:
    """The name and the number of `Anna Nowak, +48 600 000 101`; the comma and the country code may be left out.

    Raises ValueError for what has no name, or a number that is none.
    """
    if typed and not re.search(r"[^\W\d_]", typed):
        raise ValueError(_("expected a name first, such as: Anna Nowak, {phone}").format(phone=typed))
    if len(typed) > _LONGEST_LINE:
        words = _("expected a name and a number, of at most {count} letters together")
        raise ValueError(words.format(count=_LONGEST_LINE))
    found = re.fullmatch(r"(.*?)[\s,;:]*((?:\+|\(|\d)[\d\s()./\-]*\d)?[\s,;]*", typed)
    name, phone = (found[1], found[2] or "") if found else (typed, "")
    if not phone:
        return NewPerson(name.strip(), "")
    place = Place(country, ZoneInfo("UTC"), SystemClock().now())
    return NewPerson(name.strip(), read_answer(Fact("mobile", type="phone"), phone, place))


def read_length(typed: str) -> timedelta:
    """`3d`, and as it is said: `3 days`, `4 godziny`. Raises ValueError for another length of time."""
    try:
        return parse_duration(re.sub(r"(\d)\s*([^\W\d_])[^\W\d_]*", r"\1\2", typed).replace("g", "h"))
    except ValueError:
        raise ValueError(_("expected a number of hours or days, such as 4h or 3d")) from None


def _schemas() -> dict[str, str]:
    """The JSON Schemas that the first line of each YAML file names, so that editors help."""
    from bcp.check.model import Check
    from bcp.notice.channel.channels import ChannelsFile
    from bcp.office.model import Office
    from bcp.runbook.model import Runbook
    from bcp.yaml.schema import schema

    made = {
        "office": schema(Office, "office.json"),
        "runbook": schema(Runbook, "runbook.json"),
        "check": schema(Check, "check.json"),
        "channels": schema(ChannelsFile, "channels.json"),
    }
    return {f".schema/{name}.json": json.dumps(each, indent=1) + "\n" for name, each in made.items()}
