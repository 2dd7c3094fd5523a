"""What an incident cost: writing it down with its receipt, and the sums."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from bcp.app.book import book_of, doer_of, typist_of
from bcp.app.incident.settle import moment_of
from bcp.app.session import Session
from bcp.cost.model import KINDS, Cost, of_hours, totals
from bcp.cost.money import read_amount
from bcp.cost.receipt import keep
from bcp.errors import InputError
from bcp.incident import spending
from bcp.incident.state import Incident


@dataclass(frozen=True, slots=True)
class CostRequest:
    """A cost as it was typed; with `hours` the amount is what an hour costs."""

    amount: str
    what: str
    kind: str = "mitigation"
    hours: str = ""
    role: str = ""
    receipt: Path | None = None
    instead_of: str = ""
    at: str | None = None


class AddedCost(NamedTuple):
    """The cost as it is written down, and where the copy of its receipt lies."""

    cost: Cost
    receipt: Path | None


def add(session: Session, asked: str | None, wanted: CostRequest, by: str | None) -> AddedCost:
    """Copy the receipt, then write the cost. Raises InputError with what was expected."""
    book = book_of(session, asked)
    spent = _read(wanted, book.incident)
    person, when = doer_of(session, book, by), moment_of(session, book.incident.zone, wanted.at)
    spent = replace(spent, at=when, instead_of=wanted.instead_of)
    spending.check(book.incident, spent)
    folder = session.stores.folder_of(book.incident.id)
    if wanted.receipt is not None:
        spent = replace(spent, receipt=keep(wanted.receipt, folder))
    cost = book.incident.costs[spending.add(book, spent, person, typist_of(session, book, by))]
    return AddedCost(cost, folder / cost.receipt.file if cost.receipt is not None else None)


def sums(incident: Incident) -> dict[str, dict[str, str]]:
    """The sums by kind and currency: `{mitigation: {PLN: "120.00"}}`."""
    return {
        kind: {
            currency: f"{amount:.2f}" for currency, amount in totals(incident.costs.values(), [kind]).items()
        }
        for kind in KINDS
    }


def _read(wanted: CostRequest, incident: Incident) -> spending.Spent:
    """A cost as it was typed. Raises InputError with what was expected."""
    hours, role = wanted.hours, wanted.role
    kind = "hours" if hours else wanted.kind
    if kind not in KINDS:
        raise InputError(f'"{wanted.kind}" is no kind of cost', "the kinds: " + ", ".join(KINDS))
    if role and role not in incident.plan.roles:
        raise InputError(f'there is no role "{role}"', "roles: " + ", ".join(incident.plan.roles))
    if kind == "hours" and not hours:
        raise InputError(
            "say how many hours", 'for example: bcp cost add "80 PLN" "clients called" --hours 3'
        )
    try:
        amount = read_amount(wanted.amount)
        if hours:
            count, whole = of_hours(hours, wanted.amount)
            return spending.Spent(whole, wanted.what, "hours", hours=count, role=role, rate=amount)
        return spending.Spent(amount, wanted.what, kind, role=role)  # type: ignore[arg-type]
    except ValueError as error:
        raise InputError(f'"{hours or wanted.amount}": {error}') from None
