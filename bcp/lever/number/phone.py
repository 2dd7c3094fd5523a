"""A phone number as a telephone dials it, and as it may stand anywhere on a page."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Protocol

_JOINTS = "[ \\t\\u00a0\\u2007\\u2009\\u202f()./\\u2010-\\u2015\\u2212\\-]{0,3}"


class Reachable(Protocol):
    """Somebody who may be called."""

    @property
    def name(self) -> str:
        """What they are called."""
        ...

    @property
    def phone(self) -> str | None:
        """Their number, if it is known."""
        ...


def dialled(to: str, on: str, mobile: bool) -> str:
    """What is keyed for `to` on the telephone `on` (both E.164): with + on a mobile phone, else as in its country."""
    if mobile:
        return to
    there, here = _parsed(to), _parsed(on)
    if there is None or here is None or there.country_code != here.country_code:
        return "00" + to.removeprefix("+")
    import phonenumbers

    said = phonenumbers.format_number(there, phonenumbers.PhoneNumberFormat.NATIONAL)
    return re.sub(r"\D", "", said)


@cache
def spelled(number: str) -> re.Pattern[str]:
    """Finds `number` in a text in any of its usual spellings.

    With the country code after + or 00, with `(0)` behind it, with the 0 of the trunk, or with neither; blanks
    of every kind, dashes, points, strokes and brackets between the digits.
    """
    parsed = _parsed(number)
    country, national = (
        (str(parsed.country_code), _national(parsed))
        if parsed is not None
        else ("", re.sub(r"\D", "", number))
    )
    digits = _JOINTS.join(national)
    abroad = (
        rf"(?:(?:\+|00){_JOINTS}{_JOINTS.join(country)}{_JOINTS}(?:\(?0\)?{_JOINTS})?)" if country else ""
    )
    front = rf"(?:{abroad}|0{_JOINTS})?" if abroad else ""
    return re.compile(rf"(?<![\d+]){front}{digits}(?!\d)")


def _national(parsed: Any) -> str:
    import phonenumbers

    return str(phonenumbers.national_significant_number(parsed))


@cache
def _parsed(number: str) -> Any:
    import phonenumbers

    try:
        return phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
