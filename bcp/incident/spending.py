"""Writes costs into the journal; the receipt is copied first, so that what the journal names is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bcp.cost.model import Kind, Receipt
from bcp.errors import InputError
from bcp.event import Entry
from bcp.incident.events.cost import CostAdded
from bcp.incident.journal import IncidentJournal
from bcp.incident.state import Incident


@dataclass(frozen=True, slots=True)
class Spent:
    """An amount in its one form (`120.00 PLN`), what for, and its proof."""

    amount: str
    what: str
    kind: Kind
    receipt: Receipt | None = None
    hours: str = ""
    role: str = ""
    rate: str = ""
    at: datetime | None = None
    instead_of: str = ""


def check(incident: Incident, spent: Spent) -> None:
    """Raises InputError for a cost that cannot be written, before its receipt is copied."""
    if not spent.what.strip():
        raise InputError(
            "a cost says what it was for", 'for example: bcp cost add "120 PLN" "Orange, one month"'
        )
    if spent.instead_of and spent.instead_of not in incident.costs:
        known = ", ".join(incident.costs) or "none yet"
        raise InputError(f'there is no cost "{spent.instead_of}"', f"costs: {known}")


def add(book: IncidentJournal, spent: Spent, by: str, recorded_by: str) -> str:
    """Write a cost; its id. It may come after the incident was closed, as bills do."""

    def entries(incident: Incident) -> Sequence[Entry]:
        check(incident, spent)
        added = CostAdded(
            f"c{len(incident.costs) + 1}",
            spent.amount,
            spent.what.strip(),
            spent.kind,
            hours=spent.hours,
            role=spent.role,
            rate=spent.rate,
            instead_of=spent.instead_of,
            receipt=spent.receipt,
        )
        return [added.entry(by, spent.at, recorded_by)]

    book.write(entries)
    return next(reversed(book.incident.costs))
