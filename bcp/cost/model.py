"""Cost: what an incident cost us, each amount with its kind and its receipt; losses are kept apart from expenses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Literal, NamedTuple, get_args

from bcp.cost.money import read_amount

Kind = Literal["mitigation", "hours", "loss"]
KINDS: tuple[str, ...] = get_args(Kind)
MOST_HOURS = 10_000


class Receipt(NamedTuple):
    """A copy of the proof, in the incident's folder: its own name, the name of the copy, size and SHA-256."""

    name: str
    file: str
    bytes: int
    sha256: str


class Cost(NamedTuple):
    """One amount: `120.00 PLN`. Hours of work carry who worked, how long, and at what rate."""

    id: str
    amount: str
    what: str
    kind: Kind
    at: datetime
    by: str
    receipt: Receipt | None = None
    hours: str = ""
    role: str = ""
    rate: str = ""
    replaced_by: str = ""

    @property
    def value(self) -> Decimal:
        """The amount without its currency."""
        return Decimal(self.amount.partition(" ")[0])

    @property
    def currency(self) -> str:
        """The currency of the amount."""
        return self.amount.partition(" ")[2]


class HoursCost(NamedTuple):
    """Hours of work in their one form, `2.5`, and what they cost, `250.00 PLN`."""

    hours: str
    amount: str


def of_hours(hours: str, rate: str) -> HoursCost:
    """The hours, and what they cost at a rate, which is an amount with its currency.

    Raises ValueError for hours that are no sensible number, or a rate without a currency.
    """
    try:
        count = Decimal(hours.strip().replace(",", "."))
    except InvalidOperation:
        raise ValueError("expected a number of hours such as 3 or 2,5") from None
    if not count.is_finite() or not 0 < count <= MOST_HOURS:
        raise ValueError(f"expected more than no hours and at most {MOST_HOURS:,}")
    amount, _blank, currency = read_amount(rate).partition(" ")
    return HoursCost(f"{count.normalize():f}", f"{count * Decimal(amount):.2f} {currency}")


def totals(costs: Iterable[Cost], kinds: Iterable[str] = KINDS) -> dict[str, Decimal]:
    """The sum of each currency over the costs of these kinds; one that was replaced does not count."""
    sums: dict[str, Decimal] = {}
    wanted = frozenset(kinds)
    for cost in costs:
        if cost.kind in wanted and not cost.replaced_by:
            sums[cost.currency] = sums.get(cost.currency, Decimal(0)) + cost.value
    return sums


def spent(costs: Iterable[Cost]) -> dict[str, Decimal]:
    """What was spent: everything but losses."""
    return totals(costs, ("mitigation", "hours"))


def has_all_receipts(costs: Iterable[Cost]) -> bool:
    """Whether each amount that was paid has its receipt; hours of work have none, and losses are no expense."""
    return all(cost.receipt for cost in costs if cost.kind == "mitigation" and not cost.replaced_by)
