"""Moments as programs write them: ISO 8601, seconds since 1970, `date`, mail and web servers, figures without a sign.

Only what can be read in one way is read: `03/04/2026` is not.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import NamedTuple

_FIGURES = re.compile(r"\d+(\.\d*)?(e\d+)?", re.ASCII | re.IGNORECASE)
_RUN_TOGETHER = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
_ZONE = r"\s*(?P<zone>Z|[+-]\d\d:?\d\d|[A-Z]{2,5}\b)?"
_CLOCK = r"(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?(?!\s*[AaPp]\.?[Mm])"
_WRITTEN = tuple(
    re.compile(rf"(?<![\d.]){day}{_CLOCK}{_ZONE}", re.ASCII)
    for day in (
        r"(?P<year>\d{4})([-/.])(?P<month>\d\d?)\2(?P<day>\d\d?)(?:T|,?\s+)",
        r"(?P<day>\d\d?)\.(?P<month>\d\d?)\.(?P<year>\d{4})(?:T|,?\s+)",
    )
)
_OF_DATE = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d\d?) (\d\d:\d\d:\d\d) (?:([A-Z]{1,5}|[+-]\d{4}) )?(\d{4})", re.ASCII
)
_EARLIEST = 1e8  # seconds: the year 1973
_HOURS = {"Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2}
_HOURS |= {"EET": 2, "EEST": 3}


class WrittenMoment(NamedTuple):
    """A moment, and whether it was written with its zone; without one it is taken for UTC."""

    at: datetime
    says_zone: bool = True


def moment_in(text: str) -> WrittenMoment | None:
    """The moment that stands in a text, alone or behind other words; None where there is none."""
    text = text.strip().strip("\"'")
    for read in (_iso, _of_figures, _of_mail, _of_date, _among_words):
        try:
            found = read(text)
        except (ValueError, TypeError, OverflowError, OSError, IndexError):
            continue
        if found is not None:
            return (
                WrittenMoment(found)
                if found.tzinfo
                else WrittenMoment(found.replace(tzinfo=UTC), says_zone=False)
            )
    return None


def _iso(text: str) -> datetime | None:
    return None if text.isdecimal() else datetime.fromisoformat(text)


def _of_figures(text: str) -> datetime | None:
    """A date whose figures run together, else seconds since 1970, or thousandths, millionths and so on of them."""
    if not _FIGURES.fullmatch(text):
        return None
    form = _RUN_TOGETHER.get(len(text)) if text.startswith(("19", "20")) and text.isdecimal() else None
    if form is not None:
        return datetime.strptime(text, form)
    seconds = float(text)
    if seconds < _EARLIEST:  # the status of a program, or a count
        return None
    while 1e11 <= seconds < 1e21:  # seconds are that many after the year 5000
        seconds /= 1000
    return datetime.fromtimestamp(seconds, UTC)


def _of_mail(text: str) -> datetime | None:
    if not re.match(r"[A-Z][a-z]{2,8}, \d", text) or len(text) > 60:
        return None
    head, _space, zone = text.rpartition(" ")
    return _zoned(parsedate_to_datetime(head), zone) if zone in _HOURS else parsedate_to_datetime(text)


def _of_date(text: str) -> datetime | None:
    found = _OF_DATE.search(text)
    if found is None:
        return None
    month, day, clock, zone, year = found.groups()
    return _zoned(datetime.strptime(f"{day} {month} {year} {clock}", "%d %b %Y %H:%M:%S"), zone)


def _among_words(text: str) -> datetime | None:
    found = next(filter(None, (each.search(text) for each in _WRITTEN)), None)
    if found is None:
        return None
    parts = [int(found[name] or 0) for name in ("year", "month", "day", "hour", "minute", "second")]
    return _zoned(datetime(*parts), found["zone"])  # type: ignore[arg-type]  # six numbers


def _zoned(moment: datetime, zone: str | None) -> datetime:
    """With the zone of that name; as it is where the name is none that means the same everywhere."""
    if zone is None:
        return moment
    if zone in _HOURS:
        return moment.replace(tzinfo=timezone(timedelta(hours=_HOURS[zone])))
    return moment.replace(tzinfo=datetime.strptime(zone, "%z").tzinfo) if zone[0] in "+-" else moment
