"""Facts: the named answers of an incident, their types, and reading them from what a person types."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from bcp.i18n import _
from bcp.normalize import normal_money
from bcp.times import (
    is_clock,
    is_to_come,
    is_too_far,
    last_clock,
    local,
    next_clock,
    parse_clock,
    parse_moment,
)
from bcp.yes_no import read_yes_no

FactType = Literal["text", "phone", "choice", "yes-no", "datetime", "money", "number"]

NOT_KNOWN = "?"
"""What a person answers who does not know; nothing is written down as the fact."""
FOUND = "_found"
"""Behind the name of a fact: what this computer found of it, whatever people said and decided."""
_LATER = timedelta(hours=4)
_SHORTEST = 3
"""As many letters of a choice must be typed at least."""
_ALWAYS_AHEAD = ("provider_promise_at",)
"""Plans that were compiled before there was `ahead` ask for it without that."""
REFUSED = "refused"
"""What is written down where somebody would not say."""
_REFUSALS = frozenset(
    {
        REFUSED,
        "refuse",
        "none",
        "odmowa",
        "odmówiono",
        "brak",
        "verweigert",
        "keine",
        "odmítnuto",
        "άρνηση",
        "-",
    }
)


def is_refusal(text: str) -> bool:
    """Whether an answer says that there was none."""
    return text.strip().casefold() in _REFUSALS


class Fact(NamedTuple):
    """One thing we come to know: its name, how it is asked for, its type, and its choices, if it has any."""

    name: str
    ask: str = ""
    type: str = "text"
    choices: tuple[str, ...] = ()
    required: bool = True
    ahead: bool = False
    """Of a time: whether one is asked for that is still to come."""

    @property
    def values(self) -> tuple[str, ...]:
        """All values that this fact can take, or nothing where they cannot be counted."""
        return ("yes", "no") if self.type == "yes-no" else self.choices


class Place(NamedTuple):
    """Where and when an answer is given: what a local phone number and a clock time refer to.

    `rolls`: a clock time that is over today is that of tomorrow, where one to come is asked for; and one that is still
    to come today is that of yesterday, where one that is over is. `latest` is the present moment, where `now` is when
    the answer was written on paper.
    """

    country: str
    zone: ZoneInfo
    now: datetime
    rolls: bool = False
    latest: datetime | None = None


class OverToday(ValueError):
    """A clock time that is over today, where one to come is asked for; `coming` is when the clock shows it next."""

    def __init__(self, coming: datetime, zone: ZoneInfo) -> None:
        """`zone` is that of whoever reads it."""
        words = _('this time is over today. Tomorrow? Then write "{time}"')
        super().__init__(words.format(time=f"{coming.astimezone(zone):%Y-%m-%d %H:%M}"))
        self.coming = coming


class StillToCome(ValueError):
    """A clock time that is still to come today, where one that is over is asked for; `last` is yesterday's."""

    def __init__(self, last: datetime, zone: ZoneInfo) -> None:
        """`zone` is that of whoever reads it."""
        words = _('this time is still to come today. Yesterday? Then write "{time}"')
        super().__init__(words.format(time=f"{last.astimezone(zone):%Y-%m-%d %H:%M}"))
        self.last = last


def not_known_words(names: Sequence[str]) -> str:
    """What stands in a note where nobody knew these facts: `not known: provider_ticket`; nothing for none."""
    return _("not known: {names}").format(names=", ".join(names)) if names else ""


def read_answer(fact: Fact, typed: str, place: Place) -> str:
    """The one text of an answer: phone as E.164, yes/no, ISO 8601 with zone, `120.00 PLN`, a plain number.

    Raises ValueError with a sentence that says what was expected.
    """
    said = typed.strip()
    if not said:
        raise ValueError(_("an answer is needed"))
    if any(ord(letter) < 32 or 0xD800 <= ord(letter) <= 0xDFFF for letter in said):
        raise ValueError(_("expected plain text in one line"))
    return _READERS[fact.type](fact, said, place)


def _read_text(fact: Fact, said: str, place: Place) -> str:
    return said


def _read_phone(fact: Fact, said: str, place: Place) -> str:
    import phonenumbers

    example = _('expected a phone number such as "+48 22 600 00 01"')
    try:
        number = phonenumbers.parse(said, place.country)
    except phonenumbers.NumberParseException:
        raise ValueError(example) from None
    if not phonenumbers.is_possible_number(number):
        too = _("{said} is too short or too long for a phone number")
        raise ValueError(f"{too.format(said=said)}; {example}")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _read_choice(fact: Fact, said: str, place: Place) -> str:
    if said.isdecimal() and said not in fact.choices and 1 <= int(said) <= len(fact.choices):
        return fact.choices[int(said) - 1]
    exact = [choice for choice in fact.choices if choice.lower() == said.lower()]
    # A single letter may be a key of the screen that was pressed a moment too late ("g": go on).
    is_long = len(said) >= _SHORTEST
    starting = [choice for choice in fact.choices if is_long and choice.lower().startswith(said.lower())]
    if len(exact or starting) != 1:
        raise ValueError(_("expected one of: {choices}").format(choices=", ".join(fact.choices)))
    return (exact or starting)[0]


