"""The part of the fold that keeps the books of an incident: promises, costs, follow-ups, looking back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol

from bcp.cost.model import Cost, Receipt
from bcp.event import Event, moment
from bcp.promise.model import Promise


@dataclass(slots=True)
class FollowUp:
    """Something to be mended after the incident: who does it, and by which day."""

    id: str
    what: str
    owner: str
    due: date
    done_at: datetime | None = None
    done_by: str = ""
    note: str = ""

    def is_overdue(self, today: date) -> bool:
        """Whether its day is over and it is not done."""
        return self.done_at is None and today > self.due


class Review(NamedTuple):
    """What somebody said about the incident afterwards; `about` names the question."""

    about: str
    text: str
    by: str


class Books(Protocol):
    """What keeps them: an incident."""

    promises: dict[str, Promise]
    costs: dict[str, Cost]
    follow_ups: dict[str, FollowUp]
    reviews: list[Review]
    clients_to_be_asked: bool
    pasted: dict[str, list[str]]


def _promised(books: Books, event: Event) -> None:
    data = event.data
    books.promises[data["promise"]] = Promise(
        id=data["promise"],
        provider=data["from"],
        what=data["what"],
        made_at=event.at,
        due=moment(data["due"]),
        said=data.get("said", ""),
        said_by=data.get("said_by", ""),
        ticket=data.get("ticket", ""),
        channel=data.get("channel", ""),
    )


def _asked(books: Books, event: Event) -> None:
    books.promises[event.data["promise"]].asked = True


def _kept(books: Books, event: Event) -> None:
    """A broken promise that came true after all stays broken; its slip ends here."""
    promise = books.promises[event.data["promise"]]
    promise.kept = not promise.broken
    promise.came_true_at = event.at
    promise.note = event.data.get("note", promise.note)


def _broken(books: Books, event: Event) -> None:
    promise = books.promises[event.data["promise"]]
    promise.kept, promise.broken, promise.came_true_at = False, True, None
    promise.note = event.data.get("note", promise.note)


def _spent(books: Books, event: Event) -> None:
    data = event.data
    before = books.costs.get(data.get("instead_of", ""))
    if before is not None:
        books.costs[before.id] = before._replace(replaced_by=data["cost"])
    books.costs[data["cost"]] = Cost(
        id=data["cost"],
        amount=data["amount"],
        what=data["what"],
        kind=data["kind"],
        at=event.at,
        by=event.by,
        receipt=Receipt(**data["receipt"]) if data.get("receipt") else None,
        hours=data.get("hours", ""),
        role=data.get("role", ""),
        rate=data.get("rate", ""),
    )


def _to_do(books: Books, event: Event) -> None:
    data = event.data
    books.follow_ups[data["followup"]] = FollowUp(
        data["followup"], data["what"], data["owner"], date.fromisoformat(data["due"])
    )


def _did(books: Books, event: Event) -> None:
    follow_up = books.follow_ups[event.data["followup"]]
    follow_up.done_at, follow_up.done_by = event.at, event.by
    follow_up.note = event.data.get("note", "")


def _looked_back(books: Books, event: Event) -> None:
    books.reviews.append(Review(event.data["about"], event.data["text"], event.by))


def _to_be_asked(books: Books, _event: Event) -> None:
    books.clients_to_be_asked = True


def _pasted(books: Books, event: Event) -> None:
    books.pasted.setdefault(event.data["notice"], []).append(event.data["place"])


ON: dict[str, Callable[[Books, Event], None]] = {
    "promise.made": _promised,
    "promise.asked": _asked,
    "promise.kept": _kept,
    "promise.broken": _broken,
    "cost.added": _spent,
    "followup.added": _to_do,
    "followup.done": _did,
    "followup.due": _to_be_asked,
    "notice.pasted": _pasted,
    "review.written": _looked_back,
}
