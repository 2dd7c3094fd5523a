"""The lines of the office as a step of an incident switches them (the protocol Lever of action/levers.py).

1. To use a line with a way: the present state is written down, then changed, then seen to be changed.
2. To use a line without a way, over which the office usually works, is to put back all that this incident
   switched, the newest first. So it is for a line that led out before one of those switches: down to that one.
3. Where a switch does not succeed, what was before is put back at once.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from bcp.action.levers import Lever
from bcp.clock import Clock
from bcp.errors import BcpError, StepFailed, taken_back
from bcp.i18n import _
from bcp.lever.line import routing
from bcp.lever.line.base import LineDriver
from bcp.lever.line.ledger import LineJournal, Switched
from bcp.lever.line.program import BY_HAND
from bcp.lever.line.stock import stock
from bcp.office.line import OfficeLine
from bcp.outside import Program, World
from bcp.times import local
from bcp.yaml.near import pick

_LOOKS = 10
_PAUSE = 0.5


@dataclass(frozen=True, slots=True)
class OfficeLines:
    """The lines that one incident can be switched between; `people` is how many work over them."""

    lines: Mapping[str, OfficeLine]
    world: World
    ledger: LineJournal
    incident: str
    clock: Clock
    zone: ZoneInfo
    people: int

    def line(self, name: str) -> Lever:
        """The way to a line. Raises InputError where it is none, StepFailed where nothing leads there."""
        line, undone = self.named(name), self.since(name)
        if undone:
            return LineRestore(self, line, undone)
        if line.way is None:
            raise StepFailed(
                _('nothing was switched away from "{line}" in this incident').format(line=name), BY_HAND
            )
        return LineSwitch(self, line, self.way(name))

    def named(self, name: str) -> OfficeLine:
        """The line. Raises InputError where there is none."""
        return pick(name, self.lines, "line")

    def way(self, name: str) -> LineDriver:
        """How to switch to a line that can be switched to."""
        way = self.named(name).way
        assert isinstance(way, LineDriver)
        return way

    def since(self, name: str) -> list[Switched]:
        """The switches to put back, oldest first, for the line to lead out again; none if it never did."""
        done, way = self.ledger.open(self.incident), self.lines[name].way
        if way is None:
            return done
        assert isinstance(way, LineDriver)
        for number, switched in enumerate(done):
            if way.interface is not None and switched.before == way.interface:
                return done[number:]
        return []

    def phones_beside(self, line: OfficeLine) -> str:
        """The sentence about the phones of all other lines, which hang on the internet; nothing without any."""
        phones = [one for one in self.lines.values() if one.number and one is not line]
        if not phones:
            return ""
        names = ", ".join(f"{one.line} ({one.number})" for one in phones)
        words = _("phones that go over the internet must register anew, restart them: {names}")
        return words.format(names=names)

    def insist(self, interface: str) -> None:
        """Raises StepFailed unless packets leave by `interface`; what only a person knows is left to the check."""
        if not interface or sys.platform != "linux":
            return
        for _look in range(_LOOKS):
            if routing.way_out(self.world) == interface:
                return
            self.clock.sleep(_PAUSE)
        found = routing.way_out(self.world) or _("nothing")
        words = _("it was switched, but the way out is {found}, not {interface}")
        raise StepFailed(words.format(found=found, interface=interface), BY_HAND)


@dataclass(slots=True)
class LineSwitch:
    """To a line with a way of its own."""

    lines: OfficeLines
    line: OfficeLine
    way: LineDriver

    def describe(self) -> Sequence[str]:
        """How it is switched, what its data will do for, when it was tested."""
        tested = self.lines.ledger.tests().get(self.line.line)
        if tested is None:
            last = _("it was never tested: bcp line test {line}").format(line=self.line.line)
        else:
            words = _("last test {time}: {state}: {reason}")
            at = local(tested.at, self.lines.zone)
            last = words.format(time=at, state=tested.state, reason=tested.reason)
        today = self.lines.clock.now().astimezone(self.lines.zone).date()
        return [self.way.describe(), *stock(self.line, self.lines.people, today), last]

    def hand(self) -> str:
        """What a person does."""
        return self.way.hand()

    def switch(self) -> Mapping[str, Any]:
        """Save, switch, insist; else put back and raise."""
        switched = self._saved()
        try:
            self.lines.insist(self.way.switch(self.lines.world))
        except BcpError as error:
            raise taken_back(error, self.put_back(), _("what was before was put back")) from None
        return {"before": switched.before, "saved": dict(switched.saved)}

    def put_back(self) -> str:
        """What was saved, once more; a person must do what was done by hand."""
        if self.way.hand_back():
            return _("a person must: {text}").format(text=" ".join(self.way.hand_back().split()))
        try:
            _put_back(self.lines, self._saved())
        except BcpError as error:
            return error.message
        return ""

    def afterwards(self) -> str:
        """The phones that hang on the internet must find their server anew."""
        return self.lines.phones_beside(self.line)

    def _saved(self) -> Switched:
        """The state before: that of the first try where one was cut short, else the present one, now written."""
        for switched in self.lines.ledger.open(self.lines.incident):
            if switched.line == self.line.line:
                return switched
        saved = self.way.present(self.lines.world)
        switched = Switched(self.line.line, routing.way_out(self.lines.world), saved)
        self.lines.ledger.switching(self.lines.incident, switched)
        return switched


@dataclass(slots=True)
class LineRestore:
    """To the line that led out before; `undone` are the switches since, oldest first."""

    lines: OfficeLines
    line: OfficeLine
    undone: Sequence[Switched]

    def describe(self) -> Sequence[str]:
        """What is put back."""
        names = ", ".join(switched.line for switched in reversed(self.undone))
        return [_("Put back what was before the office was switched to: {names}").format(names=names)]

    def hand(self) -> str:
        """What a person takes back, the newest first."""
        texts = (self.lines.way(switched.line).hand_back() for switched in reversed(self.undone))
        return "\n".join(filter(None, texts))

    def switch(self) -> Mapping[str, Any]:
        """Put back, and see that the old line leads out."""
        try:
            for switched in reversed(self.undone):
                _put_back(self.lines, switched)
        except BcpError as error:
            again = _("the line that was in use is in use again")
            raise taken_back(error, self.put_back(), again) from None
        return {"put_back": [switched.line for switched in self.undone]}

    def put_back(self) -> str:
        """Switch away once more: the old line is not well yet."""
        try:
            for switched in self.undone:
                way = self.lines.way(switched.line)
                if way.hand():
                    return _("a person must: {text}").format(text=" ".join(way.hand().split()))
                LineSwitch(self.lines, self.lines.named(switched.line), way).switch()
        except BcpError as error:
            return error.message
        return ""

    def afterwards(self) -> str:
        """As after any switch."""
        return self.lines.phones_beside(self.line)


def _put_back(lines: OfficeLines, switched: Switched) -> None:
    lines.way(switched.line).put_back(lines.world, switched.saved, {})
    lines.insist(switched.before)
    lines.ledger.put_back(lines.incident, switched.line)


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
        return LineSwitch(self.lines, self.line, self.lines.way(self.line.line)).describe()

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