def _read_yes_no(fact: Fact, said: str, place: Place) -> str:
    read = read_yes_no(said)
    if read is None:
        raise ValueError(_("expected yes or no"))
    return "yes" if read else "no"


def _read_datetime(fact: Fact, said: str, place: Place) -> str:
    try:
        moment = parse_moment(said, place.now, place.zone)
    except (ValueError, OverflowError):
        raise ValueError(
            _('expected a date and time such as "2026-11-26 12:30", or a time of today: "12:30"')
        ) from None
    latest, ahead = place.latest or place.now, fact.ahead or fact.name in _ALWAYS_AHEAD
    if ahead and moment <= place.now:
        moment = _next_of(said, place)
    elif ahead and is_too_far(moment, place.now):
        raise ValueError(_("that is years away: look at the year"))
    elif not ahead and is_to_come(moment, latest):
        moment = _last_of(said, place, latest)
    return moment.astimezone(place.zone).isoformat(timespec="minutes")


def _next_of(said: str, place: Place) -> datetime:
    """The next time at which the clock shows what is over today.

    Raises OverToday where a person must say that it is meant, ValueError for a time with its day.
    """
    if not is_clock(said):
        raise ValueError(_("this time is over, and a time that is still to come is asked for"))
    coming = next_clock(parse_clock(said), place.now, place.zone)
    if not place.rolls:
        raise OverToday(coming, place.zone)
    return coming


def _last_of(said: str, place: Place, latest: datetime) -> datetime:
    """The last time at which the clock showed what is still to come today.

    Raises StillToCome where a person must say that it is meant, ValueError for a time with its day.
    """
    if not is_clock(said):
        words = _(
            "this time is still to come, and one that is over is asked for (now it is {now} on this computer)"
        )
        raise ValueError(words.format(now=local(latest, place.zone)))
    last = last_clock(parse_clock(said), latest, place.zone)
    if not place.rolls:
        raise StillToCome(last, place.zone)
    return last


def _read_money(fact: Fact, said: str, place: Place) -> str:
    return normal_money(said)


def _read_number(fact: Fact, said: str, place: Place) -> str:
    try:
        number = Decimal(said.replace(",", ".").replace(" ", ""))
    except InvalidOperation:
        raise ValueError(_("expected a number such as 3 or 2,5")) from None
    if not number.is_finite() or abs(number) > Decimal("1e12"):
        raise ValueError(_("expected a number such as 3 or 2,5"))
    return f"{number.normalize():f}"


_READERS = {
    "text": _read_text,
    "phone": _read_phone,
    "choice": _read_choice,
    "yes-no": _read_yes_no,
    "datetime": _read_datetime,
    "money": _read_money,
    "number": _read_number,
}


def example(fact: Fact, place: Place) -> str:
    """A value of the fact's type for a rehearsal; it reads back through `read_answer`."""
    if fact.type == "phone":
        return _nobodys_phone(place.country)
    return {
        "text": f"example of {fact.name}",
        "choice": (fact.choices or ("",))[0],
        "yes-no": "yes",
        "datetime": _example_time(fact, place).isoformat(timespec="minutes"),
        "money": "100.00 EUR",
        "number": "1",
    }[fact.type]


def _example_time(fact: Fact, place: Place) -> datetime:
    return place.now.astimezone(place.zone) + (_LATER if fact.ahead else timedelta())


def _nobodys_phone(country: str) -> str:
    """A number as long as those of the country, in a range that its numbering plan gives to nobody.

    So an example can be neither the office's own number nor that of a stranger who would be rung.
    """
    import phonenumbers

    usual = phonenumbers.example_number(country)
    if usual is None:
        # bcp.yaml takes any two letters; where they are no country, a number of the world's own range serves.
        return "+80012345678"
    length = len(str(usual.national_number))
    # From the last range down: a plan keeps the high ones free longest.
    for start in range(99, 9, -1):
        number = phonenumbers.PhoneNumber(usual.country_code, int(f"{start}".ljust(length - 1, "0") + "1"))
        if phonenumbers.is_possible_number(number) and not phonenumbers.is_valid_number(number):
            return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    # Benin and San Marino have given away every range.
    return str(phonenumbers.format_number(usual, phonenumbers.PhoneNumberFormat.E164))
