"""diagnose: look at all layers at once; what is wrong becomes the fact `verdict`."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from bcp.action.base import Action, Deed, Done, Tools
from bcp.fact import Fact
from bcp.i18n import _
from bcp.verdict import VERDICTS, words_of


class Diagnose(Action):
    """Find out what is really down."""

    finds: ClassVar[bool] = True

    def describe(self) -> str:
        """What is looked at."""
        return _(
            "Look at this computer, the router, the provider, names, website, mail and phone, and say what is down"
        )

    def facts(self) -> tuple[Fact, ...]:
        """The verdict."""
        return (Fact("verdict", _("What is down?"), "choice", VERDICTS),)

    def is_repeatable(self) -> bool:
        """Looking does no harm."""
        return True

    def length(self) -> timedelta:
        """A verdict comes within twelve seconds."""
        return timedelta(seconds=20)

    def run(self, tools: Tools) -> Deed:
        """Look, and keep what was seen of each layer."""
        found = tools.looks.diagnose()
        assumed = "ASSUMED: " if found.assumed else ""
        for line in found.seen:
            tools.desk.tell(f"  {line}")
        tools.desk.tell(assumed + words_of(found.verdict, found.thing))
        if found.next_step:
            tools.desk.tell(_("next: {step}").format(step=found.next_step))
        note = f"{assumed}{found.verdict}"
        return Done(note, {"verdict": found.verdict}, {"seen": list(found.seen), "assumed": found.assumed})


Kind = Diagnose
