"""The lines of the office as a step of an incident switches them (the protocol Lever of action/levers.py).

1. To use a line with a way: the present state is written down, then changed, then seen to be changed.
2. To undo that is to take the layer of that step off the stack. Where another one lies on it, or below it, the office
   stays on, or goes back to, the line of that one; the last one off puts back what was before the first.
3. A step that is no undo and uses a line without a way, over which the office usually works, ends all that its
   incident switched. So it does for a line that led out before one of those switches: down to that one.
4. Where a switch does not succeed, what was before is put back at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bcp.action.levers import Lever
from bcp.errors import StepFailed
from bcp.i18n import _
from bcp.lever.line.base import LineDriver
from bcp.lever.line.context import LineContext
from bcp.lever.line.program import BY_HAND
from bcp.lever.line.switch import LineRestore, LineSwitch
from bcp.lever.moved import moved
from bcp.lever.older import WAY_OUT
from bcp.lever.stack import LeverLayer, Stack
from bcp.office.line import OfficeLine
from bcp.outside import Program


class OfficeLines(LineContext):
    """Makes the lever of a line."""

    def line(self, name: str) -> Lever:
        """The way to a line. Raises InputError where it is none, StepFailed where nothing leads there."""
        line, stack = self.named(name), self.ledger.way_out()
        ends = self._ends(name, stack)
        if ends or (self.undoes and self.ledger.was_lifted(WAY_OUT, self.key.incident, self.key.step)):
            return LineRestore(self, line, stack, ends)
        if line.way is None or self.undoes:
            words = _('nothing was switched away from "{line}" in this incident')
            raise StepFailed(words.format(line=name), BY_HAND)
        if name in self.moved:
            told = _(
                "the incident {incident} switched to {line} in another way than the plan of this one says"
            )
            key = self.moved[name]
            raise moved(told.format(incident=key.incident, line=name), key)
        return LineSwitch(self, line, self.way(name), self.key)

    def _ends(self, name: str, stack: Stack) -> list[LeverLayer]:
        """The layers that end by using this line in this step, oldest first; none where it is a switch to it."""
        if self.undoes:
            return stack.of(self.key.incident, self.key.step)
        own, way = stack.of(self.key.incident), self.lines[name].way
        if way is None:
            return own
        assert isinstance(way, LineDriver)
        for number, layer in enumerate(own):
            led = [each.get("way_out") for each in layer.before.values()]
            if way.interface is not None and way.interface in led and name not in layer.put:
                return own[number:]
        return []


@dataclass(frozen=True, slots=True)
class RehearsedLines:
    """The lines of a drill: nothing is switched, and it is told whether the programs for it are here."""

    lines: OfficeLines

    def line(self, name: str) -> Lever:
        """The rehearsal of a line's way. Raises InputError where it is none."""
        return _Rehearsal(self.lines, self.lines.named(name))


@dataclass(frozen=True, slots=True)
class _Rehearsal:
    lines: OfficeLines
    line: OfficeLine

    def describe(self) -> Sequence[str]:
        if self.line.way is None:
            return [_("What was switched would be put back.")]
        return LineSwitch(self.lines, self.line, self.lines.way(self.line.line), self.lines.key).describe()

    def hand(self) -> str:
        return self.lines.way(self.line.line).hand() if self.line.way is not None else ""

    def switch(self) -> Mapping[str, Any]:
        programs = self.lines.way(self.line.line).programs() if self.line.way is not None else ()
        for program in programs:
            ran = self.lines.world.run(Program((program,), 1.0))
            if ran.trouble:
                raise StepFailed(ran.trouble, BY_HAND)
        return {"rehearsed": True}

    def put_back(self) -> str:
        return ""

    def afterwards(self) -> str:
        return _("rehearsed, not switched")
