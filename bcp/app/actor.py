"""Who acts: the person who was named, else the one of the login, else whoever sits there says so, once."""

from __future__ import annotations

import getpass
from collections.abc import Mapping

from bcp.errors import InputError
from bcp.i18n import _


def named(
    asked: str | None, people: Mapping[str, str], environ: Mapping[str, str], option: str
) -> str | None:
    """The id of the person `asked` for, else of BCP_PERSON, else whose the login is; None where nothing says so.

    `people` are names by id; `option` is the one that named the person. Raises InputError for one who is nobody
    here.
    """
    wanted = asked or environ.get("BCP_PERSON")
    if not wanted:
        return person_of(login(environ), people)
    person = person_of(wanted, people)
    if person is None:
        origin = option if asked else "BCP_PERSON"
        raise InputError(
            _('{origin}: there is nobody called "{name}"').format(origin=origin, name=wanted),
            _("people: {people}").format(people=", ".join(sorted(people))),
        )
    return person


def person_of(name: str, people: Mapping[str, str]) -> str | None:
    """The id of the person who is called so, by id or by name."""
    wanted = name.strip().casefold()
    return next((key for key, told in people.items() if wanted in (key.casefold(), told.casefold())), None)


def login(environ: Mapping[str, str]) -> str:
    """The name of the login."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        if environ.get(name):
            return environ[name]
    try:
        return getpass.getuser()
    except (OSError, ImportError, KeyError):
        return "unknown"
