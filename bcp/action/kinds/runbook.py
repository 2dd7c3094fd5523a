"""runbook: carry out another runbook inside this incident."""

from __future__ import annotations

from pydantic import Field

from bcp.action.base import Action, Deed, Enter, Ref, Tools
from bcp.i18n import _
from bcp.yaml.types import Id


class EnterRunbook(Action):
    """Carry out another runbook."""

    runbook: Id = Field(description="a runbook in runbooks/")

    def describe(self) -> str:
        """Which one."""
        return _('Go through the runbook "{runbook}"').format(runbook=self.runbook)

    def refs(self) -> tuple[Ref, ...]:
        """The runbook."""
        return (Ref("runbook", self.runbook, ("runbook",)),)

    def is_repeatable(self) -> bool:
        """Entering it again finds its steps as they are."""
        return True

    def run(self, tools: Tools) -> Deed:
        """The engine carries out its steps."""
        return Enter(self.runbook)


Kind = EnterRunbook
