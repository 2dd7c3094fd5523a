"""What all kinds of events of an incident have: fields, what they change, their sentence; one class a kind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Protocol
from zoneinfo import ZoneInfo

from bcp.event import Entry, Event
from bcp.frozen import Frozen
from bcp.i18n import _
from bcp.incident.state import Incident


class Speaker(Protocol):
    """What is needed to say an event: the office's zone, the names of its people, whether it is a rehearsal."""

    zone: ZoneInfo
    drill: bool

    def name(self, person: str) -> str:
        """The name of a person of the office, or the text itself."""
        ...


class Payload(Frozen):
    """What an event holds besides when and who. Its fields are its keys in the journal, and stay what they are.

    A field that later versions add has a default, or an `older` value; then what was written before is still read. An
    older version passes over it, unless its name stands in the event under `must_know` (see the registry).
    """

    KIND: ClassVar[str]

    def entry(
        self, by: str, at: datetime | None = None, recorded_by: str = "", how: str = "terminal"
    ) -> Entry:
        """It as it is to be written: `by` whom and `at` what time it happened (None: now), who types it, and how."""
        return Entry(self.KIND, by, self.as_json(), at, recorded_by, how)

    def apply(self, incident: Incident, event: Event) -> None:
        """Change the state of `incident`; `event` tells when it happened and who did it."""
        raise AssertionError(f"{type(self).__name__} says nothing of what it changes")

    def sentence(self, words: Speaker) -> str:
        """What happened, for journal.txt, without when and who."""
        raise AssertionError(f"{type(self).__name__} has no sentence")


def said_of_facts(facts: Mapping[str, str], unknown: Collection[str], before: Mapping[str, str]) -> list[str]:
    """`provider_ticket = INC-4712 (before: INC-4711)`, one for each fact."""
    said = [
        *(f"{name} = {value}" for name, value in facts.items()),
        *(_("{name} is not known").format(name=name) for name in unknown),
    ]
    was = [before.get(name) for name in (*facts, *unknown)]
    return [
        text if old is None else _("{text} (before: {value})").format(text=text, value=old)
        for text, old in zip(said, was, strict=True)
    ]


def joined(parts: Sequence[str]) -> str:
    """The parts of a sentence that are there, set apart."""
    return " | ".join(filter(None, parts))


Spoken = Callable[[], str]
"""A word that is looked up when it is said: the language may be another by then."""
