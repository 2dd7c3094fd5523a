"""network: the office is switched to another of its lines, and back; how is said once, at the line in bcp.yaml."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field

from bcp.action.base import Action, Deed, Done, Failed, Ref, Tools, says_yes, tell_lines
from bcp.i18n import _
from bcp.yaml.types import Id, SomeDuration


class Network(Action):
    """Switch the office to a line."""

    use: Id = Field(description="a line of bcp.yaml", examples=["mobile"])
    within: SomeDuration = Field(
        default=timedelta(minutes=1), description="how long the expected check may take to pass over the line"
    )

    def describe(self) -> str:
        """To which line."""
        return _('Switch the office to the line "{line}"').format(line=self.use)

    def refs(self) -> tuple[Ref, ...]:
        """The line."""
        return (Ref("line", self.use, ("use",)),)

    def switches_on(self) -> str:
        """The line; the office works over one at a time, so whatever switches to another ends it."""
        return "line"

    def switches_off(self) -> str:
        """The line that was used before."""
        return "line"

    def is_repeatable(self) -> bool:
        """What was before is saved once and kept, so switching again to the same line does no harm."""
        return True

    def length(self) -> timedelta:
        """A modem that finds its network takes about a minute."""
        return timedelta(minutes=1)

    def run(self, tools: Tools) -> Deed:
        """Say what will happen, switch, say what to see to; where a person must do it, ask for that first."""
        if tools.levers is None:
            return Failed(_("no line can be switched from here"))
        lever = tools.levers.line(self.use)
        for line in lever.describe():
            tools.desk.tell(line)
        if lever.hand():
            tell_lines(tools.desk, lever.hand())
            if not says_yes(tools.desk, "switched", _("Is that done?")):
                return Failed(_("it was not switched by hand"))
        evidence = {"line": self.use, **lever.switch()}
        return Done(note=lever.afterwards(), evidence=evidence, take_back=lever.put_back, within=self.within)


Kind = Network
