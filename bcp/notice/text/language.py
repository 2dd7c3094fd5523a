"""How a letter greets by name and tells a time, in each of its languages.

Months are in the case that a date needs, as CLDR has them (a test compares them with Babel's). Weekdays
stand with the preposition that "on Thursday" takes. A name is put into the vocative only where the
contact file gives it: a wrong one is worse than none, so then the name stands above a greeting without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bcp.contact.model import Contact

_MALE = frozenset({"mr", "mr.", "pan", "herr", "κύριος", "κύριε", "κ.", "κος", "κος."})
_FEMALE = frozenset({"ms", "ms.", "mrs", "mrs.", "miss", "pani", "paní", "frau", "κυρία", "κα", "κα."})


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its months, its weekdays, how a moment is written, and how a contact is greeted."""

    months: tuple[str, ...]
    on_weekday: tuple[str, ...]
    moment: str
    day: str
    greet: Callable[[Contact], str]

    def when(self, moment: datetime, zone: ZoneInfo) -> str:
        """`on Thursday 26 November at 16:00`: the weekday, the day and the office's clock."""
        here = moment.astimezone(zone)
        return self.moment.format(**self._parts(here), clock=f"{here:%H:%M}")

    def on_day(self, moment: datetime, zone: ZoneInfo) -> str:
        """`on Thursday 26 November`."""
        return self.day.format(**self._parts(moment.astimezone(zone)))

    def _parts(self, here: datetime) -> dict[str, object]:
        return {
            "weekday": self.on_weekday[here.weekday()],
            "day": here.day,
            "month": self.months[here.month - 1],
        }


_TITLES = frozenset(
    {"dr", "dr.", "prof", "prof.", "mgr", "mgr.", "inż.", "ing.", "mudr.", "judr.", "mecenas", "δρ", "δρ."}
)


def _form(contact: Contact) -> str:
    """`m`, `f`, `t` for a title that stands before a name, `v` for a whole vocative, or nothing."""
    said = contact.salutation.casefold()
    if said in _MALE:
        return "m"
    if said in _TITLES:
        return "t"
    return "f" if said in _FEMALE else "v" if said else ""


def _surname(contact: Contact) -> str:
    """The last word of the person's name, without what follows a comma."""
    words = contact.person.partition(",")[0].split()
    return words[-1] if words else contact.person


def _english(contact: Contact) -> str:
    if not contact.person:
        return f"Dear all at {contact.name}"
    title = {"m": "Mr", "f": "Ms"}.get(_form(contact))
    if title or _form(contact) == "t":
        return f"Dear {title or contact.salutation} {_surname(contact)}"
    return f"Dear {contact.salutation or contact.person}"


def _german(contact: Contact) -> str:
    if not contact.person:
        return f"Guten Tag an alle bei {contact.name}"
    opening = {"m": "Sehr geehrter Herr", "f": "Sehr geehrte Frau"}.get(_form(contact))
    if opening:
        return f"{opening} {_surname(contact)}"
    if _form(contact) == "t":
        return f"Guten Tag, {contact.salutation} {_surname(contact)}"
    return _by_beginning(contact.salutation, _GERMAN) or f"Guten Tag, {contact.salutation or contact.person}"


def _with_vocative(openings: Mapping[str, str], hello: str) -> Callable[[Contact], str]:
    """The greeting of a language with a vocative: what the file gives, else the name above a plain hello."""

    def greet(contact: Contact) -> str:
        if _form(contact) == "v":
            return _by_beginning(contact.salutation, openings) or f"{hello}, {contact.salutation}"
        return f"{contact.person or contact.name}\n\n{hello}"

    return greet


def _greek(contact: Contact) -> str:
    if contact.person and _form(contact) == "f":
        return f"Αγαπητή κυρία {_surname(contact)}"
    return _with_vocative(_GREEK, "Καλημέρα σας")(contact)


def _by_beginning(vocative: str, openings: Mapping[str, str]) -> str:
    first = vocative.split(" ", 1)[0].casefold()
    return f"{openings[first]} {vocative}" if first in openings else ""


_GERMAN = {"frau": "Sehr geehrte", "herr": "Sehr geehrter"}
_POLISH = {"pani": "Szanowna", "panie": "Szanowny", "państwo": "Szanowni"}
_CZECH = {"paní": "Vážená", "pane": "Vážený", "slečno": "Vážená"}
_GREEK = {"κυρία": "Αγαπητή", "κύριε": "Αγαπητέ"}


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
        day="{weekday} {day} {month}",
        greet=_english,
    ),
    "pl": Language(
        months=_words(
            "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"
        ),
        on_weekday=_split("w poniedziałek|we wtorek|w środę|w czwartek|w piątek|w sobotę|w niedzielę"),
        moment="{weekday} {day} {month} o godz. {clock}",
        day="{weekday} {day} {month}",
        greet=_with_vocative(_POLISH, "Dzień dobry"),
    ),
    "cs": Language(
        months=_words("ledna února března dubna května června července srpna září října listopadu prosince"),
        on_weekday=_split("v pondělí|v úterý|ve středu|ve čtvrtek|v pátek|v sobotu|v neděli"),
        moment="{weekday} {day}. {month} v {clock}",
        day="{weekday} {day}. {month}",
        greet=_with_vocative(_CZECH, "Dobrý den"),
    ),
    "el": Language(
        months=_words(
            "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου"
            " Νοεμβρίου Δεκεμβρίου"
        ),
        on_weekday=_split("τη Δευτέρα|την Τρίτη|την Τετάρτη|την Πέμπτη|την Παρασκευή|το Σάββατο|την Κυριακή"),
        moment="{weekday} {day} {month}, ώρα {clock}",
        day="{weekday} {day} {month}",
        greet=_greek,
    ),
    "de": Language(
        months=_words("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        on_weekday=_words("Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag", "am "),
        moment="{weekday}, {day}. {month}, um {clock} Uhr",
        day="{weekday}, {day}. {month}",
        greet=_german,
    ),
}
