"""The time in front of a line of paper: split off as it was typed, and read."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bcp.errors import InputError
from bcp.i18n import _
from bcp.times import is_to_come, next_clock, parse_clock, parse_duration, parse_moment

_AFTER_START = re.compile(r"[tT]?\s*\+\s*(.+)")
_WITH_DAY = re.compile(
    r"(\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{4})?,?\s*\S+|\d{4}-\d\d-\d\d\s+\S+"
    r"|[^\W\d_]{4,}\s+\d{1,2}[:.]?\d{2}(?!\S)|\S+)(?:\s+(.*))?",
    re.DOTALL,
)


class TimedText(NamedTuple):
    """A line with its time split off; both are as they were typed."""

    time: str
    rest: str


def split_time(typed: str) -> TimedText:
    """The time in front of a line, with its day where one is written (`27.11. 9:12`), and the rest of the line."""
    found = _WITH_DAY.fullmatch(typed.strip())
    return TimedText(found[1], found[2] or "") if found else TimedText("", "")


def read_time(text: str, start: datetime, now: datetime, zone: ZoneInfo) -> datetime:
    """A time as it was written, in UTC: `9:12`, `0912`, `+15` (minutes after the start), `T+1h30m`, `27.11. 9:12`.

    A time of day is the first one after the start. Raises InputError for what is none, or is still to come.
    """
    said = text.strip()
    after = _AFTER_START.fullmatch(said)
    try:
        if after is not None:
            length = timedelta(minutes=int(after[1])) if after[1].isdecimal() else parse_duration(after[1])
            moment = start + length
        elif re.fullmatch(r"\d{1,2}[:.]?\d{2}", said):
            moment = next_clock(parse_clock(said), start.replace(second=0, microsecond=0), zone)
        else:
            moment = parse_moment(said, now, zone)
    except (ValueError, OverflowError):
        raise InputError(
            _('"{text}" is not a time').format(text=said),
            _("write it as on paper: 9:12, 0912, or +15 for T+15"),
        ) from None
    if is_to_come(moment, now):
        raise InputError(
            _("{time} is still to come").format(time=said),
            _("look at the paper again; a time of another day: 27.11. 9:12"),
        )
    return min(moment, now)
