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


def pick(name: str, known: Mapping[str, T], what: str, none: str = "none yet") -> T:
    """The one called `name`; each of the known ones is a `what`.

    Raises InputError that leads to the nearest name, else lists all; `none` is said where there are none.
    """
    if name not in known:
        hint = did_you_mean(name, known) or f"{what}s: {', '.join(known) or none}"
        raise InputError(f'there is no {what} "{name}"', hint)
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
