"""Since when nobody looks at the checks: cheap, for every look at an incident asks it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bcp.errors import StoreError
from bcp.store.newest_spans import NOT_UNOBSERVED, newest
from bcp.store.part import StorePart, typed

_CRON = timedelta(minutes=6)
"""So long a cron line of five minutes may leave between its looks (`bcp.check.span.LEAST_GAP`)."""
_NEWEST = f"{newest('first, last, looks', NOT_UNOBSERVED)} ORDER BY last DESC LIMIT 1"


class LastOfAllLooks(StorePart):
    """The spans of the checks, for whoever wants to know of them only whether somebody still looks."""

    def nobody_since(self, now: datetime) -> datetime | None:
        """The moment of the last look at any check, where three more are missing by now; None where somebody looks.

        None also where nobody ever looked, or the store cannot tell. How often they are looked at is taken from the
        looks of that check, so that no file of checks has to be read.
        """
        try:
            rows = self._kept(_NEWEST, (), lambda row: typed(row, int, int, int))
        except StoreError:
            return None
        for first, last, looks in rows:
            usual = timedelta(milliseconds=last - first) / max(1, looks - 1)
            at = datetime.fromtimestamp(last / 1000, UTC)
            return at if now - at > max(3 * usual, _CRON) else None
        return None
