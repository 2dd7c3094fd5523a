"""check: a named check must be up, or down."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from pydantic import Field

from bcp.action.base import Action, Deed, Done, Failed, Ref, Tools
from bcp.i18n import _
from bcp.times import say_duration
from bcp.yaml.types import Id, SomeDuration


class Check(Action):
    """Look at a check until it is as wanted."""

    check: Id = Field(description="a check in checks/")
    wanted: Literal["up", "down"] = Field(default="up", alias="is", description="the state that is wanted")
    within: SomeDuration = Field(default=timedelta(minutes=2), description="how long it looks at most")

    def describe(self) -> str:
        """What is looked at, and what is wanted."""
        words = {
            "up": _('Look whether the check "{check}" is up, for {time} at most'),
            "down": _('Look whether the check "{check}" is down, for {time} at most'),
        }
        return words[self.wanted].format(check=self.check, time=say_duration(self.within))

    def refs(self) -> tuple[Ref, ...]:
        """The check."""
        return (Ref("check", self.check, ("check",)),)

    def is_repeatable(self) -> bool:
        """Looking does no harm."""
        return True

    def length(self) -> timedelta:
        """As long as it looks."""
        return self.within

    def run(self, tools: Tools) -> Deed:
        """Look; anything but the wanted state is a failure with its reason."""
        tools.desk.tell(_("Looking at the check {check} …").format(check=self.check))
        look = tools.looks.look(self.check, self.within, self.wanted)
        evidence = {"check": self.check, "state": look.state, "reason": look.reason, "assumed": look.assumed}
        said = f"the check {self.check} is {look.state}: {look.reason}"
        if look.state != self.wanted:
            return Failed(said, evidence)
        return Done(note=f"ASSUMED: {said}" if look.assumed else said, evidence=evidence)


Kind = Check
