"""A check changed its state while the incident was open."""

from __future__ import annotations

from typing import ClassVar

from bcp.event import Event
from bcp.i18n import _
from bcp.incident.events.base import Payload, Speaker
from bcp.incident.ledger import Flip
from bcp.incident.state import Incident


class CheckFlipped(Payload):
    """A check, its state `before` (nothing where it was not known) and now, why, and what diagnosis said of it.

    `runbook` is the one that the check leads to, or nothing.
    """

    KIND: ClassVar[str] = "check.flipped"

    check: str
    title: str
    before: str
    state: str
    reason: str
    verdict: str = ""
    runbook: str = ""

    def apply(self, incident: Incident, event: Event) -> None:
        """That is the last that is known of it."""
        incident.flips[self.check] = Flip(self.title, self.state, event.at, self.reason, self.runbook)

    def sentence(self, words: Speaker) -> str:
        """`check The internet: DOWN: 1.1.1.1:443 timed out | verdict: isp-down`."""
        said = _("check {title}: {state}: {reason}").format(
            title=self.title, state=self.state.upper(), reason=self.reason
        )
        return said + (_(" | verdict: {verdict}").format(verdict=self.verdict) if self.verdict else "")
