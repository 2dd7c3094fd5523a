"""The places of the office as a step of an incident writes at them (the protocol PlaceLever of action/levers.py)."""

from __future__ import annotations

from dataclasses import dataclass

from bcp.action.levers import PlaceLever
from bcp.lever.place.context import Places, way_of
from bcp.lever.place.hand_lever import HandLever
from bcp.lever.place.page_lever import PageLever
from bcp.lever.place.status_lever import StatusLever


@dataclass(frozen=True, slots=True)
class PlaceLevers:
    """Makes the lever of a place, of the kind that its way and its page need."""

    places: Places

    def place(self, name: str, instead_of: str = "") -> PlaceLever:
        """The lever of a place, standing in for `instead_of`. Raises InputError where there is none."""
        place = self.places.named(name)
        if "hand" in way_of(place).takes:
            return HandLever(self.places, place, self.place, instead_of)
        if place.kind == "status-page":
            return self.status_page(name, instead_of)
        return PageLever(self.places, place, self.place, instead_of)

    def status_page(self, name: str, instead_of: str = "") -> StatusLever:
        """The lever of our status page. Raises InputError where there is none of that name."""
        return StatusLever(self.places, self.places.named(name), self.place, instead_of)
