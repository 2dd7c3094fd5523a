"""Who acts: the person who was named, else the login name."""

from __future__ import annotations

import getpass
from collections.abc import Mapping

from bcp.errors import InputError
from bcp.i18n import _


def actor(
    asked: str | None, people: Mapping[str, str], environ: Mapping[str, str], option: str = "--by"
) -> str:
    """The id of the person `asked` for, else of BCP_PERSON, else the login name, which may be nobody's here.

    `people` are names by id; `option` is the one that named the person. Raises InputError for one who is nobody
    here.
    """
    named = asked or environ.get("BCP_PERSON")
    if not named:
        login = _login(environ)
        return _person_of(login, people) or login
    person = _person_of(named, people)
    if person is None:
        origin = option if asked else "BCP_PERSON"
        raise InputError(
            _('{origin}: there is nobody called "{name}"').format(origin=origin, name=named),
            _("people: {people}").format(people=", ".join(sorted(people))),
        )
    return person


def _person_of(named: str, people: Mapping[str, str]) -> str | None:
    wanted = named.strip().casefold()
    return next((key for key, told in people.items() if wanted in (key, told.casefold())), None)


def _login(environ: Mapping[str, str]) -> str:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        if environ.get(name):
            return environ[name]
    try:
        return getpass.getuser()
    except (OSError, ImportError, KeyError):
        return "unknown"
