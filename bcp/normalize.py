"""How people write phone numbers and amounts, brought to one form; and a number as people say it."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import cache

from bcp.i18n import _


def normal_phone(text: str) -> str:
    """A phone number as E.164, `+48226000001`; accepts spaces, dashes, brackets and a leading 00.

    Raises ValueError when it has no country code or no plausible length (ITU-T E.164: 15 digits at most).
    """
    bare = re.sub(r"[\s\-./()\u00a0]", "", text)
    bare = "+" + bare[2:] if bare.startswith("00") else bare
    if not re.fullmatch(r"\+[1-9]\d{6,14}", bare):
        raise ValueError(_('expected a phone number with its country code, such as "+48 22 600 00 01"'))
    return bare


@cache
def say_phone(number: str) -> str:
    """`+48226000001` as `+48 22 600 00 01`, grouped as its country does; anything else as it is."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


_LONGEST_SUM = 60
"""Letters: what is longer is no amount of money."""


def normal_money(text: str) -> str:
    """An amount with its currency, `1234.50 PLN`; accepts a comma or a point and blanks between thousands.

    Raises ValueError when the amount or the three-letter currency (ISO 4217) is missing.
    """
    found = re.fullmatch(r"([\d\s\u00a0.,]++)([A-Za-z]{3})", text.strip())
    if found and len(found[0]) <= _LONGEST_SUM:
        digits = re.sub(r"[\s\u00a0]", "", found[1])
        whole, point, cents = re.fullmatch(r"(.*?)(?:([.,])(\d{1,2}))?", digits).groups()  # type: ignore[union-attr]
        whole = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", whole)
        try:
            amount = Decimal(f"{whole}.{cents}" if point else whole)
            return f"{amount:.2f} {found[2].upper()}"
        except InvalidOperation:
            pass
    raise ValueError(_('expected an amount with its currency, such as "199.00 PLN"'))
