"""`number published`: the places where our numbers can be read, what each must show, and a look at those on the web."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bcp.action.levers import PageSeen
from bcp.app.number.office import numbers_of
from bcp.app.office import spoken_office_of
from bcp.app.session import Session
from bcp.lever.number.register import PlaceConfirmed, PublishedJournal, Register
from bcp.office.number import Published


@dataclass(frozen=True, slots=True)
class PublishedPlace:
    """One place: what it must show as phone numbers, that in words, what was confirmed last, what a look saw."""

    place: Published
    must_show: tuple[str, ...]
    words: tuple[str, ...]
    confirmed: PlaceConfirmed | None
    seen: PageSeen | None


@dataclass(frozen=True, slots=True)
class PublishedPlaces:
    """All places; `looked` says whether each page was fetched."""

    zone: ZoneInfo
    looked: bool
    places: tuple[PublishedPlace, ...]

    @property
    def shows_wrong(self) -> bool:
        """Whether a page shows a wrong number. One that could not be read, or has no number as text, proves nothing."""
        return any(each.seen is not None and each.seen.state == "old" for each in self.places)


def published_places(session: Session, look: bool) -> PublishedPlaces:
    """The register; with `look` each page is fetched. Raises SourceError for mistakes in bcp.yaml."""
    office = spoken_office_of(session)
    numbers = numbers_of(session, office, "")
    ledger = PublishedJournal(session.stores.levers, "")
    register = Register(
        office.published, numbers.numbers, numbers.people, numbers.roles, numbers.affair.world, ledger, ""
    )
    now = ledger.now()
    found = [_place(register, place, now.get(place.published), look) for place in office.published]
    return PublishedPlaces(office.zone, look, tuple(found))


def _place(register: Register, place: Published, now: PlaceConfirmed | None, look: bool) -> PublishedPlace:
    spot = register.spot(place)
    seen = register.look(spot) if look else None
    return PublishedPlace(place, tuple(spot.shows), tuple(register.describe(spot)), now, seen)
