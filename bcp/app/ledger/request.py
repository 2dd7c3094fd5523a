"""Times as people say them to the deeds of the ledgers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bcp.app.incident.settle import moment_of
from bcp.app.session import Session
from bcp.errors import InputError, PersonNeeded
from bcp.times import local

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
    if not agree(text, local(found, zone)):
        raise PersonNeeded("nothing was written down", f'say it with a date: {option} "26.11. 12:00"')
    return found


def time_past(session: Session, zone: ZoneInfo, text: str | None) -> datetime | None:
    """When something was, as `--at` has it; None where nothing was said. Raises InputError for no time."""
    found = moment_of(session, zone, text)
    if found is not None and found > session.clock.now():
        raise InputError(f"{local(found, zone)} is still to come", "give the time at which it was: --at 9:12")
    return found
