"""`place test`: does at a twin what a step would do at a place, looks where the public looks, and writes it down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bcp.action.kinds.publish import Publish
from bcp.app.office import person_in, spoken_office_of
from bcp.app.places import peacetime_places
from bcp.app.session import Session
from bcp.errors import StepFailed
from bcp.i18n import _
from bcp.lever.place import marks
from bcp.lever.place.base import BY_HAND, NewsWay, PlaceDriver, PlaceEnv, Untried
from bcp.lever.place.beside import TRIAL
from bcp.lever.place.context import Places, way_of
from bcp.lever.place.levers import PlaceLevers
from bcp.lever.place.public_address import address_beside, other_languages, same_address
from bcp.lever.place.public_marks import unseen
from bcp.lever.place.status_page import INDEX, MARK
from bcp.office.place import OfficePlace

_NOW = "correct the way of this place in bcp.yaml, or its rights there; else it has to be done by hand on the day"
"""What to do where a step would say that it has to be done by hand: there is time now."""


@dataclass(frozen=True, slots=True)
class PlaceTrial:
    """How a trial ended, what showed it, and what to do where it did not go well.

    `state` is up, down, or inconclusive: nothing failed, but not all of it could be tried.
    """

    place: str
    state: str
    reason: str
    hint: str = ""

    @property
    def would_work(self) -> bool:
        """Whether all of it was done, and worked."""
        return self.state == "up"


def try_place(session: Session, name: str, by: str | None) -> PlaceTrial:
    """Try a place out, and write it down. Raises InputError for a place that there is not."""
    office = spoken_office_of(session)
    places = peacetime_places(session, office, person_in(session, office, by))
    place = places.named(name)
    try:
        showed = [*_tried(places, place, _parts_wanted(session, name))]
        state = "inconclusive" if any(isinstance(each, Untried) for each in showed) else "up"
        trial = PlaceTrial(name, state, "; ".join(showed))
    except StepFailed as failed:
        hint = _NOW if failed.hint in (None, "", BY_HAND) else failed.hint
        trial = PlaceTrial(name, "down", failed.message, hint)
    told = {"place": name, "state": trial.state, "reason": trial.reason}
    places.ledger.write("place.tested", told)
    return trial


def _parts_wanted(session: Session, name: str) -> set[str]:
    """What the steps of this office write at a place: a notice, and the number if one of them names it.

    Both where no step does yet.
    """
    from bcp.runbook.load import load
    from bcp.yaml.source import Reader

    steps = [
        act.action
        for each in load(session.folder, Reader()).values()
        for _loc, act in each.model.acts()
        if isinstance(act.action, Publish) and act.action.place == name
    ]
    is_number_told = not steps or any(step.contact_number for step in steps)
    return {"notice", *(["number"] if is_number_told else [])}


def _tried(places: Places, place: OfficePlace, wanted: set[str]) -> Iterator[str]:
    """What shows that it would work, thing by thing. Raises StepFailed where it would not."""
    way = way_of(place)
    reach = replace(places.reach, witness=lambda twin: _twin_seen(places, place, twin))
    source, parts = b"", set[str]()
    if place.page is not None and "hand" not in way.takes:
        source = _source(way, reach, place.page)
        parts = _parts(way, source, place, wanted)
    yield from way.try_out(reach, place.page)
    if place.page is not None:
        way.refuse_harm(reach, place.page)
    if place.kind == "status-page":
        PlaceLevers(places).status_page(place.place).put()
        yield _("the status page stands there as it is now")
    yield from _seen(places, place, source, parts if way.is_shown() else set())


def _source(way: PlaceDriver, reach: PlaceEnv, page: str) -> bytes:
    """The page as it is at the place."""
    found = way.fetch(reach, page)
    if found is None:
        raise StepFailed(
            _("there is no page {page} at the place").format(page=page), "correct page: in bcp.yaml"
        )
    way.refuse_unread(reach, page)
    return found.content


def _parts(way: PlaceDriver, source: bytes, place: OfficePlace, parts: set[str]) -> set[str]:
    """Which of our marks a step writes at in this page. Raises StepFailed where one of them is missing."""
    wanted = set(map(place.marked, parts))
    there = {name for name in wanted if marks.read(source, name)}
    goes_out_as_news = {place.marked("notice")} if isinstance(way, NewsWay) and way.news else set()
    for name in sorted(wanted - there - goes_out_as_news):
        words = _("the page {page} has no mark for the {name}").format(page=place.page, name=name)
        raise StepFailed(words, f"put this into it where the {name} is to stand: {marks.pair(name)}")
    return there


def _twin_seen(places: Places, place: OfficePlace, twin: str) -> list[str]:
    """Whether the public reads what is put beside the page: else `url` may show another folder."""
    if not place.url or not way_of(place).is_shown():
        return []
    address = address_beside(place.url, place.page or INDEX, twin)
    if not address:
        words = _("not tried: whether {url} shows this folder, for that address does not end in {page}")
        return [Untried(words.format(url=place.url, page=place.page or INDEX))]
    look = places.see(address, place.via)
    if look.page is not None and TRIAL in look.page:
        return [_("what is put beside the page is seen from outside")]
    words = _("what was put beside the page was not seen at {address}: {url} may show another folder")
    return [Untried(words.format(address=address, url=place.url))]


def _seen(places: Places, place: OfficePlace, source: bytes, parts: set[str]) -> Iterator[str]:
    """What the public sees at `url`. Raises StepFailed where that is not the page, or our parts are not seen in it."""
    if not place.url:
        yield Untried(_("not tried: whether the public sees it (bcp.yaml gives no url: for this place)"))
        return
    look = places.see(place.url, place.via)
    if look.page is None:
        words = _("the public cannot read {url}: {why}").format(url=place.url, why=look.reason)
        raise StepFailed(words, "correct url: or via: in bcp.yaml")
    if place.kind == "status-page" and MARK not in marks.decoded(look.page):
        words = _("{url} is not the status page that was put there").format(url=place.url)
        raise StepFailed(words, "correct url: in bcp.yaml, or the folder of its way")
    for name in sorted(parts):
        why = unseen(look.page, source, name)
        if why:
            told = _("{url}: {why}").format(url=place.url, why=why.format(name=name))
            raise StepFailed(
                told, "put the mark where the page shows it, or name that page as page: and url:"
            )
    yield from _told_elsewhere(places, look.page, place.url)
    if place.via:
        yield _("seen at {url} through {via}").format(url=place.url, via=place.via)
    else:
        yield _("seen at {url}, over the office's own line only").format(url=place.url)


def _told_elsewhere(places: Places, page: bytes, url: str) -> Iterator[str]:
    """The same page in other languages, where bcp.yaml has no place for it."""
    known = [place.url for place in places.places.values() if place.url]
    for language, address in other_languages(page, url).items():
        if not any(same_address(address, each) for each in known):
            words = _("nothing is written to the same page in another language ({language}): {address}")
            yield words.format(language=language, address=address)
