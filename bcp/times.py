"""Durations and clock times as the office writes and reads them; inside, everything is aware UTC."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bcp.bald import bald
from bcp.i18n import _

_DURATION = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_SECONDS_IN: Mapping[str, int] = {
    "s": 1, "sec": 1, "second": 1, "m": 60, "min": 60, "minute": 60, "h": 3600, "hr": 3600, "hour": 3600,
    "d": 86400, "day": 86400, "w": 7 * 86400, "week": 7 * 86400, "month": 30 * 86400, "year": 365 * 86400,
}  # fmt: skip
_ONE_COUNTED = rf"(\d{{1,4}})\s*({'|'.join(_SECONDS_IN)})s?\b"
_COUNTED = re.compile(_ONE_COUNTED)
_IN_WORDS = re.compile(rf"{_ONE_COUNTED}(?:(?:\s+|,\s*)(?:and\s+)?{_ONE_COUNTED})*")
_CLOCK = re.compile(r"(\d{1,2})[:.]?(\d{2})")
_LONGEST = timedelta(days=3660)
SKEW = timedelta(minutes=5)
"""So far two clocks in one office may be apart."""
_FARTHEST = timedelta(days=100 * 366)


def parse_duration(text: str) -> timedelta:
    """`30s`, `15m`, `4h`, `2d`, `1h30m` as a timedelta. Raises ValueError for anything else."""
    found = _DURATION.fullmatch(text.strip().replace(" ", "").lower())
    if not found or not any(found.groups()):
        raise ValueError(f"{text!r} is not a duration")
    if any(len(part or "") > 9 for part in found.groups()):
        raise ValueError(f"{text!r} is longer than ten years")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    if length > _LONGEST:
        raise ValueError(f"{text!r} is longer than ten years")
    return length


def said_in_words(text: str) -> timedelta | None:
    """The length that `5 minutes`, `6 months` or `1 hour and 30 min` mean, a month as 30 days; else None."""
    said = text.strip().lower()
    if not _IN_WORDS.fullmatch(said):
        return None
    length = timedelta(seconds=sum(int(count) * _SECONDS_IN[unit] for count, unit in _COUNTED.findall(said)))
    return length if length <= _LONGEST else None


def write_duration(length: timedelta) -> str:
    """The shortest text that `parse_duration` reads back: `1h30m`."""
    left = int(length.total_seconds())
    parts = []
    for letter, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count}{letter}")
    return "".join(parts) or "0s"


def say_duration(length: timedelta) -> str:
    """A length as it is said on the screen, two units at most: `2 h 5 min`, `3 days`, `40 s`."""
    left = int(abs(length).total_seconds())
    days, rest = divmod(left, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    if days:
        first = _("1 day") if days == 1 else _("{count} days").format(count=days)
        return f"{first} {hours} h" if hours else first
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    if minutes:
        return f"{minutes} min" if minutes >= 5 or not seconds else f"{minutes} min {seconds} s"
    return f"{seconds} s"


def parse_clock(text: str) -> time:
    """`12:30`, `7:05`, `0912` as a time of day. Raises ValueError for anything else."""
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is not a time of day")
    return time(int(found[1]), int(found[2]))


def write_clock(clock: time) -> str:
    """`07:05`, which `parse_clock` reads back."""
    return f"{clock:%H:%M}"


def is_clock(text: str) -> bool:
    """Whether a time of day is said without its day: `9:12`, `0912`."""
    return _CLOCK.fullmatch(text.strip()) is not None


def on_day(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """That clock time on that day in the office's zone, in UTC.

    A time that the spring change skips becomes the moment the clocks jump over it; of the two that
    the autumn change makes, the first is meant.
    """
    return datetime.combine(day, clock, zone).astimezone(UTC)


def next_clock(clock: time, after: datetime, zone: ZoneInfo) -> datetime:
    """The first moment not before `after` at which the office's clock shows `clock`, in UTC."""
    day = after.astimezone(zone).date()
    for ahead in range(3):
        found = on_day(day + timedelta(days=ahead), clock, zone)
        if found >= after:
            return found
    raise AssertionError("every clock time comes within two days")


