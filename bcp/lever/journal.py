"""The one ledger of what was switched: a stream for the lines, the numbers and the places, all of the same form.

KIND.laid     {lever, incident, step, has_undo, put, before, instead_of?}   before anything is changed: a crash loses
                                                                            nothing
KIND.stood    {lever, incident, step, made, seen}                           it was seen to stand there
KIND.lifted   {lever, incident, steps, is_covered, left}                    undone; `left` layers of the incident stay
KIND.looked   {lever, state, words, todo}                                   whether it still stands, and what to do
KIND.tested   of each kind its own                                          how a trial went

Older journals hold events of other forms; `older.py` reads them as these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, NamedTuple

from bcp.event import Event, Log, unseal
from bcp.lever.older import as_laid, as_lifted
from bcp.lever.stack import LeverLayer, Parts, Stack, StepKey
from bcp.lever.standing import State
from bcp.stream import Stream


@dataclass(frozen=True, slots=True)
class LastLook:
    """What the last look at a lever gave: `state` as in `Standing`, words about it, the one thing to do; and when."""

    at: datetime
    state: State
    words: str
    todo: str


class LeverEvent(NamedTuple):
    """What an event of a lever tells, wherever it is read."""

    kind: str
    data: Mapping[str, Any]
    at: datetime


class LeverJournal(Stream):
    """What was set at the levers of one kind; KIND is how its events begin."""

    KIND: ClassVar[str]

    def stacks(self) -> dict[str, Stack]:
        """The stack of each lever at which anything was ever set."""
        return stacks_of(map(_plain, self.events()))

    def stack(self, lever: str) -> Stack:
        """The stack of a lever, perhaps an empty one."""
        return self.stacks().get(lever) or Stack(lever)

    def lay(
        self,
        lever: str,
        key: StepKey,
        put: Parts,
        before: Parts,
        *,
        instead_of: str = "",
        more: Mapping[str, Any] | None = None,
    ) -> None:
        """Write what a step is about to set, and what is there; `more` is kept beside it."""
        told = {**self._about(lever, key), "has_undo": key.has_undo, "put": dict(put), "before": dict(before)}
        instead = {"instead_of": instead_of} if instead_of else {}
        self.write(f"{self.KIND}.laid", {**told, **instead, **(more or {})})

    def stood(self, lever: str, key: StepKey, made: Parts | None = None, seen: str = "") -> None:
        """Write that it stands there; `made` is what of it is ours, where that is to be known at the end."""
        self.write(f"{self.KIND}.stood", {**self._about(lever, key), "made": dict(made or {}), "seen": seen})

    def lift(self, lever: str, layers: Sequence[LeverLayer], is_covered: bool = False) -> None:
        """Write that layers are gone, or go together with what is on them."""
        stack = self.stack(lever)
        for incident in dict.fromkeys(each.key.incident for each in layers):
            own = [each for each in layers if each.key.incident == incident]
            left = len([each for each in stack.without(layers).open if each.is_of(incident)])
            told = {"lever": lever, "incident": incident, "steps": [each.key.step for each in own]}
            self.write(f"{self.KIND}.lifted", {**told, "is_covered": is_covered, "left": left})

    def was_lifted(self, lever: str, incident: str, step: str) -> bool:
        """Whether a step's layer was there, and is gone; one of before steps were written down is that of each step."""
        return any(
            lifted.incident == incident
            and lifted.lever == lever
            and (not lifted.steps or not {step, ""}.isdisjoint(lifted.steps))
            for lifted in (as_lifted(event.kind, event.data) for event in self.events())
            if lifted is not None
        )

    def history(self, lever: str) -> dict[str, list[Any]]:
        """All that was ever put into each part of a lever, the oldest first."""
        return _by_part(layer.put for layer in self._ever(lever))

    def befores(self, lever: str) -> dict[str, list[Any]]:
        """All that others ever had in each part of a lever before a layer."""
        return _by_part(layer.before for layer in self._ever(lever))

    def _ever(self, lever: str) -> Iterator[LeverLayer]:
        for event in self.events():
            laid = as_laid(event.kind, event.data, event.at)
            if laid is not None and laid[0] == lever:
                yield laid[1]

    def looked(self, lever: str, state: State, words: str, todo: str) -> None:
        """Write what a look at a lever gave."""
        self.write(f"{self.KIND}.looked", {"lever": lever, "state": state, "words": words, "todo": todo})

    def looks(self) -> dict[str, LastLook]:
        """The last look at each lever since what is set there changed."""
        return {
            name: LastLook(event.at, event.data["state"], event.data["words"], event.data["todo"])
            for name, event in looks_of(map(_plain, self.events())).items()
        }

    def _about(self, lever: str, key: StepKey) -> dict[str, Any]:
        return {"lever": lever, "incident": key.incident, "step": key.step}


def stacks_of(events: Iterable[LeverEvent]) -> dict[str, Stack]:
    """The stacks of the levers of one stream, as its events tell it."""
    found: dict[str, Stack] = {}
    for kind, data, at in events:
        laid, lifted = as_laid(kind, data, at), as_lifted(kind, data)
        if laid is not None:
            found.setdefault(laid[0], Stack(laid[0])).lay(laid[1])
        elif lifted is not None and lifted.lever in found:
            stack = found[lifted.lever]
            stack.drop(lifted.keys_in(stack), lifted.is_covered)
        elif kind.endswith(".stood") and data["lever"] in found:
            _note_made(found[data["lever"]], data["made"])
    return found


def looks_of(events: Iterable[LeverEvent]) -> dict[str, LeverEvent]:
    """The last look at each lever of one stream; one before something was set there or lifted says nothing by now."""
    found: dict[str, LeverEvent] = {}
    for event in events:
        laid, lifted = as_laid(event.kind, event.data, event.at), as_lifted(event.kind, event.data)
        if laid is not None:
            found.pop(laid[0], None)
        elif lifted is not None:
            found.pop(lifted.lever, None)
        elif event.kind.endswith(".looked"):
            found[event.data["lever"]] = event
    return found


def read(log: Log, stream: str) -> dict[str, Stack]:
    """The stacks of a stream, for whoever does not need the rest of its room."""
    return stacks_of(_plain(unseal(row)) for row in log.rows(stream))


def _by_part(told: Iterable[Parts]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for parts in told:
        for part, each in parts.items():
            found.setdefault(part, []).append(each)
    return found


def _plain(event: Event) -> LeverEvent:
    return LeverEvent(event.kind, event.data, event.at)


def _note_made(stack: Stack, made: Mapping[str, Any]) -> None:
    for part, ours in made.items():
        if part in stack.base:
            stack.made[part] = ours
