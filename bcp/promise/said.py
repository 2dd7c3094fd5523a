"""Reads a time as people say it ("tomorrow noon", "w piątek", "in 2 days"), in English, Polish, German, Czech and
Greek.

Who names a day without a clock time has until the end of the working day (17:00); who names a part of a day, until
that part is over. What was understood is always shown to the person before it is kept.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bcp.bald import bald
from bcp.promise import words
from bcp.times import on_day, parse_moment

_TOKEN = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{4})?|\d{1,2}[:.]\d{2}|\d+|[^\W\d_]+"
)
_DAY_ALONE = re.compile(r"\d{4}-?\d\d?-?\d\d?")
_WITHOUT_YEAR = re.compile(r"\d{1,2}\.\s?\d{1,2}\.(?!\s?\d{4}).*")
_LONGEST = 100
_EXAMPLES = 'say it such as "tomorrow 12:00", "w piątek", "in 2 days" or "26.11. 16:00"'


class Unclear(ValueError):
    """What was said names no time that we understand."""


def read_said(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The moment that `text` names as seen from `now`, in UTC; it may lie in the past.

    Raises Unclear with what was not understood.
    """
    if len(text) > _LONGEST:
        raise Unclear(f"that is too long for a time; {_EXAMPLES}")
    # A day without its year is the coming one here: a promise lies ahead.
    if not (_DAY_ALONE.fullmatch(text.strip()) or _WITHOUT_YEAR.fullmatch(text.strip())):
        with suppress(ValueError, OverflowError):
            return parse_moment(text, now, zone)
    said = _Said(now.astimezone(zone))
    try:
        said.read(_TOKEN.findall(_plain(text)))
        return said.moment(zone)
    except (ValueError, OverflowError) as error:
        raise error if isinstance(error, Unclear) else Unclear(f'"{text}" is no date; {_EXAMPLES}') from None


def _plain(text: str) -> str:
    """Small letters without accents."""
    return bald(text).replace("day after tomorrow", "overmorrow")


