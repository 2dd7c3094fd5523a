"""Times as people say them to the deeds of the ledgers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bcp.app.session import Session
from bcp.errors import InputError, PersonNeeded
from bcp.i18n import _
from bcp.times import is_too_far, local

Agree = Callable[[str, str], bool]
"""Shows how a time was understood, and whether the person agrees: `(what was typed, the local time)`."""


def time_to_come(session: Session, zone: ZoneInfo, text: str, option: str, agree: Agree) -> datetime:
    """The time that `text` says, echoed as a date to who has to agree.

    Raises InputError for what is not understood, PersonNeeded when the person says no.
    """
    from bcp.promise.said import Unclear, read_said

    try:
        found = read_said(text, session.clock.now(), zone)
    except Unclear as unclear:
        raise InputError(f"{option}: {unclear}") from None
    if is_too_far(found, session.clock.now()):
        raise InputError(
            _("{time} is years away").format(time=local(found, zone)), _("look at the year you gave")
        )
    if not agree(text, local(found, zone)):
        raise PersonNeeded("nothing was written down", f'say it with a date: {option} "26.11. 12:00"')
    return found
