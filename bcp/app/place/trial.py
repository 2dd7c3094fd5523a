"""`place test`: tries whether we could write at a place today, without publishing anything, and writes it down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bcp.app.office import person_in, spoken_office_of
from bcp.app.places import peacetime_places
from bcp.app.session import Session
from bcp.errors import StepFailed
from bcp.i18n import _
from bcp.lever.place import marks
from bcp.lever.place.base import NewsWay, PlaceDriver, PlaceEnv
from bcp.lever.place.context import Places, way_of
from bcp.lever.place.levers import PlaceLevers
from bcp.office.place import OfficePlace


@dataclass(frozen=True, slots=True)
class PlaceTrial:
    """Whether we could write there (`state` up or down), what showed it, and what to do where we could not."""

    place: str
    state: str
    reason: str
    hint: str = ""

    @property
    def would_work(self) -> bool:
        """Whether we could write there."""
        return self.state == "up"


def try_place(session: Session, name: str, by: str | None) -> PlaceTrial:
    """Try a place out, and write it down. Raises InputError for a place that there is not."""
    office = spoken_office_of(session)
    places = peacetime_places(session, office, person_in(session, office, by))
    place = places.named(name)
    try:
        trial = PlaceTrial(name, "up", "; ".join(_tried(places, place)))
    except StepFailed as failed:
        trial = PlaceTrial(name, "down", failed.message, failed.hint or "")
    told = {"place": name, "state": trial.state, "reason": trial.reason}
    places.ledger.write("place.tested", told)
    return trial


def _tried(places: Places, place: OfficePlace) -> Iterator[str]:
    """What shows that it would work, thing by thing. Raises StepFailed where it would not."""
    way, reach = way_of(place), places.reach
    yield from way.try_out(reach, place.page)
    if place.kind == "status-page":
        PlaceLevers(places).status_page(place.place).put()
        yield _("the status page stands there as it is now")
    elif place.page is not None:
        yield from _marks_of(way, reach, place.page)
    if place.url:
        look = places.see(place.url, place.via)
        if look.page is None:
            raise StepFailed(
                f"the public cannot read {place.url}: {look.reason}", "correct url: or via: in bcp.yaml"
            )
        yield _("{url} can be read from outside").format(url=place.url)


def _marks_of(way: PlaceDriver, reach: PlaceEnv, page: str) -> Iterator[str]:
    """What is said of the page and our marks in it."""
    found = way.fetch(reach, page)
    if found is None:
        raise StepFailed(f"there is no page {page} at the place", "correct page: in bcp.yaml")
    lacking = [name for name in marks.NAMES if not marks.read(found.content, name)]
    needed = [name for name in lacking if not (name == "notice" and isinstance(way, NewsWay) and way.news)]
    if "notice" in needed:
        hint = f"put this into it where the notice is to stand: {marks.pair('notice')}"
        raise StepFailed(f"the page {page} has no mark for the notice", hint)
    for name in needed:
        yield _("no mark for the {name} yet: {pair}").format(name=name, pair=marks.pair(name))
    yield _("the page {page} can be read").format(page=page)
