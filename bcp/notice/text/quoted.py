"""A provider's date in a finished letter: as a moment, as a day, in words or digits, or as the provider said it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bcp.notice.text.language import LANGUAGES

_SAID_LONG_ENOUGH = 5
_WITH_CLOCK = r"[\s,]+(?:[\w.]+\s+){0,2}\d{1,2}[:.]\d\d"
"""A clock behind a day, with whatever word a language puts before it."""


class Doubted(NamedTuple):
    """A date that nobody should rely on any more: who gave it, when it is, and the words in which it was said."""

    provider: str
    at: datetime
    said: str = ""


def quoted(
    text: str, language: str, one: Doubted, own: tuple[datetime, ...], zone: ZoneInfo
) -> Iterator[str]:
    """The places in `text` that tell the date of `one`; our own moments (the next update) are no such place."""
    for moment in own:
        text = _ours(language, moment, zone).sub("—", text)
    for found in _pattern(language, one, zone).finditer(text):
        yield " ".join(found[0].split())


def _ours(language: str, moment: datetime, zone: ZoneInfo) -> re.Pattern[str]:
    """Our own moment, or its day alone: the same day at another time is not ours."""
    whole, day = LANGUAGES[language].when(moment, zone), LANGUAGES[language].on_day(moment, zone)
    return re.compile(f"{re.escape(whole)}|{re.escape(day)}(?!{_WITH_CLOCK})")


def _pattern(language: str, one: Doubted, zone: ZoneInfo) -> re.Pattern[str]:
    here, words = one.at.astimezone(zone), LANGUAGES[language]
    day, month, year = rf"0?{here.day}", rf"0?{here.month}", here.year
    name = re.escape(words.months[here.month - 1])
    on_weekday, clock = re.escape(words.on_weekday[here.weekday()]), rf"0?{here.hour}[:.]{here.minute:02}"
    ways = [
        rf"(?<!\d){day}(?:\.|st|nd|rd|th)?\s+(?:of\s+)?{name}\b",
        rf"\b{name}\s+{day}(?!\d)",
        rf"(?<![\d.:]){day}\.\s?{month}\.(?!\d\d:)",
        rf"(?<![\d/]){day}/{month}(?!\d)",
        rf"{year}-0?{month}-0?{day}(?!\d)",
        rf"{on_weekday}(?:\W+\w+){{0,3}}?\W+{clock}(?!\d)",
    ]
    said = " ".join(one.said.split())
    if len(said) >= _SAID_LONG_ENOUGH:
        ways.insert(0, r"(?<!\w)" + r"\s+".join(map(re.escape, said.split(" "))) + r"(?!\w)")
    return re.compile("|".join(ways), re.IGNORECASE)
