"""The secrets that this process has looked up, and how they are taken out of a text; nothing where there is none."""

from __future__ import annotations

from typing import Any

MASK = "•••"


class RevealedSecrets:
    """Secrets, each known from the moment in which it was looked up."""

    def __init__(self) -> None:
        self._values: set[str] = set()
        self._known: Any = None  # bcp.spelled, loaded only where there is a secret

    def add(self, value: str) -> None:
        """From now on this one is taken out."""
        if value in self._values:
            return
        self._values.add(value)
        from bcp.spelled import KnownSecrets

        if self._known is None:
            self._known = KnownSecrets()
        self._known.add(value)

    def out(self, text: str, cut_before: bool = False, cut_behind: bool = False) -> str:
        """`text` with a mark in place of every secret, and with all else that it holds.

        Where it was cut off on a side, what is left there of a secret goes as well.
        """
        if self._known is None:
            return text
        masked: str = self._known.out(text, MASK, cut_before, cut_behind)
        return masked
