"""Which of our numbers ring while the line is dead, and texts that give a client nothing but one that does not."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from bcp.office.model import Office

OWN = ("mobile-code", "front-number", "api")
"""The methods of numbers that hang on no line of the office: they ring although it is dead."""

_RINGS = ("works-again", "one-handset")
"""What somebody found out about the phone that lets callers through."""
_NUMBER = re.compile(r"\+?\d(?:[ ()./-]{0,2}\d){6,}")
_LAST = 9
"""Digits that a number has in common with and without its country code."""


def phone_is_out(facts: Mapping[str, str]) -> bool:
    """Whether the incident says that our phone does not ring."""
    if phone_rings(facts):
        return False
    known = facts.get("phone_works") == "no" or facts.get("verdict") == "phone-down"
    return known or bool(facts.get("phone_down_since"))


def phone_rings(facts: Mapping[str, str]) -> bool:
    """Whether the incident says that whoever calls our number is heard, also where it is forwarded."""
    said = "yes" in (facts.get("phone_works"), facts.get("reachable"))
    return said or facts.get("phone_verdict") in _RINGS


def dead_numbers(office: Office, facts: Mapping[str, str]) -> frozenset[str]:
    """Our numbers on which nobody answers now; the one that a step called, and that rang, is alive."""
    if not phone_is_out(facts):
        return frozenset()
    rang = facts.get("office_number")
    return frozenset(
        one.phone for one in office.numbers if one.phone and one.method not in OWN and one.phone != rang
    )


def standby_number(office: Office, phone_out: bool) -> str:
    """A number that rings when the line is dead: one of its own, else one whose calls can be forwarded then.

    While the phone is out, those count only once the incident says that they were. Nothing where there is none.
    """
    alive = [one for one in office.numbers if one.phone and one.works_when_line_dead == "yes"]
    own = [one for one in alive if one.method in OWN]
    return next((one.phone for one in (own if phone_out else (*own, *alive)) if one.phone), "")


def only_dead(text: str, dead: Collection[str]) -> str:
    """The number in `text` that is dead, where no other number is given beside it; else nothing."""
    ends = {_digits(number)[-_LAST:] for number in dead}
    given = [found[0] for found in _NUMBER.finditer(text)]
    hits = [number for number in given if _digits(number)[-_LAST:] in ends]
    alive = [number for number in given if number.startswith("+") and number not in hits]
    return hits[0] if hits and not alive else ""


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)
