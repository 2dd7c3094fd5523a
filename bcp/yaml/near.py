"""The word that was probably meant; nothing heavy is imported, for it stands on the path of every command."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from bcp.errors import InputError
from bcp.i18n import _

T = TypeVar("T")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean "phases"?` for the nearest of the known words, or nothing."""
    from difflib import get_close_matches

    spelled = {_bare(name): name for name in known}
    near = get_close_matches(_bare(word[:80]), spelled, 1)
    return _('did you mean "{word}"?').format(word=spelled[near[0]]) if near else ""


def near_or_all(word: str, known: Iterable[str], what: str, none: str = "none yet") -> str:
    """What to say of a word that is none of the known ones: `did you mean "lead"?`, else `roles: lead, deputy`.

    `none` is said where nothing is known.
    """
    names = list(known)
    return did_you_mean(word, names) or f"{what}: {', '.join(names) or none}"


def pick(name: str, known: Mapping[str, T], what: str, none: str = "none yet") -> T:
    """The one called `name`; each of the known ones is a `what`.

    Raises InputError that leads to the nearest name, else lists all; `none` is said where there are none.
    """
    if name not in known:
        raise InputError(f'there is no {what} "{name}"', near_or_all(name, known, f"{what}s", none))
    return known[name]


def _bare(word: str) -> str:
    return word.strip(" -").lower().replace("_", "-")


def for_unknown(word: str, is_empty: bool, known: Iterable[str]) -> str:
    """What to do about a key that nobody knows; `is_empty` if nothing stands behind it."""
    names = list(known)
    if near := did_you_mean(word, names):
        return near
    if is_empty and " " in word.strip():
        return 'between { and } a comma ends a text: put the whole text in quotes, by_hand: "…, …"'
    return f"known keys: {', '.join(names)}" if names else "check its spelling, or take it away"
