"""What the deeds of an incident need of whoever called them: the terminal, a watch, a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bcp.app.incident.leftovers import Leftover
from bcp.errors import Mistake
from bcp.fact import Place
from bcp.i18n import _
from bcp.incident.operator import KeyPressed, StepUI
from bcp.incident.state import Incident, StepState
from bcp.incident.step_view import DueDecision
from bcp.notice.campaign.watching import Watch
from bcp.progress import Progress
from bcp.validate import OfficeConfig


@dataclass(frozen=True, slots=True)
class Begun:
    """An incident that the walk is about to enter. `open_since` where it was begun before; `record` is journal.txt."""

    incident: Incident
    open_since: datetime | None
    record: Path


@dataclass(frozen=True, slots=True)
class PlansAsOfLast:
    """What is offered where the plan of today cannot be used: the plans as they were last without a mistake.

    `at` says since when they were so, `mistakes` what stands in the way today, `changed` are the files that are other
    ones now, `sheets` says where the plan hangs on paper, or nothing.
    """

    runbook: str
    at: str
    mistakes: Sequence[Mistake]
    changed: Sequence[str]
    sheets: str

    def where_printed(self) -> str:
        """Where its printed sheet is, as a sentence."""
        if self.sheets:
            return _("Its printed sheet: {sheets}").format(sheets=self.sheets)
        return _("Nobody noted where its printed sheet is.")


class Shell(Protocol):
    """Shows what happens on the way, and puts questions to a person where there is one."""

    @property
    def attended(self) -> bool:
        """Whether a person is there to answer."""
        ...

    def choose(self, office: OfficeConfig, command: str) -> str:
        """The runbook to begin, where none was named. `command` is what would name one. Raises InputError for none."""
        ...

    def takes_as_of_last(self, offer: PlansAsOfLast) -> bool:
        """Whether the plans as they were last are taken; no where a person must say so and none is there."""
        ...

    def begun(self, begun: Begun) -> None:
        """It is begun, or found open; its steps come next."""
        ...

    def operator(self, place: Callable[[], Place]) -> StepUI:
        """Who is led through the steps; `place` says what a local phone number and a clock time refer to by then."""
        ...

    def half_answered(self) -> Mapping[str, tuple[str, str]]:
        """What the operator answered of the step on the screen: `{fact: (question, answer)}`."""
        ...

    def watch(self) -> Watch:
        """Who watches letters go out."""
        ...

    def progress(self) -> Progress:
        """Who sees how far it is with what takes long."""
        ...

    def still_set(self, found: Leftover) -> None:
        """Something is set of which no step knows; closing leads through it."""
        ...

    def leaves_undecided(self, decision: DueDecision) -> KeyPressed | None:
        """What a person who closes says to a decision that is due: `decide`, or `go-on` to leave it open.

        None to go back, and where nobody is there.
        """
        ...

    def agrees_to_close(self, incident: Incident, steps: Sequence[StepState]) -> bool:
        """Whether a person wants to close although `steps` are not carried out; no where nobody is there."""
        ...
