"""What the events of the levers say, also those of before there was a stack: each in a form of its own, with no step.

An incident that was open then is ended by the stack as any other: its layers are those of all its steps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bcp.lever.stack import LeverLayer, Parts, Stack, StepKey

LAID = frozenset({"line.laid", "number.laid", "place.laid"})
LIFTED = frozenset({"line.lifted", "number.lifted", "place.lifted"})
WAY_OUT = "way out"
"""The one lever of all lines: by which of them the office goes out."""
CALLS, STATUS, NEWS, BY_HAND = "calls", "status", "news", "by hand"
"""The parts of a number; of our status page; of a place that takes news; of one at which a person writes."""


@dataclass(frozen=True, slots=True)
class Lifted:
    """Layers that are gone, or lie on beneath others; without `steps` those of the incident with one of `parts`."""

    lever: str
    incident: str
    steps: tuple[str, ...] = ()
    is_covered: bool = False
    parts: tuple[str, ...] = ()

    def keys_in(self, stack: Stack) -> list[StepKey]:
        """The layers of a stack that are meant."""
        own = [each for each in stack.layers if each.is_of(self.incident)]
        if self.steps:
            return [each.key for each in own if each.key.step in self.steps]
        return [each.key for each in own if not self.parts or set(self.parts) & set(each.put)]


def as_laid(kind: str, told: Mapping[str, Any], at: datetime) -> tuple[str, LeverLayer] | None:
    """The lever and the layer that an event of this kind and data lays on it; None for any other event."""
    if kind in LAID:
        lever, put, before = told["lever"], told["put"], told["before"]
    elif kind in _FORMS:
        lever, put, before = _FORMS[kind](told)
    else:
        return None
    key = StepKey(told["incident"], told.get("step", ""), told.get("has_undo", True))
    return lever, LeverLayer(key, at, put, before, told.get("instead_of", ""))


def as_lifted(kind: str, told: Mapping[str, Any]) -> Lifted | None:
    """The layers that an event of this kind and data takes away; None for any other event."""
    if kind in LIFTED:
        return Lifted(told["lever"], told["incident"], tuple(told["steps"]), told["is_covered"])
    if kind == "line.put-back":
        return Lifted(WAY_OUT, told["incident"], parts=(told["line"],))
    if kind in ("number.put-back", "place.put-back"):
        return Lifted(told[kind.partition(".")[0]], told["incident"])
    return None


def _line(told: Mapping[str, Any]) -> tuple[str, Parts, Parts]:
    return (
        WAY_OUT,
        {told["line"]: {}},
        {told["line"]: {"way_out": told["before"], "saved": told["saved"]}},
    )


def _number(told: Mapping[str, Any]) -> tuple[str, Parts, Parts]:
    if not told["to"]:  # its own phone takes the calls, so nothing was set
        return told["number"], {}, {}
    return told["number"], {CALLS: {"to": told["to"], "whose": told["whose"]}}, {CALLS: told["saved"]}


def _page(told: Mapping[str, Any]) -> tuple[str, Parts, Parts]:
    if told.get("by_hand"):
        return told["place"], {BY_HAND: {}}, {}
    return told["place"], told["after"], told["before"]


def _news(told: Mapping[str, Any]) -> tuple[str, Parts, Parts]:
    return told["place"], {NEWS: {"slug": told["slug"], "text": told["text"]}}, {}


def _update(told: Mapping[str, Any]) -> tuple[str, Parts, Parts]:
    return told["place"], {STATUS: {"texts": [each["text"] for each in told["said"]]}}, {}


_FORMS: Mapping[str, Callable[[Mapping[str, Any]], tuple[str, Parts, Parts]]] = {
    "line.switching": _line,
    "number.forwarding": _number,
    "place.writing": _page,
    "place.news": _news,
    "place.update": _update,
}
