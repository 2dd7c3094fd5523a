"""Our own status page: a few files, made anew from all that was told, and put where the public reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from bcp.action.levers import Preview, Shown
from bcp.errors import StepFailed, Unsure, read_back
from bcp.event import Event
from bcp.i18n import _
from bcp.lever.place import marks
from bcp.lever.place.base import Changed, PageCopy
from bcp.lever.place.context import evidence_of
from bcp.lever.place.lever import AnyLever
from bcp.lever.place.status_page import INDEX, MARK, StatusPage, Update
from bcp.lever.place.text import PlaceNotice, from_data
from bcp.lever.stack import LeverLayer, Stack

_KEPT = 40
"""As many updates stay on the page."""

_SHOWN = ("place.stood", "place.shown")

_LANGUAGES = ("en", "pl", "cs", "el", "de")


@dataclass(slots=True)
class StatusLever(AnyLever):
    """Our status page."""

    def plan(self, notice: str, number: str) -> Preview:
        """What stands there, and what will."""
        self.wanted = self.places.wanted(self.place, notice, number)
        self._refuse_strange(self.way.fetch(self.places.reach, INDEX))
        made = self.places.render(self._page(self.wanted))
        files = _("files: {files}").format(files=", ".join(made))
        words = [self.way.describe(), *self.wanted.lines(), files]
        return Preview(tuple(words), str(self.places.preview(self.place.place, made[INDEX])))

    def publish(self) -> Shown:
        """Write the update down, put the page there, see it from outside. The same again is no second update."""
        assert self.wanted is not None
        if not self._says_it_already(self.wanted):
            self._lay(self.wanted)
        self.put()
        self.stood()
        seen = self.places.insist(self.place, self.place.url, self._texts(self.wanted))
        return Shown(seen, evidence_of(self.place, {"notice": self.wanted.notice, "seen": seen}))

    def undo(self, stack: Stack, ends: Sequence[LeverLayer]) -> str:
        """Say that all is well again; what was told stays as the history. Not while a step of the incident holds."""
        if any(each.is_of(self.places.key.incident) for each in stack.without(ends).open):
            return ""
        is_told = self._mine()[-1].kind == "all-clear"
        self.put(None if is_told else PlaceNotice("", "all-clear", ()))
        return _("the status page says that all is well again")

    def put(self, more: PlaceNotice | None = None) -> None:
        """Put the page there as the stream has it, and with `more`; each file whole, the page itself last."""
        made = self.places.render(self._page(more))
        for name in sorted(made, key=lambda one: one == INDEX):
            self._store(name, made[name])

    def _page(self, more: PlaceNotice | None) -> StatusPage:
        events = self.places.ledger.events()
        updates = updates_of(events, self.place.place)
        now = self.places.reach.clock.now()
        if more is not None:
            new = Update(
                str(len(events) + 1), self.places.key.incident, now, more.kind, more.said, more.number
            )
            updates = [new, *updates]
        spoken = {one.language for update in updates for one in update.said}
        languages: Sequence[str] = self.place.languages or [
            one for one in _LANGUAGES if one in spoken or not spoken
        ]
        places, url, kept = self.places, self.place.url or "", tuple(updates[:_KEPT])
        origin = _origin(events, self.place.place)
        return StatusPage(places.office, url, tuple(languages), places.zone, now, kept, origin)

    def _mine(self) -> list[PlaceNotice]:
        """All that this incident told here, in order."""
        events = [one for one in self.places.ledger.events() if one.kind == "place.update"]
        here = (self.places.key.incident, self.place.place)
        return [from_data(one.data) for one in events if (one.data["incident"], one.data["place"]) == here]

    def _says_it_already(self, wanted: PlaceNotice) -> bool:
        key = self.places.key
        return bool(self.stack().of(key.incident, key.step)) and self._mine()[-1] == wanted

    def _lay(self, wanted: PlaceNotice) -> None:
        """Write down what is about to be told; it stays in the history of the page."""
        key, place = self.places.key, self.place.place
        told = {"incident": key.incident, "place": place, "step": key.step, "has_undo": key.has_undo}
        instead = {"instead_of": self.instead_of} if self.instead_of else {}
        self.places.ledger.write("place.update", {**told, **instead, **asdict(wanted)})

    def _texts(self, wanted: PlaceNotice) -> list[str]:
        languages: set[str] = set(self.place.languages) or {one.language for one in wanted.said}
        return [one.text for one in wanted.said if one.language in languages]

    def _store(self, name: str, content: bytes) -> None:
        was = self.way.fetch(self.places.reach, name)
        if name == INDEX:
            self._refuse_strange(was)
        if was is not None and was.content == content:
            return
        try:
            self.way.store(self.places.reach, name, content, was)
        except Unsure as error:
            with read_back(error):
                now = self.way.fetch(self.places.reach, name)
            if now is None or now.content != content:
                words = _("{why}; {page} is still as it was").format(why=error.message, page=name)
                raise StepFailed(words, error.hint) from None

    def _refuse_strange(self, found: PageCopy | None) -> None:
        if found is not None and found.content.strip() and MARK not in marks.decoded(found.content):
            told = _("at {place} there is a page {page} that is not our status page; it was not overwritten")
            words = told.format(place=self.place.place, page=INDEX)
            raise Changed(words, "give the status page a folder of its own in bcp.yaml")


def updates_of(events: Sequence[Event], place: str) -> list[Update]:
    """All that was told at a status page, the newest first.

    What was written down and never seen to stand there, because the computer died, counts only while nothing came after
    it in its incident: the step that is done again tells it anew.
    """
    found: list[tuple[Update, bool]] = []
    for event in events:
        told = event.data
        if told.get("place", told.get("lever")) != place:
            continue
        mine = bool(found) and found[-1][0].incident == told.get("incident")
        if event.kind == "place.update":
            if mine and not found[-1][1]:
                found.pop()
            wanted = from_data(told)
            update = Update(_name(event), told["incident"], event.at, wanted.kind, wanted.said, wanted.number)
            found.append((update, False))
        elif event.kind in _SHOWN and mine:
            found[-1] = (found[-1][0], True)
        elif _is_end(event) and not (mine and found[-1][0].is_over):
            found.append((Update(_name(event), told["incident"], event.at, "all-clear"), True))
    return [update for update, _shown in reversed(found)]


def _is_end(event: Event) -> bool:
    """Whether nothing of its incident stands there any more."""
    return event.kind == "place.put-back" or (event.kind == "place.lifted" and not event.data["left"])


def _origin(events: Sequence[Event], place: str) -> str:
    """The hash of the first event that told something there, also where it came from another computer."""
    told = (each for each in events if each.kind == "place.update" and each.data["place"] == place)
    return next((str(each.data.get("moved", {}).get("hash", each.hash)) for each in told), "")


def _name(event: Event) -> str:
    """Its number in the stream; what came from another computer keeps the one by which readers of the feed know it."""
    return str(event.data.get("moved", {}).get("seq", event.seq))
