"""A place that a person writes at: the words to be put there, and a look from outside once it is said to be done."""

from __future__ import annotations

from dataclasses import dataclass

from bcp.action.levers import Preview, Shown
from bcp.i18n import _
from bcp.lever.place.context import evidence_of
from bcp.lever.place.kinds.by_hand import ByHand
from bcp.lever.place.ledger import Publication
from bcp.lever.place.lever import AnyLever
from bcp.lever.place.look import picture
from bcp.lever.place.text import PlaceNotice


@dataclass(slots=True)
class HandLever(AnyLever):
    """A place that a person writes at."""

    def hand_back(self) -> str:
        """What the person does to take it away; nothing where nothing of this incident stands there."""
        others = AnyLever.hand_back(self)
        if self.place.place not in self.places.ledger.open(self.places.incident):
            return others
        assert isinstance(self.way, ByHand)
        usual = _("Take it away again, the way it was put there: {way}").format(way=self.way.do)
        return "\n".join(filter(None, (self.way.back or usual, others)))

    def plan(self, notice: str, number: str) -> Preview:
        """The words in each language, and where they go."""
        assert isinstance(self.way, ByHand)
        self.wanted = self.places.wanted(self.place, notice, number)
        said = [line for one in self.wanted.said for line in f"[{one.language}] {one.text}".splitlines()]
        told = self.wanted.number
        number_ = [_("The number: {number}").format(number=told.shown)] if told else []
        where = [self.place.url] if self.place.url else []
        file = self.places.preview(self.place.place, picture(b"", self.wanted, None))
        return Preview((*where, *said, *number_), str(file), hand=self.way.do)

    def publish(self) -> Shown:
        """The person says that it is done: write that down, and look at it from outside."""
        assert self.wanted is not None
        told = {"before": {}, "after": {}, "by_hand": True}
        self.places.ledger.write("place.writing", {**self.about(), **told})
        seen = self.places.insist(self.place, self.place.url, self._texts(self.wanted))
        self.places.ledger.write("place.shown", {**self.about(), "seen": seen})
        return Shown(seen, evidence_of(self.place, {"notice": self.wanted.notice, "seen": seen}))

    def undo(self, written: Publication) -> str:
        """The person says that it is gone."""
        return _("taken away by hand")

    def _texts(self, wanted: PlaceNotice) -> list[str]:
        """What must be seen there: one text at least, for a person may leave a language out; and the number."""
        return [wanted.said[0].text, *([wanted.number.shown] if wanted.number else [])]
