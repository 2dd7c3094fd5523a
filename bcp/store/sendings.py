"""Whether an incident told anybody, and the little of each letter that its standing follows from: for a quick look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from bcp.event import stamp
from bcp.store.part import StorePart, text, typed

_ANY = "SELECT 1 FROM campaigns WHERE incident = ? LIMIT 1"
_TO_GO_ON = """
    SELECT campaigns.id, incident, approvals.by FROM approvals JOIN campaigns ON campaigns.id = campaign
    WHERE approvals.by <> '' AND goes_on_at <> '' AND goes_on_at <= ? AND expires_at > ? AND EXISTS
        (SELECT 1 FROM letters WHERE letters.campaign = campaigns.id AND state IN ('queued', 'deferred')
            AND channel <> 'call')
    ORDER BY goes_on_at
"""
_STATES = "SELECT contact, channel, state, reason FROM letters WHERE campaign = ?"

LetterState = tuple[str, str, str, str]
"""Of one letter: contact, channel, state, reason."""


class SendingToGoOn(NamedTuple):
    """A sending whose moment has come; `by` agreed to all its letters that wait."""

    campaign: str
    incident: str
    by: str


class SendingStates(StorePart):
    """The states of letters in SQLite."""

    def any(self, incident: str) -> bool:
        """Whether something was ever sent, or is to be, in an incident."""
        return bool(self._rows(_ANY, (incident,)))

    def incidents(self) -> frozenset[str]:
        """The incidents in which something was ever sent, or is to be."""
        return frozenset(self._kept("SELECT DISTINCT incident FROM campaigns", (), text))

    def states(self, campaign: str) -> Sequence[LetterState]:
        """The letters of a sending."""
        return self._kept(_STATES, (campaign,), lambda row: tuple(typed(row, str, str, str, str)))

    def to_go_on(self, now: datetime) -> list[SendingToGoOn]:
        """The sendings that may go on without a person now; none that nobody agreed to, and none that is too late."""
        moments = (stamp(now), stamp(now))
        return self._kept(_TO_GO_ON, moments, lambda row: SendingToGoOn(*typed(row, str, str, str)))
