"""Stack: what was set at one lever of the office, layer upon layer, and what others had there before the first.

A lever has parts that are set and ended one by one: the marks of a page, the calls of a number, each line. A part
shows what the uppermost layer says of it; without any layer it is the base again, which is what others had there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

Parts = Mapping[str, Any]
"""Something of each part, as plain JSON."""


class StepKey(NamedTuple):
    """Whose layer it is: a step of an incident; `step` is empty where a layer was laid before steps were written down.

    `has_undo` says whether the step is ended by an undo of its own. What has none goes with the layer below it.
    """

    incident: str
    step: str
    has_undo: bool = True


TRIAL = StepKey("", "trial")
"""Whose layer it is that is laid on a quiet day, to see whether it would work."""


class StepDoer(NamedTuple):
    """For whose layer something is done: by the step itself, or by the undo of it."""

    key: StepKey
    undoes: bool = False


@dataclass(frozen=True, slots=True)
class LeverLayer:
    """What a step set: `put` by part, `before` what others had there; `instead_of` is the lever it stands in for.

    `is_lifted`: it was taken off while others lay on it, and goes with them.
    """

    key: StepKey
    at: datetime
    put: Parts
    before: Parts
    instead_of: str = ""
    is_lifted: bool = False

    def is_of(self, incident: str, step: str = "") -> bool:
        """Whether it is of this incident and step; of any step, where none is named on either side."""
        return self.key.incident == incident and (not step or self.key.step in ("", step))


@dataclass(slots=True)
class Stack:
    """All layers at one lever, the oldest first.

    `base` is what others had in each part, `known` is all that we put there since, `made` is what was seen of ours.
    """

    lever: str
    layers: list[LeverLayer] = field(default_factory=list)
    base: dict[str, Any] = field(default_factory=dict)
    known: dict[str, list[Any]] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict)

    @property
    def open(self) -> list[LeverLayer]:
        """The layers that hold, the oldest first."""
        return [each for each in self.layers if not each.is_lifted]

    @property
    def top(self) -> LeverLayer | None:
        """The layer that was laid last, of those that hold."""
        return next((each for each in reversed(self.layers) if not each.is_lifted), None)

    def of(self, incident: str, step: str = "") -> list[LeverLayer]:
        """The layers that end when this step of this incident is undone, the oldest first.

        Those of its other steps that have no undo of their own go along, if they lie on the first of them.
        """
        own = [each for each in self.open if each.is_of(incident, step)]
        if not own or not step:
            return own
        after = self.layers[self.layers.index(own[0]) :]
        ends = [each for each in after if each.is_of(incident) and not each.key.has_undo]
        return [each for each in self.open if each in own or each in ends]

    def said(self, part: str) -> LeverLayer | None:
        """The uppermost layer that says something of a part; None where the base shows."""
        return next((each for each in reversed(self.open) if part in each.put), None)

    def without(self, layers: Collection[LeverLayer]) -> Stack:
        """The stack as it is once these layers are gone; this one stays as it is."""
        left = Stack(
            self.lever,
            list(self.layers),
            dict(self.base),
            {part: list(puts) for part, puts in self.known.items()},
            dict(self.made),
        )
        left.drop([each.key for each in layers])
        return left

    def lay(self, layer: LeverLayer) -> None:
        """Lay a layer on top. Of one of the same step stays below what is not said anew."""
        kept = []
        for each in self.layers:
            rest = {part: put for part, put in each.put.items() if part not in layer.put}
            if each.key[:2] != layer.key[:2]:
                kept.append(each)
            elif rest:
                kept.append(replace(each, put=rest))
        self.layers = [*kept, layer]
        for part, put in layer.put.items():
            self.base.setdefault(part, layer.before.get(part))
            self.known.setdefault(part, []).append(put)

    def drop(self, keys: Collection[StepKey], is_covered: bool = False) -> None:
        """Take the layers of these steps away; where they are covered, mark them, and they go with what is on them."""
        gone = {key[:2] for key in keys}
        if is_covered:
            self.layers = [
                replace(each, is_lifted=True) if each.key[:2] in gone else each for each in self.layers
            ]
        else:
            self.layers = [each for each in self.layers if each.key[:2] not in gone]
        while self.layers and self.layers[-1].is_lifted:
            self.layers.pop()
        held = {part for each in self.layers for part in each.put}
        for kept in (self.base, self.known, self.made):
            for part in set(kept) - held:
                del kept[part]
