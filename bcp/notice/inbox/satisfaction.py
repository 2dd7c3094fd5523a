"""The question after an incident: when it is due, to whom it goes, and what clients answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bcp.notice.campaign.outbox import Campaign

AFTER = timedelta(days=5)
"""Late enough to know whether all is well, early enough to be remembered."""

UNTIL = timedelta(days=60)
"""After that nobody remembers, and asking does more harm than good."""

Satisfied = Literal["yes", "no", "comment"]
WORDS: Mapping[str, Satisfied] = {"satisfied": "yes", "not": "no", "comment": "comment"}


@dataclass(frozen=True, slots=True)
class SatisfactionAnswer:
    """What one client answered."""

    incident: str
    contact: str
    satisfied: Satisfied
    comment: str
    by: str
    at: datetime


def is_time(closed_at: datetime, now: datetime) -> bool:
    """Whether an incident that was closed then is over long enough, and not for too long."""
    return AFTER <= now - closed_at < UNTIL


def due(closed_at: datetime | None, campaigns: Iterable[Campaign], now: datetime) -> bool:
    """Whether the follow-up should go out: clients were told, all is over for a while, and nobody asked yet."""
    kinds = {one.kind for one in campaigns if one.audience != "staff"}
    if closed_at is None or not is_time(closed_at, now):
        return False
    return bool(kinds & {"down", "update", "number"}) and "follow-up" not in kinds
