"""LineDriver: a way to switch the office to a line; what it changes it can put back.

A kind is one file in `kinds/`. Its fields are the YAML below `way:` of a line in bcp.yaml. Each deed goes through
the World and raises StepFailed with a sentence.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pydantic import Field

from bcp.errors import InputError, StepFailed
from bcp.i18n import _
from bcp.lever.line import routing
from bcp.outside import World
from bcp.yaml.types import Line, Model

Saved = Mapping[str, Any]
"""What was true before a switch, as plain JSON: the input of putting it back."""

Made = Mapping[str, Any]
"""What of the state after a switch is ours, as plain JSON; empty where nothing is known, such as after a crash."""


class LineDriver(Model):
    """How the office is switched to a line."""

    interface: Line | None = Field(
        default=None,
        description="the network interface that leads out over this line",
        examples=["wwan0"],
    )

    is_of_one_computer: ClassVar[bool] = False
    """Whether only the computer that switches is switched over, so that no other one can put it back."""

    def describe(self) -> str:
        """One line, a verb first: what switching does."""
        raise TypeError(f"{type(self).__name__} has no words")

    def programs(self) -> tuple[str, ...]:
        """The programs that it needs, so that a rehearsal can tell whether they are here."""
        return ()

    def hand(self) -> str:
        """What a person does to switch; nothing where programs do it."""
        return ""

    def hand_back(self) -> str:
        """What a person does to put it back; nothing where programs do it."""
        return ""

    def present(self, world: World) -> Saved:
        """What is true now and would have to be put back."""
        raise TypeError(f"{type(self).__name__} saves nothing")

    def switch(self, world: World) -> str:
        """Lead the office out over this line; its interface, or nothing where only a person can know it."""
        raise TypeError(f"{type(self).__name__} switches nothing")

    def made(self, world: World, saved: Saved) -> Made:
        """What of the present state is ours, read right after `switch` or `stand_by`; its `interface`, where known."""
        return {}

    def put_back(self, world: World, saved: Saved, made: Made) -> None:
        """Take away what is ours and nothing else, so that what was `saved` is true again where nobody changed it.

        What others set up, took down or changed since stays as they left it. Without `made`, after a crash, ours is
        what differs from `saved` at this line and is surely ours. Doing it twice does no harm.
        """
        raise TypeError(f"{type(self).__name__} puts nothing back")

    def stands(self, world: World, made: Made) -> str:
        """What is no longer as we set it, as a sentence; nothing where all is. A look, which changes nothing.

        Raises StepFailed where it cannot be known.
        """
        if self.interface is None or sys.platform != "linux":
            raise StepFailed(
                _("nobody can see from here over which line the office leads out"),
                "look yourself; where the line hangs on an interface of this computer, name it: interface: …",
            )
        return routing.leads_elsewhere(world, self.interface)

    def leftovers(self, world: World, mades: Sequence[Made]) -> list[str]:
        """What is still there of what was made in the past and should be gone, a sentence each.

        Raises StepFailed where it cannot be known.
        """
        return []

    @property
    def can_stand_by(self) -> bool:
        """Whether it can be looked at beside the line in use, from this computer."""
        return True

    def stand_by(self, world: World) -> str:
        """Bring the line up beside the one in use, which stays in use; its interface."""
        raise TypeError(f"{type(self).__name__} cannot stand by")

    def let_down(self, world: World, saved: Saved, made: Made) -> None:
        """End what `stand_by` began."""


class SwitchedElsewhere(LineDriver):
    """A way by which this computer itself changes nothing; it may see the line at an interface of its own."""

    unseen: ClassVar[tuple[str, str]]
    """Why the line cannot be tested without an interface, and what to do."""

    @property
    def can_stand_by(self) -> bool:
        """Only where it leads out at an interface of this computer."""
        return self.interface is not None

    def stand_by(self, world: World) -> str:
        """Nothing is brought up: the line is looked at through its interface. Raises InputError without one."""
        if self.interface is None:
            raise InputError(*self.unseen)
        routing.refuse_dead_link(world, self.interface)
        return self.interface
