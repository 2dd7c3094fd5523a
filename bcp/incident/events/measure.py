"""A measure: it is left in force with a reason, found to be in force although its step does not count as done, or seen
not to stand any more as it was set.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from bcp.event import Event
from bcp.frozen import EMPTY
from bcp.i18n import _
from bcp.incident.events.base import Payload, Speaker
from bcp.incident.state import Incident


class MeasureLeft(Payload):
    """It stays on after the incident, for a reason; `measure` is the address of its step."""

    KIND: ClassVar[str] = "measure.left"

    measure: str
    title: str
    reason: str

    def apply(self, incident: Incident, event: Event) -> None:
        """It stands in the way of closing no more."""
        incident.left[self.measure] = self.reason

    def sentence(self, words: Speaker) -> str:
        """`left in force: Put the office on mobile internet: until Friday`."""
        return _("left in force: {title}: {reason}").format(title=self.title, reason=self.reason)


class MeasureFound(Payload):
    """It is on, as the ledger of its lever knows; `what` says what is set."""

    KIND: ClassVar[str] = "measure.found"

    measure: str
    title: str
    what: str

    def apply(self, incident: Incident, event: Event) -> None:
        """It is in force since then."""
        incident.found.setdefault(self.measure, event.at)

    def sentence(self, words: Speaker) -> str:
        """`still in force, although it does not count as done: …`."""
        return _("still in force, although it does not count as done: {title}: {what}").format(
            title=self.title, what=self.what
        )


class MeasureRedone(Payload):
    """What it set was not there any more, and was set once more; `note` is the sentence about it."""

    KIND: ClassVar[str] = "measure.redone"

    measure: str
    title: str
    note: str = ""
    evidence: Mapping[str, Any] = EMPTY

    def apply(self, incident: Incident, event: Event) -> None:
        """It is in force as before."""

    def sentence(self, words: Speaker) -> str:
        """`set once more: Put the office on mobile internet`."""
        said = _("set once more: {title}").format(title=self.title)
        return f"{said}: {self.note}" if self.note else said


class MeasureSeen(Payload):
    """A look at what is set gave another result than the one before: `state` is `stands`, `gone` or `changed`."""

    KIND: ClassVar[str] = "measure.seen"

    measure: str
    title: str
    state: str
    what: str

    def apply(self, incident: Incident, event: Event) -> None:
        """It is in force all the same, until somebody ends it: what is to be done is a person's business."""

    def sentence(self, words: Speaker) -> str:
        """`looked at, NOT AS IT SHOULD BE: Tell it on the website: our text does not stand at website any more`."""
        said = (
            _("looked at, as it should be again: {title}: {what}")
            if self.state == "stands"
            else _("looked at, NOT AS IT SHOULD BE: {title}: {what}")
        )
        return said.format(title=self.title, what=self.what)
