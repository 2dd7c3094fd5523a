"""Whether an incident told anybody, and the little of each letter that its standing follows from: for a quick look."""

from __future__ import annotations

from collections.abc import Sequence

from bcp.store.part import StorePart, typed

_ANY = "SELECT 1 FROM campaigns WHERE incident = ? LIMIT 1"
_STATES = "SELECT contact, channel, state, reason FROM letters WHERE campaign = ?"

LetterState = tuple[str, str, str, str]
"""Of one letter: contact, channel, state, reason."""


class SendingStates(StorePart):
    """The states of letters in SQLite."""

    def any(self, incident: str) -> bool:
        """Whether something was ever sent, or is to be, in an incident."""
        return bool(self._rows(_ANY, (incident,)))

    def states(self, campaign: str) -> Sequence[LetterState]:
        """The letters of a sending."""
        return self._kept(_STATES, (campaign,), lambda row: tuple(typed(row, str, str, str, str)))
