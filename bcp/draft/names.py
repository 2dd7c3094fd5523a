"""Short names of plans, checks and notices, made of titles as people write them."""

from __future__ import annotations

import re
from collections.abc import Callable

from bcp.bald import bald
from bcp.i18n import _

LONGEST = 40
"""Letters of a short name: it stands in commands, file names and headings."""
_SHAPE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_WINDOWS = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")
"""Names that no file can have on Windows, whatever its ending."""
_OTHERS = str.maketrans(
    {
        **dict(zip("αβγδεζηικλμνξοπρστυφω", "avgdeziiklmnxoprstyfo", strict=True)),
        **{"θ": "th", "χ": "ch", "ψ": "ps", "đ": "d", "ø": "o", "æ": "ae", "ß": "ss"},
    }
)


def name_of(title: str) -> str:
    """`our-payment-terminal-is-dead` of a title; `plan` where no letters are left that a name may have."""
    letters = re.sub(r"[^a-z0-9]+", "-", bald(title).translate(_OTHERS)).strip("-")
    letters = re.sub(r"^[0-9-]+", "", letters)
    if len(letters) > LONGEST:
        letters = letters[: LONGEST + 1].rpartition("-")[0] or letters[:LONGEST]
    return f"{letters}-plan" if _WINDOWS.fullmatch(letters) else letters or "plan"


def read_name(typed: str) -> str:
    """A short name as it was typed. Raises ValueError for what is none, or could be no file on Windows."""
    name = typed.strip()
    if not _SHAPE.fullmatch(name) or len(name) > LONGEST:
        words = _("expected small letters, digits and dashes, {count} at most, such as {name}")
        raise ValueError(words.format(count=LONGEST, name=name_of(name)))
    if _WINDOWS.fullmatch(name):
        words = _("no file can be called {name} on Windows; take another name, such as {other}")
        raise ValueError(words.format(name=name, other=name_of(name)))
    return name


def free_name(wanted: str, is_taken: Callable[[str], bool]) -> str:
    """`wanted`, or `wanted-2`, `wanted-3` … where it is taken."""
    number, name = 1, wanted
    while is_taken(name):
        number += 1
        end = f"-{number}"
        name = wanted[: LONGEST - len(end)].rstrip("-") + end
    return name
