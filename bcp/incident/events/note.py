"""What people write down beside the steps: a note, a fact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from bcp.event import Event
from bcp.i18n import _
from bcp.incident.events.base import Payload, Speaker
from bcp.incident.state import Incident, Note


class NoteWritten(Payload):
    """Something that a person wrote down, perhaps about a step."""

    KIND: ClassVar[str] = "note.written"

    text: str
    step: str = ""

    def apply(self, incident: Incident, event: Event) -> None:
        """It stands among the notes."""
        incident.noted.append(Note(event.at, event.by, self.text, self.step))

    def sentence(self, words: Speaker) -> str:
        """`note: the router is warm`."""
        return _("note: {text}").format(text=self.text)


class FactAmended(Payload):
    """Facts that no step asked for, or others than were answered."""

    KIND: ClassVar[str] = "fact.amended"

    facts: Mapping[str, str]

    def apply(self, incident: Incident, event: Event) -> None:
        """They are so now."""
        incident.know(self.facts, event.at)

    def sentence(self, words: Speaker) -> str:
        """`left the runbook: reachable = yes`."""
        facts = ", ".join(f"{name} = {value}" for name, value in self.facts.items())
        return _("left the runbook: {what}").format(what=facts)
