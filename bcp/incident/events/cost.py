"""A cost of the incident, or a loss."""

from __future__ import annotations

from typing import ClassVar, get_args

from bcp.cost.model import Cost, Kind, Receipt
from bcp.event import Event
from bcp.frozen import one_of, stored
from bcp.i18n import _
from bcp.incident.events.base import Payload, Speaker, Spoken, joined
from bcp.incident.state import Incident

_KINDS: dict[str, Spoken] = {
    "mitigation": lambda: _("cost"),
    "hours": lambda: _("hours"),
    "loss": lambda: _("loss"),
}


class CostAdded(Payload):
    """An amount (`120.00 EUR`), what for, its receipt; `instead_of` is the cost that it corrects."""

    KIND: ClassVar[str] = "cost.added"

    cost: str
    amount: str
    what: str
    kind: Kind = stored(read=one_of(get_args(Kind)))
    hours: str = ""
    role: str = ""
    rate: str = ""
    instead_of: str = ""
    receipt: Receipt | None = stored(
        default=None, read=lambda raw: Receipt(**raw) if raw else None, write=Receipt._asdict
    )

    def apply(self, incident: Incident, event: Event) -> None:
        """There is one more; the one that it corrects does not count any more."""
        before = incident.costs.get(self.instead_of)
        if before is not None:
            incident.costs[before.id] = before._replace(replaced_by=self.cost)
        incident.costs[self.cost] = Cost(
            id=self.cost,
            amount=self.amount,
            what=self.what,
            kind=self.kind,
            at=event.at,
            by=event.by,
            receipt=self.receipt,
            hours=self.hours,
            role=self.role,
            rate=self.rate,
        )

    def sentence(self, words: Speaker) -> str:
        """`cost: 120.00 EUR: a SIM card (c1) | receipt 1-bill.pdf`."""
        hours, receipt = _("{hours} h at {rate}"), self.receipt
        return joined(
            (
                f"{_KINDS[self.kind]()}: {self.amount}: {self.what} ({self.cost})",
                hours.format(hours=self.hours, rate=self.rate) if self.hours else "",
                _("receipt {file}").format(file=receipt.file) if receipt is not None else "",
                _("instead of {id}").format(id=self.instead_of) if self.instead_of else "",
            )
        )
