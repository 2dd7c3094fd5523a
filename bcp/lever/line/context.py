"""LineContext: what every switch of a line works with in one step of an incident."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bcp.clock import Clock
from bcp.errors import StepFailed
from bcp.i18n import _
from bcp.lever.line import routing
from bcp.lever.line.base import LineDriver
from bcp.lever.line.ledger import LineJournal
from bcp.lever.line.program import BY_HAND
from bcp.lever.stack import StepKey
from bcp.office.line import OfficeLine
from bcp.outside import World
from bcp.yaml.near import pick

_LOOKS = 10
_PAUSE = 0.5


@dataclass(frozen=True)
class LineContext:
    """The lines that one step can switch between; `people` is how many work over them.

    `key` is whose layer it is; `undoes` says that the step is the undo of that one. `moved` are the lines that were
    switched to in another way than the plan says, and still are: by which incident.
    """

    lines: Mapping[str, OfficeLine]
    world: World
    ledger: LineJournal
    key: StepKey
    clock: Clock
    zone: ZoneInfo
    people: int
    undoes: bool = False
    moved: Mapping[str, StepKey] = field(default_factory=dict)

    def named(self, name: str) -> OfficeLine:
        """The line. Raises InputError where there is none."""
        return pick(name, self.lines, "line")

    def way(self, name: str) -> LineDriver:
        """How to switch to a line that can be switched to. Raises StepFailed where the plan does not say it."""
        line = self.lines.get(name)
        if line is None or not isinstance(line.way, LineDriver):
            words = _('this plan does not say how the line "{line}" is switched to')
            raise StepFailed(words.format(line=name), BY_HAND)
        return line.way

    def can_see(self, interface: str) -> bool:
        """Whether this computer can see that packets leave by this interface, or do not."""
        return bool(interface) and sys.platform == "linux"

    def insist(self, interface: str) -> None:
        """Raises StepFailed unless packets leave by `interface`; what only a person knows is left to the check."""
        if not self.can_see(interface):
            return
        for _look in range(_LOOKS):
            if routing.way_out(self.world) == interface:
                return
            self.clock.sleep(_PAUSE)
        found = routing.way_out(self.world) or _("nothing")
        words = _("it was switched, but the way out is {found}, not {interface}")
        raise StepFailed(words.format(found=found, interface=interface), BY_HAND)

    def insist_on_another(self, interface: str, led: str | None) -> str:
        """By which interface packets leave, which must not be `interface` any more. Raises StepFailed where it is.

        Nothing needs to lead out where nothing did before (`led` is empty), nor where the interface is dead: then
        there is no line to stay on, and what was ours went with it.
        """
        if not self.can_see(interface):
            return ""
        found = ""
        for _look in range(_LOOKS):
            found = routing.way_out(self.world)
            if found and found != interface:
                return found
            if not found and (led == "" or self._is_dead(interface)):
                return ""
            self.clock.sleep(_PAUSE)
        words = _("it was put back, but the way out is {found}")
        raise StepFailed(words.format(found=found or _("nothing")), BY_HAND)

    def _is_dead(self, interface: str) -> bool:
        try:
            routing.refuse_dead_link(self.world, interface)
        except StepFailed:
            return True
        return False
