"""What the levers of all places have in common: what is planned, what else there is, whose layers end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bcp.action.levers import PlaceLever, Shown
from bcp.errors import StepFailed
from bcp.i18n import _
from bcp.lever.place.base import PlaceDriver
from bcp.lever.place.context import Places, evidence_of, way_of
from bcp.lever.place.text import PlaceNotice
from bcp.lever.stack import LeverLayer, Parts, Stack
from bcp.office.place import OfficePlace


@dataclass(slots=True)
class AnyLever:
    """A place for one step of an incident. `instead_of` is the place that could not be reached, if this stands in.

    `lever` makes the lever of another place, and takes the place that it stands in for.
    """

    places: Places
    place: OfficePlace
    lever: Callable[[str, str], PlaceLever]
    instead_of: str = ""
    wanted: PlaceNotice | None = None

    @property
    def way(self) -> PlaceDriver:
        """How we write there."""
        return way_of(self.place)

    def stack(self) -> Stack:
        """What was put here and not taken back."""
        return self.places.ledger.stack(self.place.place)

    def ends(self) -> list[LeverLayer]:
        """The layers that this step takes back: those of the step that it undoes, or of its whole incident."""
        key, stack = self.places.key, self.stack()
        own = stack.of(key.incident, key.step)
        return own if own or self.places.undoes else stack.of(key.incident)

    def elsewhere(self) -> Sequence[str]:
        """The other places."""
        return self.places.others(self.place.place)

    def instead(self, name: str) -> PlaceLever:
        """The lever of another place, used because this one cannot be reached."""
        return self.lever(name, self.place.place)

    def published(self) -> Sequence[str]:
        """The places where a person corrects by hand."""
        return self.places.wording.published()

    def hand_back(self) -> str:
        """What a person does to take back what was put somewhere else instead; a program does the rest."""
        found = self.places.stood_in(self.place.place)
        return "\n".join(filter(None, (self.lever(name, "").hand_back() for name in found)))

    def take_back(self) -> Shown:
        """Take back what this step put here, and wherever it was told instead."""
        told: list[str] = []
        ends, others = self.ends(), self.places.stood_in(self.place.place)
        if ends:
            stack = self.stack()
            told.append(self.undo(stack, ends) or _stays(stack, ends))
            self.places.ledger.lift(self.place.place, ends)
        for other in others:
            told.append(self.lever(other, "").take_back().note)
        if not told and self.places.undoes and not self._was_taken_back():
            words = _("nothing is written down of what was put at {place}, so a person must take it away")
            raise StepFailed(words.format(place=self.place.place), _("look at it, and do this step by hand"))
        nothing = _("nothing of this incident stands there")
        return Shown("; ".join(told) or nothing, evidence_of(self.place, {}))

    def _was_taken_back(self) -> bool:
        key = self.places.key
        return self.places.ledger.was_lifted(self.place.place, key.incident, key.step)

    def undo(self, stack: Stack, ends: Sequence[LeverLayer]) -> str:
        """Make the place say what it says without these layers; what was done, or nothing where nothing had to be.

        Doing it twice does no harm. Raises StepFailed.
        """
        raise TypeError(f"{type(self).__name__} takes nothing back")

    def lay(self, put: Parts, before: Parts, more: Mapping[str, Any] | None = None) -> None:
        """Write down what is about to be put here."""
        name, key = self.place.place, self.places.key
        self.places.ledger.lay(name, key, put, before, instead_of=self.instead_of, more=more)

    def stood(self, seen: str = "") -> None:
        """Write down that it stands here, and who looked how."""
        self.places.ledger.stood(self.place.place, self.places.key, seen=seen)


def _stays(stack: Stack, ends: Sequence[LeverLayer]) -> str:
    top = stack.without(ends).top
    if top is None:
        return _("nothing of this incident stands there")
    words = _("what the incident {incident} put there since stays")
    return words.format(incident=top.key.incident)
