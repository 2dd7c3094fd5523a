"""What people write down beside the steps: a note, a fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from bcp.event import Event
from bcp.frozen import EMPTY
from bcp.i18n import _
from bcp.incident.condition import learn
from bcp.incident.events.base import Payload, Speaker, said_of_facts
from bcp.incident.ledger import Note
from bcp.incident.state import Incident


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
    """Facts that no step asked for, or others than were answered; `unknown` are those that nobody knows any more.

    `before` is what was known instead of them.
    """

    KIND: ClassVar[str] = "fact.amended"

    facts: Mapping[str, str]
    unknown: Sequence[str] = ()
    before: Mapping[str, str] = EMPTY

    def apply(self, incident: Incident, event: Event) -> None:
        """They are so now."""
        learn(incident, self.facts, event.at, self.unknown)

    def sentence(self, words: Speaker) -> str:
        """`left the runbook: reachable = yes (before: no)`."""
        facts = ", ".join(said_of_facts(self.facts, self.unknown, self.before))
        return _("left the runbook: {what}").format(what=facts)
