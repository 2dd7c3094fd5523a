"""Short codes for the people of an incident: what a list shows beside a name, and what is typed to report on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bcp.errors import InputError
from bcp.notice.campaign.calls import RESULTS

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without I and O, which are digits in many a handwriting."""
_DIGITS = "123456789"
_CODE = re.compile(f"[{_LETTERS}]{{1,4}}[{_DIGITS}]")
_LOOK_ALIKE = str.maketrans("ΑΒΕΖΗΚΜΝΡΤΥΧАВЕКМНРСТУХ", "ABEZHKMNPTYXABEKMHPCTYX")
"""Letters of a Greek or Cyrillic keyboard that look like one of ours."""
_TICK = re.compile(r"[^\W\d_]{1,4}[1-9](=[\w-]+)?")
_EXAMPLE = "such as: bcp notice called A3=told B1=no-answer"


def codes(contacts: Iterable[str]) -> dict[str, str]:
    """The code of each contact, by its id.

    `contacts` come in the order in which they first got a letter in this incident. That order only grows, so a code
    that stands on paper or on a phone means the same contact as long as the incident lasts.
    """
    return {contact: _code(number) for number, contact in enumerate(contacts)}


def _code(number: int) -> str:
    """`A1` to `A9`, `B1` to `Z9`, then `AA1`."""
    rest, digit = divmod(number, len(_DIGITS))
    letters = ""
    while True:
        rest, letter = divmod(rest, len(_LETTERS))
        letters = _LETTERS[letter] + letters
        if not rest:
            return letters + _DIGITS[digit]
        rest -= 1


def as_code(said: str) -> str:
    """What was typed as a code, or nothing where it can be none."""
    plain = said.strip().upper().translate(_LOOK_ALIKE)
    return plain if _CODE.fullmatch(plain) else ""


class CallTick(NamedTuple):
    """Who is meant, by a code or a name, and what came of telling him: one of `RESULTS`."""

    who: str
    result: str


class CallTicks(NamedTuple):
    """What was reported; a list by codes may be typed again, and then says nothing new."""

    all: tuple[CallTick, ...]
    is_list: bool


def ticks(typed: Sequence[str]) -> CallTicks:
    """What was typed behind `notice called`: `NAME RESULT`, or codes, each with `=RESULT` or alone, which is "told".

    Raises InputError for a result that there is not, and for two that contradict each other.
    """
    if len(typed) == 2 and "=" not in "".join(typed) and not as_code(typed[1]):
        return CallTicks((CallTick(typed[0], _result(typed[1])),), is_list=False)
    found: dict[str, str] = {}
    for part in (each.strip(" ,") for each in _apart(typed)):
        who, sign, result = part.rpartition("=") if "=" in part else (part, "", "")
        if not sign and not as_code(who):
            raise InputError(f'"{who.strip()}" is no code of the list', _EXAMPLE)
        known = _result(result) if sign else "told"
        if found.setdefault(who.strip(), known) != known:
            raise InputError(f"{who.strip()} is there twice, with two results", _EXAMPLE)
    return CallTicks(tuple(CallTick(who, result) for who, result in found.items()), is_list=True)


def _apart(typed: Sequence[str]) -> Sequence[str]:
    """The parts of a list of codes, whatever stands between them; anything else as it was typed: a name may hold it."""
    whole = re.sub(r"\s*[=:]\s*", "=", " ".join(typed))
    parts = [each.rstrip(".") for each in re.split(r"[\s,;]+", whole) if each.rstrip(".")]
    return parts if all(_TICK.fullmatch(part) for part in parts) else typed


def _result(said: str) -> str:
    plain = said.strip().casefold()
    if plain not in RESULTS:
        raise InputError(f'"{said.strip()}" is no result of a call', "one of: " + ", ".join(RESULTS))
    return plain
