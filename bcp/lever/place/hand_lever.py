"""A place that a person writes at: the words to be put there, and a look from outside once it is said to be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bcp.action.levers import Preview, Shown
from bcp.i18n import _
from bcp.lever.older import BY_HAND
from bcp.lever.place.context import evidence_of
from bcp.lever.place.kinds.by_hand import ByHand
from bcp.lever.place.lever import AnyLever
from bcp.lever.place.look import picture
from bcp.lever.place.text import PlaceNotice
from bcp.lever.stack import LeverLayer, Stack


@dataclass(slots=True)
class HandLever(AnyLever):
    """A place that a person writes at."""

    def hand_back(self) -> str:
        """What the person does to take it away, or to put there instead; nothing where what stands there stays."""
        others, stack, ends = AnyLever.hand_back(self), self.stack(), self.ends()
        if not ends or stack.said(BY_HAND) not in ends:
            return others
        assert isinstance(self.way, ByHand)
        below = stack.without(ends).said(BY_HAND)
        if below is not None and below.put[BY_HAND].get("words"):
            words = _("Put this there in its place, for the incident {incident}:")
            said = [words.format(incident=below.key.incident), *below.put[BY_HAND]["words"]]
            return "\n".join([*said, self.way.do, *filter(None, [others])])
        usual = _("Take it away again, the way it was put there: {way}").format(way=self.way.do)
        return "\n".join(filter(None, (self.way.back or usual, others)))

    def plan(self, notice: str, number: str) -> Preview:
        """The words in each language, and where they go."""
        assert isinstance(self.way, ByHand)
        self.wanted = self.places.wanted(self.place, notice, number)
        where = [self.place.url] if self.place.url else []
        file = self.places.preview(self.place.place, picture(b"", self.wanted, None))
        return Preview((*where, *_words(self.wanted)), str(file), hand=self.way.do)

    def publish(self) -> Shown:
        """The person says that it is done: write that down, and look at it from outside."""
        assert self.wanted is not None
        self.lay({BY_HAND: {"words": _words(self.wanted)}}, {})
        seen = self.places.insist(self.place, self.place.url, self._texts(self.wanted))
        self.stood(seen)
        return Shown(seen, evidence_of(self.place, {"notice": self.wanted.notice, "seen": seen}))

    def undo(self, stack: Stack, ends: Sequence[LeverLayer]) -> str:
        """The person says that it is gone."""
        return _("taken away by hand") if stack.said(BY_HAND) in ends else ""

    def _texts(self, wanted: PlaceNotice) -> list[str]:
        """What must be seen there: one text at least, for a person may leave a language out; and the number."""
        return [wanted.said[0].text, *([wanted.number.shown] if wanted.number else [])]


def _words(wanted: PlaceNotice) -> list[str]:
    """What is to be put there, in lines."""
    said = [line for one in wanted.said for line in f"[{one.language}] {one.text}".splitlines()]
    number = wanted.number
    return [*said, *([_("The number: {number}").format(number=number.shown)] if number else [])]
