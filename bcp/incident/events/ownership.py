"""The ownership of an incident: which installation may write it; it is ended here, and taken there."""

from __future__ import annotations

from typing import ClassVar

from bcp.event import Event
from bcp.i18n import _
from bcp.incident.events.base import Payload, Speaker
from bcp.incident.state import Incident


class OwnershipEnded(Payload):
    """It was handed over, in the file `to`."""

    KIND: ClassVar[str] = "pen.ended"

    to: str

    def apply(self, incident: Incident, event: Event) -> None:
        """Here it can only be read."""
        incident.handed_over = True

    def sentence(self, words: Speaker) -> str:
        """`handed over to another computer: /media/stick/incident.handover`."""
        return _("handed over to another computer: {file}").format(file=self.to)


class OwnershipTaken(Payload):
    """It goes on here; where the other computer was lost, `after` which event, and why that is said."""

    KIND: ClassVar[str] = "pen.taken"

    lost: bool = False
    reason: str = ""
    after: int = 0

    def apply(self, incident: Incident, event: Event) -> None:
        """It can be written here."""
        incident.handed_over = False

    def sentence(self, words: Speaker) -> str:
        """`taken over from another computer`."""
        if not self.lost:
            return _("taken over from another computer")
        return _("taken over after the other computer was lost: {reason}").format(reason=self.reason)
