"""What the levers of all places have in common: what is planned, what else there is, what their events say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bcp.action.levers import PlaceLever, Shown
from bcp.i18n import _
from bcp.lever.place.base import PlaceDriver
from bcp.lever.place.context import Places, evidence_of, way_of
from bcp.lever.place.ledger import Publication
from bcp.lever.place.text import PlaceNotice
from bcp.office.place import OfficePlace


@dataclass(slots=True)
class AnyLever:
    """A place in one incident. `instead_of` is the place that could not be reached, if this one stands in for it.

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

    def written(self) -> Publication:
        """What this incident wrote here so far."""
        name = self.place.place
        return self.places.ledger.open(self.places.incident).get(name) or Publication(name)

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
        found = self.places.taken_back(self.place.place)
        return "\n".join(filter(None, (self.lever(name, "").hand_back() for name in found)))

    def take_back(self) -> Shown:
        """Take back what this incident put here, and wherever it was told instead."""
        told: list[str] = []
        written = self.places.ledger.open(self.places.incident).get(self.place.place)
        if written is not None:
            told.append(self.undo(written))
            self.places.ledger.write("place.put-back", self.about())
        for other in self.places.taken_back(self.place.place):
            told.append(self.lever(other, "").take_back().note)
        nothing = _("nothing of this incident stands there")
        return Shown("; ".join(told) or nothing, evidence_of(self.place, {}))

    def undo(self, written: Publication) -> str:
        """Put back what was here before; what was done. Doing it twice does no harm. Raises StepFailed."""
        raise TypeError(f"{type(self).__name__} takes nothing back")

    def about(self) -> dict[str, Any]:
        """What every event of the stream says of this."""
        told = {"incident": self.places.incident, "place": self.place.place}
        return {**told, "instead_of": self.instead_of} if self.instead_of else told
