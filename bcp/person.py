"""How the record says that nobody knows who acted: never by the name of a login, which is no person."""

from __future__ import annotations

import re

from bcp.i18n import _

_UNKNOWN = "not known (login {login})"
_LOGIN = re.compile(r"not known \(login (.*)\)")


def unknown(login: str) -> str:
    """What stands in an event in place of a person, the same in every language: `not known (login root)`."""
    return _UNKNOWN.format(login=login)


def said(person: str) -> str:
    """A person who is none of the office, in the words of the language that is spoken."""
    found = _LOGIN.fullmatch(person)
    return _("not known (login {login})").format(login=found[1]) if found else person
