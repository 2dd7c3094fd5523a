"""Hours: whether a moment lies in one of the times of day that a check names, by the office's clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bcp.check.model import WEEKDAYS, Hours
from bcp.times import on_day


def within(moment: datetime, hours: Iterable[Hours], zone: ZoneInfo) -> bool:
    """Whether `moment` is in any of them; one that goes past midnight belongs to the day on which it begins."""
    today = moment.astimezone(zone).date()
    days = (today, today - timedelta(days=1))
    return any(_begins_on(day, each) and _covers(moment, day, each, zone) for each in hours for day in days)


def _begins_on(day: date, hours: Hours) -> bool:
    if hours.on is not None:
        return day.isoformat() == hours.on
    return not hours.days or WEEKDAYS[day.weekday()] in hours.days


def _covers(moment: datetime, day: date, hours: Hours, zone: ZoneInfo) -> bool:
    last_day = day if hours.begin < hours.end else day + timedelta(days=1)
    return on_day(day, hours.begin, zone) <= moment < on_day(last_day, hours.end, zone)
