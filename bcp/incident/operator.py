"""StepUI: who is led through an incident, and what such a one can choose; and the one where nobody is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from bcp.action.base import Operator
from bcp.errors import PersonNeeded
from bcp.fact import Fact
from bcp.i18n import _
from bcp.incident.step_view import StepView

Key = Literal[
    "do",
    "by-hand",
    "failed",
    "skipped",
    "not-applicable",
    "deferred",
    "note",
    "pause",
    "other",
    "back",
    "go-on",
    "decide",
]


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """What a person chose to do with a step; `text` is the reason, or the note.

    `unknown` are facts that were asked for again and nobody knows. With `decide`, the decision and its answer.
    """

    key: Key
    text: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    decision: str = ""
    answer: str = ""


class StepUI(Operator, Protocol):
    """Who is led through the incident: the person at the terminal, the player of a drill, or nobody."""

    attended: bool

    def choose(self, view: StepView) -> KeyPressed:
        """What to do with the step that is shown."""
        ...


def _unheard(_line: str) -> None:
    """Nobody is told."""


@dataclass
class Nobody:
    """Nobody is there: no question is answered, and what happens is told to `say`, if to anybody."""

    say: Callable[[str], None] = _unheard
    attended: bool = False

    def tell(self, text: str) -> None:
        """Pass a line on."""
        self.say(text)

    def choose(self, view: StepView) -> KeyPressed:
        """Nobody chooses."""
        raise PersonNeeded(_("a person is needed for: {title}").format(title=view.title))

    def ask(self, fact: Fact) -> str | None:
        """Nobody answers."""
        raise PersonNeeded(_("a person is needed to answer: {question}").format(question=fact.ask))
