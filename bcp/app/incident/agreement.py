"""Who agrees to what an incident from elsewhere would do here, and what it is that is agreed to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class ForeignDeeds(NamedTuple):
    """What would be done that our own plans would not do, a line each, and the sum that stands for it in this file.

    `is_signed` says that a signature lies in the file; nobody checked it.
    """

    lines: Sequence[str]
    sum: str
    is_signed: bool


class Agreement(Protocol):
    """Who agrees to what an incident from elsewhere would do."""

    def agree(self, deeds: ForeignDeeds) -> None:
        """Show the lines and ask. Raises InputError for a no, PersonNeeded where nobody is there."""
        ...
