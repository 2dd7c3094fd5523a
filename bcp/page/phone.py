"""Phone numbers as paper shows them, and as a telephone dials them from a QR code."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import quote

LINE = "______________"
"""Where a number is missing: a line to write it on."""


@cache
def say_phone(number: str) -> str:
    """`+48226000001` as `+48 22 600 00 01`, grouped as its country does; anything else as it is."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def dial(number: str) -> str:
    """The `tel:` address of a number or a forwarding code; `#` is escaped (RFC 3966, RFC 3986)."""
    return "tel:" + quote(re.sub(r"[^\d+*#]", "", number), safe="+*")
