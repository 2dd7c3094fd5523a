"""When we write next, if nobody says: soon enough, and at an hour at which somebody is there."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bcp.times import on_day

_WORKDAY = (8, 18)
_NEXT = timedelta(hours=4)


def next_update(now: datetime, zone: ZoneInfo) -> datetime:
    """In four hours on the half hour, else at nine on the next working day."""
    here = (now + _NEXT).astimezone(zone)
    rounded = here + timedelta(
        minutes=-here.minute % 30, seconds=-here.second, microseconds=-here.microsecond
    )
    first, last = _WORKDAY
    if here.weekday() < 5 and first <= rounded.hour < last and rounded.date() == here.date():
        return rounded
    day = here.date() + timedelta(days=0 if rounded.hour < first and here.weekday() < 5 else 1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return on_day(day, datetime.min.replace(hour=9).time(), zone)


def moment_in(said: str) -> datetime | None:
    """The moment that an answer names, if it is one; a text of an older runbook is none."""
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        return None
    return found if found.tzinfo else None


def still_to_come(moment: datetime | None, now: datetime) -> datetime | None:
    """The moment, unless it is over."""
    return moment if moment and moment > now else None
