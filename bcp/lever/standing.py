"""Standing: what a look at a lever gave, long after it was pulled, or when nothing of ours should be there any more."""

from __future__ import annotations

from typing import Literal, NamedTuple

State = Literal["stands", "hidden", "covered", "gone", "changed", "left", "clear", "unknown"]
"""What we set is there; it is, and the public is shown something else; another layer lies on it; what was before is
there again; something else is there. With no layer that holds: something of ours is there all the same, or nothing is.
Or it cannot be known."""


class Standing(NamedTuple):
    """How it is, a sentence about it, and the one thing to do, where there is one."""

    state: State
    words: str
    todo: str = ""

    @property
    def is_well(self) -> bool:
        """Whether nobody has to do anything."""
        return self.state not in ("hidden", "gone", "changed", "left")
