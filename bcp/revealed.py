"""The secrets that this process has looked up, and how they are taken out of a text; nothing where there is none.

Whatever comes from outside passes `out` where it comes in. `net` is for the few places where all goes through at the
end, the journal and the screen, so that what was once forgotten to be masked stands nowhere. There it looks for those
secrets alone that are no words: one such as "internet" would take the names out of a plan.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

MASK = "•••"

_NO_WORD = 6
_NO_NUMBER = 8
_MORE_THAN_A_WORD = 16
"""So long a secret is none of the words, counts and ids that stand in a journal anyway."""


class RevealedSecrets:
    """Secrets, each known from the moment in which it was looked up."""

    def __init__(self) -> None:
        self._values: set[str] = set()
        self._known: Any = None  # bcp.spelled, loaded only where there is a secret
        self._unmistakable: Any = None

    def forget(self) -> None:
        """Know none any more."""
        self.__init__()  # type: ignore[misc]

    def add(self, value: str) -> None:
        """From now on this one is taken out."""
        if value in self._values:
            return
        self._values.add(value)
        from bcp.spelled import KnownSecrets

        if self._known is None:
            self._known = KnownSecrets()
        self._known.add(value)
        if _is_unmistakable(value):
            if self._unmistakable is None:
                self._unmistakable = KnownSecrets()
            self._unmistakable.add(value)

    def out(self, text: str, cut_before: bool = False, cut_behind: bool = False) -> str:
        """`text` with a mark in place of every secret, and with all else that it holds.

        Where it was cut off on a side, what is left there of a secret goes as well.
        """
        if self._known is None:
            return text
        masked: str = self._known.out(text, MASK, cut_before, cut_behind)
        return masked

    def net(self, value: Any, but: Collection[str] = ()) -> Any:
        """A text, or a value of JSON with each of its texts, without the secrets that are no words.

        Keys stay, and whatever stands under those of `but`.
        """
        if self._unmistakable is None:
            return value
        if isinstance(value, str):
            return self._unmistakable.out(value, MASK)
        if isinstance(value, Mapping):
            return {key: each if key in but else self.net(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.net(each) for each in value]
        return value


REVEALED = RevealedSecrets()
"""What this process looked up."""


def _is_unmistakable(value: str) -> bool:
    """Whether it can hardly stand in a text by chance: a password, and neither a word nor a short number."""
    signs = value.translate({ord(each): None for each in "-_. "})
    if signs.isalpha() and signs in (signs.lower(), signs.upper(), signs.capitalize()):
        return len(value) >= _MORE_THAN_A_WORD
    return len(value) >= (_NO_NUMBER if signs.isdecimal() else _NO_WORD)
