"""`place status`: what is known of each place, what an incident put there and did not take back."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bcp.action.levers import LastTest
from bcp.app.incident.handover_levers import elsewhere
from bcp.app.office import spoken_office_of
from bcp.app.session import Session
from bcp.lever.place.context import way_of
from bcp.lever.place.ledger import PlaceJournal


@dataclass(frozen=True, slots=True)
class LeftPublished:
    """What an incident put at a place and did not take back; `elsewhere` says if it goes on at another computer."""

    place: str
    incident: str
    elsewhere: str


@dataclass(frozen=True, slots=True)
class PlaceStatus:
    """What is known of one place; `way` is how we write there, in words."""

    place: str
    title: str
    kind: str
    url: str | None
    way: str
    tested: LastTest | None
    published_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlacesStatus:
    """All places."""

    zone: ZoneInfo
    published: tuple[LeftPublished, ...]
    places: tuple[PlaceStatus, ...]


def place_status(session: Session) -> PlacesStatus:
    """What is known of the places in peacetime. Raises SourceError for mistakes in bcp.yaml."""
    office = spoken_office_of(session)
    ledger = PlaceJournal(session.stores.levers, "")
    tests = ledger.tests()
    published = tuple(
        LeftPublished(place, incident, elsewhere(session, incident))
        for place, stack in ledger.stacks().items()
        for incident in dict.fromkeys(each.key.incident for each in stack.open)
    )
    places = [
        PlaceStatus(
            place.place,
            place.title or "",
            place.kind,
            place.url,
            way_of(place).describe(),
            tests.get(place.place),
            tuple(each.incident for each in published if each.place == place.place),
        )
        for place in office.places
    ]
    return PlacesStatus(office.zone, published, tuple(places))
