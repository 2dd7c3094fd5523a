"""The text of a notice was put where no lever reaches: a page of others, a door."""

from __future__ import annotations

from typing import ClassVar

from bcp.event import Event
from bcp.i18n import _
from bcp.incident.events.base import Payload, Speaker
from bcp.incident.state import Incident


class NoticePasted(Payload):
    """A notice, and the place where its text stands now."""

    KIND: ClassVar[str] = "notice.pasted"

    notice: str
    place: str

    def apply(self, incident: Incident, event: Event) -> None:
        """It stands there."""
        incident.pasted.setdefault(self.notice, []).append(self.place)

    def sentence(self, words: Speaker) -> str:
        """`the text of the notice update stands here: Facebook`."""
        said = _("the text of the notice {notice} stands here: {place}")
        return said.format(notice=self.notice, place=self.place)
