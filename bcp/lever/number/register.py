"""The register of published places: which must be corrected, which are, and a look at those that can be fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bcp.action.levers import PageSeen, Spot
from bcp.errors import StepFailed
from bcp.i18n import _
from bcp.lever.number.page_text import find, text_of
from bcp.lever.number.phone import Reachable
from bcp.normalize import say_phone
from bcp.office.number import OfficeNumber, Published
from bcp.outside import Request, World
from bcp.stream import Stream

STREAM = "published"
_TIMEOUT = 8.0
_MOST = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class PlaceConfirmed:
    """What a place shows since somebody confirmed it: the numbers, when, in which incident, and how that is known."""

    at: datetime
    incident: str
    shows: tuple[str, ...]
    how: str


class PublishedJournal(Stream):
    """The stream of the places; published.confirmed {incident, place, shows, how}."""

    NAME = STREAM

    def now(self) -> dict[str, PlaceConfirmed]:
        """The last confirmation of each place."""
        return {
            event.data["place"]: PlaceConfirmed(
                event.at, event.data["incident"], tuple(event.data["shows"]), event.data["how"]
            )
            for event in self.events()
        }

    def confirmed(self, incident: str, place: str, shows: Sequence[str], how: str) -> None:
        """Write what a place shows from now on."""
        told = {"incident": incident, "place": place, "shows": list(shows), "how": how}
        self.write("published.confirmed", told)


@dataclass(slots=True)
class Register:
    """The places of an incident, or of peacetime; `people` and `roles` are those of the plan."""

    places: Sequence[Published]
    numbers: Mapping[str, OfficeNumber]
    people: Mapping[str, Reachable]
    roles: Mapping[str, Sequence[str]]
    world: World
    ledger: PublishedJournal
    incident: str
    rehearsed: bool = False
    _away: bool = field(default=False, init=False)

    def phone(self, shown: str) -> str:
        """What a place shows: the number of an entry of bcp.yaml, else the text itself."""
        number = self.numbers.get(shown)
        return (number.phone or "") if number is not None else shown

    def registered(self, place: Published) -> list[str]:
        """What it shows in usual times."""
        return [phone for phone in map(self.phone, place.shows) if phone]

    def has_places(self, number: str) -> bool:
        """Whether a place shows it in usual times."""
        self._named(number)
        return any(number in place.shows for place in self.places)

    def to_show(self, show: str, instead_of: str) -> list[Spot]:
        """The places that must show the phone `show` now in place of the number called `instead_of`."""
        old, now = self._named(instead_of), self.ledger.now()
        if old == show:
            return []
        found = []
        for place in self.places:
            shown = now[place.published].shows if place.published in now else self.registered(place)
            if instead_of in place.shows and (show not in shown or old in shown):
                found.append(self._spot(place, [show], [old] if old else []))
        return found

    def to_restore(self, number: str) -> list[Spot]:
        """The places of that number that show something else now than in usual times, as far as that is known."""
        self._named(number)
        now = self.ledger.now()
        # What was done by hand is not written down: then all of them are gone through.
        is_known = any(each.incident == self.incident for each in now.values())
        found = []
        for place in self.places:
            usual = self.registered(place)
            shown = now[place.published].shows if place.published in now else usual
            if number in place.shows and (set(shown) != set(usual) or not is_known):
                found.append(self._spot(place, usual, [each for each in shown if each not in usual]))
        return found

    def describe(self, spot: Spot) -> Sequence[str]:
        """Where it is, what it must show, who corrects it and how."""
        shows = _("it must show: {numbers}").format(numbers=", ".join(map(say_phone, spot.shows)))
        gone = _("it must show no longer: {numbers}").format(numbers=", ".join(map(say_phone, spot.gone)))
        first = " · ".join(filter(None, (spot.title, spot.url)))
        return [first, shows, *([gone] if spot.gone else []), *filter(None, (spot.who, spot.how))]

    def look(self, spot: Spot) -> PageSeen:
        """Fetch the page, and look for the numbers."""
        if not spot.url or self.rehearsed:
            return PageSeen("unseen", "")
        if self._away:
            return PageSeen("unseen", _("not fetched: the network did not answer before"))
        answer = self.world.request(
            Request("GET", spot.url, {"User-Agent": "bcp"}, timeout=_TIMEOUT, most=_MOST, follow=True)
        )
        if answer.status is None:
            self._away = not answer.sent
            return PageSeen("unseen", _("it cannot be fetched: {why}").format(why=answer.trouble))
        if answer.status != 200:
            return PageSeen(
                "unseen", _("it cannot be fetched: the page answers {status}").format(status=answer.status)
            )
        return _judged(spot, answer.text)

    def confirmed(self, spot: Spot, how: str) -> None:
        """Write it down; what is rehearsed is no confirmation."""
        if self.rehearsed:
            return
        place = next(each for each in self.places if each.published == spot.place)
        now = self.ledger.now().get(spot.place)
        shown = list(now.shows) if now else self.registered(place)
        kept = [each for each in shown if each not in spot.gone and each not in spot.shows]
        self.ledger.confirmed(self.incident, spot.place, [*spot.shows, *kept], how)

    def spot(self, place: Published) -> Spot:
        """The place as it should be now, for a look in peacetime."""
        now = self.ledger.now().get(place.published)
        usual = self.registered(place)
        shown = list(now.shows) if now else usual
        return self._spot(place, shown, [each for each in usual if each not in shown])

    def _named(self, name: str) -> str:
        if name not in self.numbers:
            raise StepFailed(
                _('there is no number "{name}" in bcp.yaml').format(name=name),
                "numbers: " + ", ".join(self.numbers),
            )
        return self.phone(name)

    def _spot(self, place: Published, shows: Sequence[str], gone: Sequence[str]) -> Spot:
        people = self.roles.get(place.who or "", ())
        who = next((self.people[name] for name in people if name in self.people), None)
        said = " ".join(filter(None, (who.name, say_phone(who.phone or "")))) if who else ""
        title = place.title or place.published
        return Spot(place.published, title, place.url or "", said, place.how or "", tuple(shows), tuple(gone))


def _judged(spot: Spot, page: str) -> PageSeen:
    text = text_of(page)
    still = [(each, find(each, text)) for each in spot.gone]
    old = next(((each, words) for each, words in still if words), None)
    missing = [each for each in spot.shows if not find(each, text)]
    if old is not None:
        words = _('the page still shows {number}: "{words}"')
        return PageSeen("old", words.format(number=say_phone(old[0]), words=old[1]))
    if missing:
        return PageSeen("unseen", _("the page does not show {number}").format(number=say_phone(missing[0])))
    return PageSeen(
        "fine", _("seen on the page: {number}").format(number=", ".join(map(say_phone, spot.shows)))
    )
