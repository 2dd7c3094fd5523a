"""The text of a notice was put where no lever reaches, a page of others, a door; it was taken down there, or stays."""

from __future__ import annotations

from typing import ClassVar

from bcp.event import Event
from bcp.i18n import _
from bcp.incident.events.base import Payload, Speaker
from bcp.incident.ledger import PostedText
from bcp.incident.state import Incident


class NoticePasted(Payload):
    """A notice, and the place where its text stands now. One that `ends` tells that all is well, and may stay there;
    older versions did not write which do.
    """

    KIND: ClassVar[str] = "notice.pasted"

    notice: str
    place: str
    ends: bool | None = None

    def apply(self, incident: Incident, event: Event) -> None:
        """It stands there, in place of what stood there before."""
        incident.posted[self.place] = PostedText(self.place, self.notice, event.at, self.ends)

    def sentence(self, words: Speaker) -> str:
        """`the text of the notice update stands here: Facebook`."""
        said = _("the text of the notice {notice} stands here: {place}")
        return said.format(notice=self.notice, place=self.place)


class NoticeTakenDown(Payload):
    """The text of a notice was taken down at a place."""

    KIND: ClassVar[str] = "notice.taken-down"

    notice: str
    place: str

    def apply(self, incident: Incident, event: Event) -> None:
        """Nothing of ours stands there."""
        incident.posted.pop(self.place, None)

    def sentence(self, words: Speaker) -> str:
        """`the text of the notice update is taken down here: Facebook`."""
        said = _("the text of the notice {notice} is taken down here: {place}")
        return said.format(notice=self.notice, place=self.place)


class NoticeLeft(Payload):
    """The text of a notice stays at a place after the incident, for a reason."""

    KIND: ClassVar[str] = "notice.left"

    notice: str
    place: str
    reason: str

    def apply(self, incident: Incident, event: Event) -> None:
        """It stands in the way of closing no more."""
        if self.place in incident.posted:
            incident.posted[self.place] = incident.posted[self.place]._replace(left=self.reason)

    def sentence(self, words: Speaker) -> str:
        """`the text of the notice update stays here: Facebook: until Friday`."""
        said = _("the text of the notice {notice} stays here: {place}: {reason}")
        return said.format(notice=self.notice, place=self.place, reason=self.reason)