def last_clock(clock: time, before: datetime, zone: ZoneInfo) -> datetime:
    """The last moment not after `before` at which the office's clock showed `clock`, in UTC."""
    day = before.astimezone(zone).date()
    found = on_day(day, clock, zone)
    return found if found <= before else on_day(day - timedelta(days=1), clock, zone)


_NAMED_DAYS: Mapping[str, int] = {
    **dict.fromkeys(("today", "dzis", "dzisiaj", "heute", "dnes", "σημερα"), 0),
    **dict.fromkeys(("yesterday", "wczoraj", "gestern", "vcera", "χτεσ", "χθεσ", "εχθεσ"), -1),
}
"""Days that are over or under way, in English, Polish, German, Czech and Greek, without accents and capitals."""


def _named_day(word: str) -> int | None:
    """How many days from today a word names: 0, -1; None for another word."""
    return _NAMED_DAYS.get(bald(word))


def parse_moment(text: str, now: datetime, zone: ZoneInfo, past: bool = False) -> datetime:
    """A moment as people write it down, in UTC: `9:12` and `0912` (today; with `past`, yesterday if that
    is well ahead of the clock), `today 9:12`, `2026-11-26 9:12`, `26.11. 9:12`, or ISO 8601 with its zone.

    Raises ValueError when it is none of these.
    """
    said = text.strip()
    today = now.astimezone(zone).date()
    if _CLOCK.fullmatch(said):
        found = on_day(today, parse_clock(said), zone)
        return (
            found
            if found <= now + SKEW or not past
            else on_day(today - timedelta(days=1), parse_clock(said), zone)
        )
    word, _blank, clock = said.partition(" ")
    named = _named_day(word)
    if named is not None:
        return on_day(today + timedelta(days=named), parse_clock(clock), zone)
    dotted = re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})?,?\s*(\S+)", said)
    if dotted:
        day = date(int(dotted[3] or today.year), int(dotted[2]), int(dotted[1]))
        return on_day(day, parse_clock(dotted[4]), zone)
    spaced = re.fullmatch(r"(\d{4}-\d{2}-\d{2})[ T](\d{1,2}:?\d{2})", said)
    if spaced:
        return on_day(date.fromisoformat(spaced[1]), parse_clock(spaced[2]), zone)
    found = datetime.fromisoformat(said)
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone)
    return found.astimezone(UTC)


def is_to_come(moment: datetime, now: datetime) -> bool:
    """Whether `moment` cannot be over yet: a few minutes are left to clocks that are apart."""
    return moment > now + SKEW


def is_too_far(moment: datetime, now: datetime) -> bool:
    """Whether a time to come is so far away that it is a slip of the pen."""
    return moment > now + _FARTHEST


def local(moment: datetime, zone: ZoneInfo) -> str:
    """`Thu 26 Nov 2026 07:50 CET`: the day, the office's time and its zone."""
    here = moment.astimezone(zone)
    return f"{local_day(here.date())} {here:%H:%M} {here.tzname()}"


def local_day(day: date) -> str:
    """`Thu 26 Nov 2026`."""
    return _("{weekday} {day} {month} {year}").format(
        weekday=_weekday(day.weekday()), day=day.day, month=_month(day.month), year=day.year
    )


def local_clock(moment: datetime, zone: ZoneInfo, today: datetime) -> str:
    """`07:50`, or `Thu 07:50` within a week of `today`, or the whole day where it is further away."""
    here, now = moment.astimezone(zone), today.astimezone(zone)
    if here.date() == now.date():
        return f"{here:%H:%M}"
    if abs((here.date() - now.date()).days) < 7:
        return f"{_weekday(here.weekday())} {here:%H:%M}"
    return f"{here.day} {_month(here.month)} {here:%H:%M}"


def _weekday(number: int) -> str:
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))[number]


def _month(number: int) -> str:
    return (
        _("Jan"),
        _("Feb"),
        _("Mar"),
        _("Apr"),
        _("May"),
        _("Jun"),
        _("Jul"),
        _("Aug"),
        _("Sep"),
        _("Oct"),
        _("Nov"),
        _("Dec"),
    )[number - 1]
