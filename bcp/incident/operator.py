"""Guide: who is led through an incident, and what such a one can choose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from bcp.action.base import Desk
from bcp.incident.step_view import StepView

Key = Literal["do", "by-hand", "failed", "skipped", "not-applicable", "deferred", "note", "pause", "other"]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose to do with a step; `text` is the reason, or the note."""

    key: Key
    text: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


class Guide(Desk, Protocol):
    """Who is led through the incident: the person at the terminal, the player of a drill, or nobody."""

    attended: bool

    def choose(self, view: StepView) -> Choice:
        """What to do with the step that is shown."""
        ...
