"""manual: a person does it and says how it went."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from bcp.action.base import Action, Deed, Done, Tools
from bcp.i18n import _
from bcp.yaml.types import Line


class Manual(Action):
    """A person does it and says how it went."""

    by_person: ClassVar[bool] = True
    result: Line | None = Field(default=None, max_length=80, description="the wanted state, in words")

    def describe(self) -> str:
        """What the person does."""
        if not self.result:
            return _("Do it by hand")
        return _("Do it by hand until: {result}").format(result=self.result)

    def run(self, tools: Tools) -> Deed:
        """The person has done it: there is nothing left to do."""
        return Done()


Kind = Manual
