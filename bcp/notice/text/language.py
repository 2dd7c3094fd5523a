"""How a letter tells a time, and greets, in each of its languages; `greeting.py` holds the rules of greeting.

Months are in the case that a date needs, as CLDR has them (a test compares them with Babel's). Weekdays
stand with the preposition that "on Thursday" takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bcp.contact.model import Contact
from bcp.notice.text.greeting import greeting


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its months, its weekdays, how a moment is written, and how a contact is greeted."""

    months: tuple[str, ...]
    on_weekday: tuple[str, ...]
    moment: str
    day: str
    greet: Callable[[Contact], str]
    at: str = ""
    at_odd_hours: str = ""
    odd_hours: frozenset[int] = frozenset()
    """The hours before which `at` has another form: Czech before 2, 3, 4 and what ends so, Greek before one o'clock."""
    has_zero: bool = False
    """Whether an hour of one digit is written with a zero: 09:00."""

    def when(self, moment: datetime, zone: ZoneInfo) -> str:
        """`on Thursday 26 November at 16:00`: the weekday, the day and the office's clock."""
        here = moment.astimezone(zone)
        clock = f"{here:%H:%M}" if self.has_zero else f"{here.hour}:{here:%M}"
        at = self.at_odd_hours if here.hour in self.odd_hours else self.at
        return self.moment.format(**self._parts(here), at=at, clock=clock)

    def on_day(self, moment: datetime, zone: ZoneInfo) -> str:
        """`on Thursday 26 November`."""
        return self.day.format(**self._parts(moment.astimezone(zone)))

    def _parts(self, here: datetime) -> dict[str, object]:
        return {
            "weekday": self.on_weekday[here.weekday()],
            "day": here.day,
            "month": self.months[here.month - 1],
        }


def _greet(code: str) -> Callable[[Contact], str]:
    return lambda contact: greeting(code, contact).text


def _words(text: str, before: str = "") -> tuple[str, ...]:
    return tuple(before + word for word in text.split())


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


LANGUAGES: Mapping[str, Language] = {
    "en": Language(
        months=_words(
            "January February March April May June July August September October November December"
        ),
        on_weekday=_words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday", "on "),
        moment="{weekday} {day} {month} at {clock}",
        has_zero=True,
        day="{weekday} {day} {month}",
        greet=_greet("en"),
    ),
    "pl": Language(
        months=_words(
            "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"
        ),
        on_weekday=_split("w poniedziałek|we wtorek|w środę|w czwartek|w piątek|w sobotę|w niedzielę"),
        moment="{weekday} {day} {month} o godz. {clock}",
        day="{weekday} {day} {month}",
        greet=_greet("pl"),
    ),
    "cs": Language(
        months=_words("ledna února března dubna května června července srpna září října listopadu prosince"),
        on_weekday=_split("v pondělí|v úterý|ve středu|ve čtvrtek|v pátek|v sobotu|v neděli"),
        moment="{weekday} {day}. {month} {at} {clock}",
        at="v",
        at_odd_hours="ve",
        odd_hours=frozenset({2, 3, 4, 12, 13, 14, 20, 21, 22, 23}),
        day="{weekday} {day}. {month}",
        greet=_greet("cs"),
    ),
    "el": Language(
        months=_words(
            "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου"
            " Νοεμβρίου Δεκεμβρίου"
        ),
        on_weekday=_split("τη Δευτέρα|την Τρίτη|την Τετάρτη|την Πέμπτη|την Παρασκευή|το Σάββατο|την Κυριακή"),
        moment="{weekday} {day} {month} {at} {clock}",
        at="στις",
        at_odd_hours="στη",
        odd_hours=frozenset({1}),
        day="{weekday} {day} {month}",
        greet=_greet("el"),
    ),
    "de": Language(
        months=_words("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        on_weekday=_words("Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag", "am "),
        moment="{weekday}, dem {day}. {month}, um {clock} Uhr",
        day="{weekday}, dem {day}. {month}",
        greet=_greet("de"),
    ),
}
