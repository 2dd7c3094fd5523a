"""Reads costs from the command line, and prints them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bcp.app.session import Session
from bcp.cli.terminal.time_input import doer
from bcp.cost.model import KINDS, of_hours, totals
from bcp.cost.money import read_amount
from bcp.cost.receipt import keep
from bcp.errors import InputError
from bcp.i18n import _
from bcp.incident import spending
from bcp.incident.journal import Book
from bcp.incident.state import Incident
from bcp.times import local_clock


def read(amount: str, what: str, kind: str, hours: str, role: str, incident: Incident) -> spending.Spent:
    """A cost as it was typed; with `hours` the amount is the rate. Raises InputError with what was expected."""
    wanted = "hours" if hours else kind
    if wanted not in KINDS:
        raise InputError(f'"{kind}" is no kind of cost', "the kinds: " + ", ".join(KINDS))
    if role and role not in incident.plan["roles"]:
        raise InputError(f'there is no role "{role}"', "roles: " + ", ".join(incident.plan["roles"]))
    if wanted == "hours" and not hours:
        raise InputError(
            "say how many hours", 'for example: bcp cost add "80 PLN" "clients called" --hours 3'
        )
    try:
        if hours:
            count, whole = of_hours(hours, amount)
            return spending.Spent(whole, what, "hours", hours=count, role=role, rate=read_amount(amount))
        return spending.Spent(read_amount(amount), what, kind, role=role)  # type: ignore[arg-type]
    except ValueError as error:
        raise InputError(f'"{hours or amount}": {error}') from None


def write(session: Session, book: Book, spent: spending.Spent, receipt: Path | None, by: str) -> str:
    """Copy the receipt, then write the cost; its id."""
    spending.check(book.incident, spent)
    if receipt is not None:
        spent = replace(spent, receipt=keep(receipt, session.stores.folder_of(book.incident.id)))
    return spending.add(book, spent, by, doer(session, book))


def sums(incident: Incident) -> dict[str, dict[str, str]]:
    """The sums by kind and currency."""
    return {
        kind: {
            currency: f"{amount:.2f}" for currency, amount in totals(incident.costs.values(), [kind]).items()
        }
        for kind in KINDS
    }


def lines(incident: Incident, now: datetime) -> list[str]:
    """A line for each cost, then the sums."""
    words = {"mitigation": _("Spent"), "hours": _("Hours"), "loss": _("Losses, kept apart")}
    told = []
    for each in incident.costs.values():
        parts = [f"{each.id}  {each.amount}  {each.what}", local_clock(each.at, incident.zone, now)]
        parts.append(words[each.kind].lower() if each.kind != "mitigation" else "")
        parts.append(_("{hours} h at {rate}").format(hours=each.hours, rate=each.rate) if each.hours else "")
        parts.append(each.receipt.file if each.receipt else "")
        parts.append(_("replaced by {id}").format(id=each.replaced_by) if each.replaced_by else "")
        told.append(" · ".join(filter(None, parts)))
    for kind, by_currency in sums(incident).items():
        told += [f"{words[kind]}: {amount} {currency}" for currency, amount in by_currency.items()]
    return told
