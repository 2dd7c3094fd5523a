"""The copy of each letter for ourselves: how one server treats it, so that it never stops a letter and is said once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class OwnCopy:
    """The copy of each letter for ourselves, as one server treats it."""

    address: str
    is_asked_for: bool = True
    why: str = ""
    is_said: bool = False

    def __post_init__(self) -> None:
        """Without an address there is nothing to ask for."""
        self.is_asked_for = bool(self.address)

    def refuse(self, code: int | None, why: str) -> None:
        """Keep why there is none; what is refused for good is not asked for again."""
        self.is_asked_for = self.is_asked_for and code is not None and code < 500
        self.why = self.why or why

    def unsaid(self) -> str:
        """Why there is none, once."""
        found, self.is_said = "" if self.is_said else self.why, bool(self.why)
        return found


class CopyEndedIt(Exception):
    """The server ended the connection when it heard of the copy: nothing was handed over yet."""

    def __init__(self, trouble: Exception) -> None:
        """`trouble` is what came of the connection."""
        super().__init__(str(trouble))
        self.trouble = trouble
