"""Phone numbers in a text, and how they are read aloud: in groups of digits."""

from __future__ import annotations

import re

from bcp.normalize import say_phone

_NUMBER = re.compile(r"(?<![\w@/.-])\+?\d(?:[ \u00a0()./-]{0,2}\d){6,14}(?![\w@/-])")


def has_number(text: str) -> bool:
    """Whether a phone number stands in it."""
    return _NUMBER.search(text) is not None


def in_groups(text: str) -> str:
    """Each phone number of a text in groups: as its country says it where the number names one, else by threes."""
    return _NUMBER.sub(lambda found: _grouped(found[0]), text)


def _grouped(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    if number.startswith(("+", "00")):
        return say_phone(f"+{digits.removeprefix('00') if number.startswith('00') else digits}")
    if re.search(r"\d{5}", number) is None and re.search(r"\d[^\d]+\d", number):
        return number
    cut = len(digits) % 3 or 3
    head = digits[: cut if cut > 1 else 4]
    rest = digits[len(head) :]
    return " ".join([head, *(rest[at : at + 3] for at in range(0, len(rest), 3))])
