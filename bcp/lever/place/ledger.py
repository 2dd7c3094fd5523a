"""What was written at which place, what was there before, and when each place was tried: a stream of its own.

place.update     {incident, place, step, has_undo, instead_of?, …Wanted}   a status page, before it is written
place.tested     {place, state, reason}

Each place is a lever. The parts of a page are those between our marks: `put` has the HTML of each, `before` what stood
between each pair of marks. News of ours are a part, too, {slug, title, html}; and so is a place of ours alone.
"""

from __future__ import annotations

from typing import ClassVar

from bcp.action.levers import LastTest
from bcp.lever.journal import LeverJournal

STREAM = "places"


class PlaceJournal(LeverJournal):
    """The stream of the places, read and written."""

    NAME = STREAM
    KIND: ClassVar[str] = "place"

    def tests(self) -> dict[str, LastTest]:
        """The last trial of each place."""
        last = self.last("place.tested", "place")
        return {name: LastTest.of(event) for name, event in last.items()}
