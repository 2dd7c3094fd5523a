"""A line that the office is switched to, and the way back from it (the protocol Lever of action/levers.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bcp.errors import BcpError, StepFailed, taken_back
from bcp.i18n import _
from bcp.lever.line import routing
from bcp.lever.line.base import LineDriver
from bcp.lever.line.context import LineContext
from bcp.lever.line.reconnect import reconnect
from bcp.lever.line.stock import stock
from bcp.lever.older import WAY_OUT
from bcp.lever.stack import LeverLayer, Stack, StepKey
from bcp.office.line import OfficeLine
from bcp.times import local


@dataclass(slots=True)
class LineSwitch:
    """To a line with a way of its own, for the step `key`."""

    lines: LineContext
    line: OfficeLine
    way: LineDriver
    key: StepKey

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
        """Save, lay, switch, insist; else put back and raise."""
        name, lines = self.line.line, self.lines
        before = self._lay()
        try:
            lines.insist(self.way.switch(lines.world))
        except BcpError as error:
            raise taken_back(error, self.put_back(), _("what was before was put back")) from None
        made = self.way.made(lines.world, before["saved"])
        lines.ledger.stood(WAY_OUT, self.key, {name: dict(made)})
        return {"before": before["way_out"], "saved": dict(before["saved"])}

    def put_back(self) -> str:
        """What this step laid, off again; a person must do what was done by hand."""
        stack = self.lines.ledger.way_out()
        own = [each for each in stack.open if each.key[:2] == self.key[:2]]
        back = LineRestore(self.lines, self.line, stack, own)
        if back.hand():
            return _("a person must: {text}").format(text=" ".join(back.hand().split()))
        try:
            back.take_off()
        except BcpError as error:
            return error.message
        return ""

    def afterwards(self) -> str:
        """What hangs on the line that was left."""
        return reconnect(self.line, self.lines.lines.values())

    def _lay(self) -> Mapping[str, Any]:
        """Write the layer down; what was before the first layer of this line, kept through every try."""
        name, ledger = self.line.line, self.lines.ledger
        known = ledger.way_out().base.get(name)
        if known is None:
            saved = self.way.present(self.lines.world)
            known = {"way_out": routing.way_out(self.lines.world), "saved": dict(saved)}
        ledger.lay(WAY_OUT, self.key, {name: {}}, {name: known})
        before: Mapping[str, Any] = known
        return before


@dataclass(slots=True)
class LineRestore:
    """Off from the lines of the layers `ends`, oldest first: to the line of what then lies on top, or of before."""

    lines: LineContext
    line: OfficeLine
    stack: Stack
    ends: Sequence[LeverLayer]
    _is_cut_off: bool = field(default=False, init=False)

    def describe(self) -> Sequence[str]:
        """What is put back, or why the office stays where it is; what of ours is not as we left it."""
        if not self.ends:
            return [_("what was switched was put back already")]
        top = self._rest().top
        said = []
        if self._left():
            words = _("Put back what was before the office was switched to: {names}")
            said = [words.format(names=", ".join(self._left()))]
        if top is not None:
            words = _("The office goes out over {line}, which the incident {incident} needs")
            said.append(words.format(line=line_of(top), incident=top.key.incident))
        return [*said, *filter(None, map(self._changed, self._left()))]

    def hand(self) -> str:
        """What a person takes back, the newest first; and switches to, where another incident needs another line."""
        texts = [self.lines.way(name).hand_back() for name in self._left()]
        top = self._rest().top
        if self._moves() and top is not None:
            texts.append(self.lines.way(line_of(top)).hand())
        return "\n".join(filter(None, texts))

    def switch(self) -> Mapping[str, Any]:
        """Take the layers off, and see that another line leads out."""
        try:
            found = self.take_off()
        except BcpError as error:
            again = _("the line that was in use is in use again")
            raise taken_back(error, self.put_back(), again) from None
        return {"put_back": self._left(), **({"way_out": found} if found else {})}

    def put_back(self) -> str:
        """Switch away once more: the old line is not well yet."""
        if not self._moves():
            return ""
        try:
            for layer in self.ends:
                for name in layer.put:
                    way = self.lines.way(name)
                    if way.hand():
                        return _("a person must: {text}").format(text=" ".join(way.hand().split()))
                    LineSwitch(self.lines, self.lines.named(name), way, layer.key).switch()
        except BcpError as error:
            return error.message
        return ""

    def afterwards(self) -> str:
        """As after any switch; and that nothing leads out, where that is so."""
        if self._is_cut_off:
            return _(
                "no line of this computer leads out now: see to the usual line, or switch to another one"
            )
        return reconnect(self.line, self.lines.lines.values()) if self._moves() else ""

    def take_off(self) -> str:
        """Take away what is ours of the lines that are left, write the layers off; which interface leads out then.

        Where others lie on them nothing is changed. Doing it twice does no harm.
        """
        left, rest, found = self._left(), self._rest(), ""
        for name in left:
            base = self.stack.base.get(name) or {}
            made = self.stack.made.get(name) or {}
            self.lines.way(name).put_back(self.lines.world, base.get("saved", {}), made)
        if self._moves() and rest.top is not None:
            self._lead(rest)
        elif left:
            ours = self.lines.way(left[-1]).interface or _interface(self.stack.made.get(left[-1]))
            base = self.stack.base.get(left[-1]) or {}
            if base.get("way_out") != ours:
                found = self.lines.insist_on_another(ours, base.get("way_out"))
                self._is_cut_off = self.lines.can_see(ours) and not found
        if self.ends:
            self.lines.ledger.lift(WAY_OUT, self.ends, is_covered=self._waits())
        return found

    def _rest(self) -> Stack:
        """What lies there once these layers are off."""
        return self.stack.without(self.ends)

    def _left(self) -> list[str]:
        """The lines that are left now, the newest first: those on which nothing else lies, of these layers and of such
        as wait below them."""
        if not self.ends or self.stack.top not in self.ends:
            return []
        rest = self._rest().layers
        held = {name for layer in rest for name in layer.put}
        gone = [layer for layer in self.stack.layers if layer not in rest]
        names = [name for layer in reversed(gone) for name in reversed(list(layer.put))]
        return [name for name in dict.fromkeys(names) if name not in held]

    def _moves(self) -> bool:
        """Whether the office goes out over another line then."""
        top, below = self.stack.top, self._rest().top
        if top is None or top not in self.ends:
            return False
        return below is None or line_of(below) != line_of(top)

    def _waits(self) -> bool:
        """Whether a line of these layers is left only once what lies on them goes."""
        if self.stack.top in self.ends:
            return False
        held = {name for layer in self._rest().open for name in layer.put}
        # What the same step laid before, and was taken off below others, goes with them, too.
        keys = {layer.key[:2] for layer in self.ends}
        own = [layer for layer in self.stack.layers if layer.key[:2] in keys]
        return any(name not in held for layer in own for name in layer.put)

    def _lead(self, rest: Stack) -> None:
        """See that the line of the uppermost layer leads out; else switch to it once more."""
        top = rest.top
        assert top is not None
        name = line_of(top)
        way, world = self.lines.way(name), self.lines.world
        try:
            is_well = not way.stands(world, rest.made.get(name) or {})
        except StepFailed:
            is_well = False
        if is_well or way.hand():
            return
        # Its layer stays, whether this succeeds or not: its step is not undone.
        self.lines.insist(way.switch(world))
        made = way.made(world, (rest.base.get(name) or {}).get("saved", {}))
        self.lines.ledger.stood(WAY_OUT, top.key, {name: dict(made)})

    def _changed(self, name: str) -> str:
        """What of ours is not as we left it, in a sentence."""
        try:
            why = self.lines.way(name).stands(self.lines.world, self.stack.made.get(name) or {})
        except StepFailed:
            return ""
        words = _("{line} is not as it was left: {why}; only what is still ours is taken away")
        return words.format(line=name, why=why) if why else ""


def line_of(layer: LeverLayer) -> str:
    """The line that a layer was laid for last."""
    return list(layer.put)[-1]


def _interface(made: Mapping[str, Any] | None) -> str:
    return str((made or {}).get("interface") or "")
