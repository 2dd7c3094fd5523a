"""StatusPage: what our own status page says, as plain data that a writer makes files of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bcp.lever.place.text import LanguageText, ShownNumber

INDEX, FEED, DATA = "index.html", "feed.xml", "status.json"
MARK = "bcp-status-page"
"""Stands in the page of ours, so that the page of somebody else is never overwritten."""


@dataclass(frozen=True, slots=True)
class Update:
    """Something told at one moment: the incident it belongs to, its kind, the text in each language."""

    id: str
    incident: str
    at: datetime
    kind: str
    said: tuple[LanguageText, ...] = ()
    number: ShownNumber | None = None

    @property
    def is_over(self) -> bool:
        """Whether it says that all is well again."""
        return self.kind == "all-clear"


@dataclass(frozen=True, slots=True)
class StatusPage:
    """The page: whose it is, its languages in order, and all updates, the newest first.

    `origin` is the hash of what was told there first: no other office has it, whatever its page is called.
    """

    office: str
    url: str
    languages: tuple[str, ...]
    zone: ZoneInfo
    now: datetime
    updates: tuple[Update, ...] = ()
    origin: str = ""

    @property
    def is_well(self) -> bool:
        """Whether all is well: nothing was told yet, or each incident ended with an all-clear."""
        latest: dict[str, Update] = {}
        for update in self.updates:
            latest.setdefault(update.incident, update)
        return all(update.is_over for update in latest.values())

    @property
    def current(self) -> tuple[Update, ...]:
        """The updates of the incident that the newest one belongs to, newest first."""
        return tuple(one for one in self.updates if one.incident == self.updates[0].incident)

    @property
    def earlier(self) -> tuple[Update, ...]:
        """The updates of the incidents before the one that the newest belongs to."""
        return tuple(one for one in self.updates if one.incident != self.updates[0].incident)
