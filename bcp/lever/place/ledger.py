"""What was written at which place, what was there before, and when each place was tried: a stream of its own.

place.writing    {incident, place, instead_of, before, after, kept, sha256}   a page, before anything is changed
place.news       {incident, place, instead_of, slug, text}                    news, before they are posted
place.update     {incident, place, instead_of, …Wanted}                       a status page, before it is written
place.shown      {incident, place, seen}                                      it stands there; who looked how, if known
place.put-back   {incident, place}                                            what was before is there again
place.tested     {place, state, reason}
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bcp.action.levers import LastTest
from bcp.event import Event
from bcp.stream import Stream

STREAM = "places"


@dataclass(slots=True)
class Publication:
    """What an incident wrote at a place and did not put back.

    `before` is what stood between each pair of marks, `after` all that we put there since; `news` is the slug of our
    news, and `texts` all that they said.
    """

    place: str
    instead_of: str = ""
    before: dict[str, list[str]] = field(default_factory=dict)
    after: dict[str, list[str]] = field(default_factory=dict)
    news: str = ""
    texts: list[str] = field(default_factory=list)
    updates: int = 0
    at: datetime | None = None


class PlaceJournal(Stream):
    """The stream of the places, read and written."""

    NAME = STREAM

    def open(self, incident: str) -> dict[str, Publication]:
        """What an incident wrote and did not put back, by place."""
        found: dict[str, Publication] = {}
        for event in self.events():
            told = event.data
            if told.get("incident") != incident:
                continue
            if event.kind == "place.put-back":
                found.pop(told["place"], None)
            elif event.kind != "place.shown":
                _note(found.setdefault(told["place"], Publication(told["place"])), event)
        return found

    def tests(self) -> dict[str, LastTest]:
        """The last trial of each place."""
        last = self.last("place.tested", "place")
        return {name: LastTest.of(event) for name, event in last.items()}


def _note(written: Publication, event: Event) -> None:
    told = event.data
    written.instead_of = written.instead_of or told.get("instead_of", "")
    written.at = written.at or event.at
    if event.kind == "place.writing":
        for name, inner in told["before"].items():
            written.before.setdefault(name, inner)
        for name, html in told["after"].items():
            written.after.setdefault(name, []).append(html)
    elif event.kind == "place.news":
        written.news = told["slug"]
        written.texts.append(told["text"])
    elif event.kind == "place.update":
        written.updates += 1
