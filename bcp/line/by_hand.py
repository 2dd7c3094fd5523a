"""by-hand: a person switches, with a mobile router or a phone's hotspot, and says when it is done."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from bcp.errors import InputError
from bcp.fields import Text
from bcp.line import _routes
from bcp.line.base import Saved, Way
from bcp.world.base import World


class ByHand(Way):
    """A person does it."""

    do: Text = Field(
        description="what to do, step by step", examples=["Take the LTE router from cabinet B …"]
    )
    back: Text = Field(description="how it is taken back", examples=["Plug the cable into the old router …"])

    def words(self) -> str:
        """That a person does it."""
        return "A person switches by hand"

    def hand(self) -> str:
        """What to do."""
        return self.do

    def hand_back(self) -> str:
        """How it is taken back."""
        return self.back

    def present(self, world: World) -> dict[str, Any]:
        """Nothing that could be read."""
        return {}

    def switch(self, world: World) -> str:
        """The person said that it is done."""
        return self.interface or ""

    def put_back(self, world: World, saved: Saved) -> None:
        """The person said that it is done."""

    def stand_by(self, world: World) -> str:
        """Where it hangs on an interface of this computer, it can be looked at there."""
        if self.interface is None:
            raise InputError(
                "this line is switched by hand, so only a person can test it",
                "connect a laptop to it; if it hangs on this computer: way: {by-hand: {interface: …}} in bcp.yaml",
            )
        _routes.refuse_dead_link(world, self.interface)
        return self.interface


Kind = ByHand
