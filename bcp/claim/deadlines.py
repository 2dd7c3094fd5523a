"""Deadlines of a claim, and the same as a calendar file (iCalendar, RFC 5545)."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bcp.claim.model import Deadline


@dataclass(frozen=True, slots=True)
class Day:
    """One deadline with its day."""

    deadline: Deadline
    day: date


def days(deadlines: Iterable[Deadline], known: Mapping[str, date | None]) -> list[Day]:
    """The deadlines whose beginning is known (`report`, `restored`, `complaint`, `answer`), the nearest first."""
    found = []
    for deadline in deadlines:
        begin = known.get(deadline.after)
        if begin is not None:
            found.append(Day(deadline, _months_on(begin, deadline.months) + timedelta(days=deadline.days)))
    return sorted(found, key=lambda each: each.day)


def _months_on(day: date, months: int) -> date:
    """The same day so many months on; the last one of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def ics(found: Sequence[Day], incident: str, now: datetime) -> bytes:
    """The deadlines as whole-day events, each with a reminder a week before."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//bcp-office//claim//EN"]
    for each in found:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{each.deadline.deadline}-{incident}@bcp-office",
            f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{each.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{each.day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(each.deadline.title)}",
            f"DESCRIPTION:{_escaped(f'{each.deadline.consequence} ({each.deadline.source})')}",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{_escaped(each.deadline.title)}",
            "TRIGGER:-P7D",
            "END:VALARM",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(part + "\r\n" for line in lines for part in _folded(line)).encode()


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Pieces of at most 75 octets; those behind the first begin with a blank."""
    piece, size = "", 0
    for letter in line:
        length = len(letter.encode())
        if size + length > 75:
            yield piece
            piece, size = " ", 1
        piece, size = piece + letter, size + length
    yield piece