@dataclass
class _Said:
    """What has been understood of a text so far."""

    now: datetime
    day: date | None = None
    weekday: int | None = None
    clock: time | None = None
    length: timedelta | None = None
    number: int | None = None
    half: bool = False
    exact: bool = False
    ahead: bool = False
    coming: bool = False
    end: bool = False
    by_month: bool = False

    def read(self, tokens: list[str]) -> None:
        """Take the words one after the other; the order hardly matters."""
        for index, token in enumerate(tokens):
            following = tokens[index + 1] if index + 1 < len(tokens) else ""
            if token[0].isdigit():
                self._digits(token, following)
            else:
                self._word(token)
        if self.number is not None:
            self._last_number(self.number)

    def _last_number(self, number: int) -> None:
        """A number that belonged to no other word: an hour, `1600`, or the year of the day before it."""
        if self.by_month and self.day is not None and 0 <= number - self.now.year <= 1:
            self.day = self.day.replace(year=number)
        elif self.exact or 24 < number < 100:
            raise Unclear(f'"{number}" is no hour here; {_EXAMPLES}')
        elif number == 24:
            self._set_clock(words.LAST_MINUTE)
        else:
            self._set_clock(time(number) if number < 24 else time(*divmod(number, 100)))

    def moment(self, zone: ZoneInfo) -> datetime:
        """The moment that all of it names."""
        if self.length is not None and self.exact:
            # Hours pass by the clock of the world: the one on the wall may jump meanwhile.
            return self.now.astimezone(UTC) + self.length
        if self.length is not None:
            self.day = self.now.date() + self.length
        if self.day is None and self.weekday is None and self.clock is None and not self.end:
            raise Unclear(f"no time is named; {_EXAMPLES}")
        clock = self.clock or words.END_OF_DAY
        if self.day is not None and self.weekday not in (None, self.day.weekday()):
            raise Unclear(f"the {self.day.isoformat()} is another day of the week; {_EXAMPLES}")
        if self.weekday is None or self.day is not None:
            return on_day(self.day or self.now.date(), clock, zone)
        return self._on_weekday(self.weekday, clock, zone)

    def _on_weekday(self, weekday: int, clock: time, zone: ZoneInfo) -> datetime:
        """The coming such day, today included while that time is still to come; with "next", that of next week."""
        today = self.now.date()
        if self.coming:
            monday = today - timedelta(days=today.weekday()) + timedelta(days=7)
            return on_day(monday + timedelta(days=weekday), clock, zone)
        day = today + timedelta(days=(weekday - today.weekday()) % 7)
        found = on_day(day, clock, zone)
        return found if found > self.now else on_day(day + timedelta(days=7), clock, zone)

    def _digits(self, token: str, following: str) -> None:
        if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", token):
            year, month, day = map(int, token.split("-"))
            self._set_day(date(year, month, day))
        elif dotted := re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4}))?", token):
            self._set_day(self._this_year(int(dotted[2]), int(dotted[1]), dotted[3]))
        elif clock := re.fullmatch(r"(\d{1,2})[:.](\d{2})", token):
            self._set_clock(time(int(clock[1]), int(clock[2])))
        elif following in ("am", "pm") and 1 <= int(token) <= 12:
            self._set_clock(time(int(token) % 12 + (12 if following == "pm" else 0)))
        else:
            self._set_number(int(token))

    def _word(self, word: str) -> None:
        if self.ahead and word in words.NUMBERS:
            self._set_number(words.NUMBERS[word])
        elif word in words.UNITS and self._is_length(word):
            self._unit(word)
        elif word in words.MONTHS and self.number is not None:
            number, self.number, self.by_month = self.number, None, True
            self._set_day(self._this_year(words.MONTHS[word], number, None))
        elif word in words.MORNING_TOO and self.weekday is not None:
            self._set_clock(words.CLOCK["morgens"])
        elif word in words.DAYS_AHEAD:
            self._set_day(self.now.date() + timedelta(days=words.DAYS_AHEAD[word]))
            if word in words.CLOCK:
                self._set_clock(words.CLOCK[word])
        elif word in words.WEEKDAYS:
            self.weekday = words.WEEKDAYS[word]
        elif word in words.CLOCK:
            self._set_clock(words.CLOCK[word])
        else:
            self._small(word)

    def _small(self, word: str) -> None:
        """Words that only mean something beside others."""
        if word in words.NEXT:
            self.coming = True
        elif word in words.HALF:
            self.half = True
        elif word in words.AHEAD:
            self.ahead = True
        elif word in words.WEEK and (self.end or self.coming):
            self.weekday = 4 if self.weekday is None else self.weekday
        elif word in words.END:
            self.end = True
        elif (
            word not in words.FILLING and word not in ("am", "pm") and not (self.end and word in words.OF_DAY)
        ):
            raise Unclear(f'"{word}" is not understood here; {_EXAMPLES}')

    def _is_length(self, word: str) -> bool:
        """Whether the unit belongs to a length ("in 2 days", "48 hours"), not to a clock time ("o 12 godzinie")."""
        if self.ahead or self.half:
            return True
        clock_word = words.UNITS[word] == timedelta(hours=1) and word not in ("h", "hours")
        return self.number is not None and not clock_word

    def _unit(self, word: str) -> None:
        count = 1 if self.number is None else self.number
        unit = words.UNITS[word]
        self.length = (self.length or timedelta()) + (unit / 2 if self.half else unit * count)
        self.exact = self.exact or self.half or unit < timedelta(days=1)
        self.number, self.half = None, False

    def _this_year(self, month: int, day: int, year: str | None) -> date:
        """The date; without a year the coming one."""
        if year:
            return date(int(year), month, day)
        found = date(self.now.year, month, day)
        return found if found >= self.now.date() else found.replace(year=found.year + 1)

    def _set_day(self, day: date) -> None:
        if self.day is not None:
            raise Unclear(f"two days are named; {_EXAMPLES}")
        self.day = day

    def _set_clock(self, clock: time) -> None:
        if self.clock is not None and self.clock != clock:
            # "jutro rano o 8:00": the exact time wins over the part of the day.
            exact = clock if clock not in words.CLOCK.values() else self.clock
            self.clock = exact
            return
        self.clock = clock

    def _set_number(self, number: int) -> None:
        if self.number is not None:
            raise Unclear(f"two numbers are named; {_EXAMPLES}")
        self.number = number
