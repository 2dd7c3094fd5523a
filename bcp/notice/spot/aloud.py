"""Phone numbers in a text, and how they are read aloud: in groups of digits."""

from __future__ import annotations

import re

from bcp.normalize import say_phone

_NUMBER = re.compile(r"(?<![\w@/.-])\+?\d(?:[ \u00a0()./-]{0,2}\d){6,14}(?![\w@/-])")


_DAY = r"\d{1,2}[./-] ?\d{1,2}[./-] ?\d{4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}"
_HOUR = r"(?:[01]?\d|2[0-4])\.[0-5]\d"
_NO_PHONE = re.compile(
    rf"(?:{_DAY}|{_HOUR}|(?:19|20)\d\d)(?:[ \u00a0/-]{{1,2}}(?:{_DAY}|{_HOUR}|(?:19|20)\d\d))*"
)
"""Days, hours, and years, also several: `30.11.2026 9.30-17.00`."""


def has_number(text: str) -> bool:
    """Whether a phone number stands in it."""
    return any(not _NO_PHONE.fullmatch(found[0]) for found in _NUMBER.finditer(text))


def in_groups(text: str) -> str:
    """Each phone number of a text in groups: as its country says it where the number names one, else by threes."""
    return _NUMBER.sub(lambda found: _grouped(found[0]), text)


def _grouped(number: str) -> str:
    if _NO_PHONE.fullmatch(number):
        return number
    digits = re.sub(r"\D", "", number)
    if number.startswith(("+", "00")) and number.count("(") == number.count(")"):
        return say_phone(f"+{digits.removeprefix('00') if number.startswith('00') else digits}")
    # Groups that somebody wrote stay, such as an area code in brackets.
    return re.sub(r"\d{5,}", lambda found: _by_threes(found[0]), number)


def _by_threes(digits: str) -> str:
    cut = len(digits) % 3 or 3
    head = digits[: cut if cut > 1 else 4]
    rest = digits[len(head) :]
    return " ".join([head, *(rest[at : at + 3] for at in range(0, len(rest), 3))])
