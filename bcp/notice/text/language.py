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
    """One language: its months, its weekdays, how a moment is written, and how a contact is greeted.

    `before` is the word in front of a clock, by its hour: `v 9:00`, `ve 14:00`.
    """

    months: tuple[str, ...]
    on_weekday: tuple[str, ...]
    moment: str
    day: str
    greet: Callable[[Contact], str]
    before: Callable[[int], str]

    def when(self, moment: datetime, zone: ZoneInfo) -> str:
        """`on Thursday 26 November at 16:00`: the weekday, the day and the office's clock."""
        here = moment.astimezone(zone)
        clock = f"{self.before(here.hour)} {here.hour}:{here:%M}"
        return self.moment.format(**self._parts(here), clock=clock)

    def on_day(self, moment: datetime, zone: ZoneInfo) -> str:
        """`on Thursday 26 November`."""
        return self.day.format(**self._parts(moment.astimezone(zone)))

    def _parts(self, here: datetime) -> dict[str, object]:
        return {
            "weekday": self.on_weekday[here.weekday()],
            "day": here.day,
            "month": self.months[here.month - 1],
        }


def _always(word: str) -> Callable[[int], str]:
    return lambda hour: word


def _czech(hour: int) -> str:
    """`ve` before what is spoken with two consonants: dvě, tři, čtyři, dvanáct, třináct, čtrnáct, dvacet."""
    return "ve" if hour in (2, 3, 4, 12, 13, 14) or hour >= 20 else "v"


def _greek(hour: int) -> str:
    """One o'clock is one, all others are several."""
    return "στη" if hour == 1 else "στις"


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
        moment="{weekday} {day} {month} {clock}",
        day="{weekday} {day} {month}",
        greet=_greet("en"),
        before=_always("at"),
    ),
    "pl": Language(
        months=_words(
            "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"
        ),
        on_weekday=_split("w poniedziałek|we wtorek|w środę|w czwartek|w piątek|w sobotę|w niedzielę"),
        moment="{weekday} {day} {month} {clock}",
        day="{weekday} {day} {month}",
        greet=_greet("pl"),
        before=_always("o godz."),
    ),
    "cs": Language(
        months=_words("ledna února března dubna května června července srpna září října listopadu prosince"),
        on_weekday=_split("v pondělí|v úterý|ve středu|ve čtvrtek|v pátek|v sobotu|v neděli"),
        moment="{weekday} {day}. {month} {clock}",
        day="{weekday} {day}. {month}",
        greet=_greet("cs"),
        before=_czech,
    ),
    "el": Language(
        months=_words(
            "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου"
            " Νοεμβρίου Δεκεμβρίου"
        ),
        on_weekday=_split("τη Δευτέρα|την Τρίτη|την Τετάρτη|την Πέμπτη|την Παρασκευή|το Σάββατο|την Κυριακή"),
        moment="{weekday} {day} {month} {clock}",
        day="{weekday} {day} {month}",
        greet=_greet("el"),
        before=_greek,
    ),
    "de": Language(
        months=_words("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        on_weekday=_words("Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag", "am "),
        moment="{weekday}, dem {day}. {month}, {clock} Uhr",
        day="{weekday}, dem {day}. {month}",
        greet=_greet("de"),
        before=_always("um"),
    ),
}
