"""by-hand: a person puts it there, in whatever editor the place has; the tool says what, and looks from outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from bcp.i18n import _
from bcp.lever.place.base import PlaceDriver, PlaceEnv, Takes, Untried
from bcp.yaml.types import Text


class ByHand(PlaceDriver):
    """A person writes there."""

    takes: ClassVar[frozenset[Takes]] = frozenset({"hand"})

    do: Text = Field(
        description="where to sign in and where to click",
        examples=["Sign in to the website, Pages, Start page, put it at the top"],
    )
    back: Text | None = Field(default=None, description="how it is taken away again; else the same way back")

    def describe(self) -> str:
        """Who writes."""
        return _("A person writes it there")

    def try_out(self, reach: PlaceEnv, page: str | None) -> Sequence[str]:
        """Nothing but a person can tell."""
        words = _("a person writes there by hand: sign in today, to see that the password is still known")
        return [Untried(words)]


Kind = ByHand
