"""A place that a person writes at: the words to be put there, and a look from outside once it is said to be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bcp.action._levers import Preview, Shown
from bcp.office_place import OfficePlace
from bcp.place._levers import Places, evidence_of
from bcp.place._look import picture
from bcp.place._said import Wanted
from bcp.place.base import Way
from bcp.place.by_hand import ByHand
from bcp.tongue import _


@dataclass(slots=True)
class HandLever:
    """A place that a person writes at."""

    places: Places
    place: OfficePlace
    way: Way
    instead_of: str = ""
    wanted: Wanted | None = None

    def elsewhere(self) -> Sequence[str]:
        """The other places."""
        return self.places.others(self.place.place)

    def instead(self, name: str) -> Any:
        """The lever of another place, used because this one cannot be reached."""
        return self.places.place(name, self.place.place)

    def published(self) -> Sequence[str]:
        """The places where a person corrects by hand."""
        return self.places.wording.published()

    def hand_back(self) -> str:
        """What the person does to take it away; nothing where nothing of this incident stands there."""
        if self.place.place not in self.places.ledger.open(self.places.incident):
            return ""
        assert isinstance(self.way, ByHand)
        return self.way.back or _("Take it away again, the way it was put there: {way}").format(
            way=self.way.do
        )

    def plan(self, notice: str, number: str) -> Preview:
        """The words in each language, and where they go."""
        assert isinstance(self.way, ByHand)
        self.wanted = self.places.wanted(self.place, notice, number)
        said = [f"[{one.language}] {one.text}" for one in self.wanted.said]
        told = self.wanted.number
        number_ = [_("The number: {number}").format(number=told.shown)] if told else []
        where = [self.place.url] if self.place.url else []
        file = self.places.preview(self.place.place, picture(b"", self.wanted, None))
        return Preview((*where, *said, *number_), str(file), hand=self.way.do)

    def publish(self) -> Shown:
        """The person says that it is done: write that down, and look at it from outside."""
        assert self.wanted is not None
        told = {"before": {}, "after": {}, "by_hand": True}
        self.places.ledger.write("place.writing", {**self._about(), **told})
        seen = self.places.insist(self.place, self.place.url, self._texts(self.wanted))
        self.places.ledger.write("place.shown", {**self._about(), "seen": seen})
        return Shown(seen, evidence_of(self.place, {"notice": self.wanted.notice, "seen": seen}))

    def take_back(self) -> Shown:
        """The person says that it is gone."""
        told: list[str] = []
        if self.place.place in self.places.ledger.open(self.places.incident):
            self.places.ledger.write("place.put-back", self._about())
            told.append(_("taken away by hand"))
        for other in self.places.taken_back(self.place.place):
            told.append(self.places.place(other).take_back().note)
        nothing = _("nothing of this incident stands there")
        return Shown("; ".join(told) or nothing, evidence_of(self.place, {}))

    def _about(self) -> dict[str, Any]:
        told = {"incident": self.places.incident, "place": self.place.place}
        return {**told, "instead_of": self.instead_of} if self.instead_of else told

    def _texts(self, wanted: Wanted) -> list[str]:
        """What must be seen there: one text at least, for a person may leave a language out; and the number."""
        return [wanted.said[0].text, *([wanted.number.shown] if wanted.number else [])]
