"""`number buy`: a person sees the price and types it; never unattended, and never twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from bcp.app.number.office import numbers_of
from bcp.app.office import person_in, spoken_office_of
from bcp.app.session import Session
from bcp.errors import InputError, PersonNeeded, StepFailed
from bcp.fact import Place
from bcp.i18n import _
from bcp.incident.journal import Busy
from bcp.lever.number.base import Offer, Price, Shop
from bcp.lever.number.buying import Purchase
from bcp.lever.number.ledger import Bought
from bcp.lever.number.levers import OfficeNumbers
from bcp.normalize import say_phone


class Buyer(Protocol):
    """The person who buys."""

    def hear(self, words: str) -> None:
        """What happens on the way."""
        ...

    def choose(self, offers: Sequence[Offer], price: Price) -> str:
        """The phone number of the offer that is chosen; empty for none."""
        ...

    def confirms(self, phone: str, price: Price) -> bool:
        """Whether the price was typed, and nothing else."""
        ...


BuyerAt = Callable[[Place], Buyer]
"""Gives the person who buys; the place says how a local phone number is read."""


def buy_number(
    session: Session, name: str, *, kind: str, contains: str, by: str | None, buyer_at: BuyerAt | None
) -> Bought | None:
    """Buy a number for the entry `name` of bcp.yaml, of a kind, with these digits in a row; None if none was chosen.

    Raises PersonNeeded where nobody is there to confirm (`buyer_at` is None), InputError for an entry that cannot be
    bought for, StepFailed where the provider refuses, and Unsure where nobody knows.
    """
    office = spoken_office_of(session)
    numbers = numbers_of(session, office, person_in(session, office, by))
    shop = _shop(numbers, name)
    if buyer_at is None:
        raise PersonNeeded(
            "a number is bought by a person only, who sees the price and types it",
            f"give this command at a terminal: bcp number buy {name}",
        )
    buyer = buyer_at(Place(office.country, office.zone, session.clock.now()))
    affair = numbers.affair
    purchase = Purchase(shop, numbers.order(name), affair.world, affair.ledger, office.name)
    try:
        with session.stores.holds.hold("numbers", f"buy-{name}"):
            return carry_out(purchase, buyer, kind, contains)
    except Busy:
        raise InputError(f"{name} is being bought at another terminal", "wait until that has ended") from None


def carry_out(purchase: Purchase, buyer: Buyer, kind: str, contains: str) -> Bought | None:
    """Look, offer, let the price be typed, buy. Raises StepFailed, and Unsure where nobody knows."""
    begun = purchase.under_way()
    if begun is not None:
        words = _(
            "The last time everything ended while {number} was being bought. Looking whether it is ours …"
        )
        buyer.hear(words.format(number=say_phone(begun.phone)))
    found = purchase.already()
    if found is not None:
        words = _("It is ours already: {number}. Nothing is bought.")
        buyer.hear(words.format(number=say_phone(found.phone)))
        return found
    price = purchase.way.price(purchase.world, purchase.order, kind)
    offers = purchase.way.offers(purchase.world, purchase.order, kind, contains)
    # What was asked for once comes first: where that was done all the same, no second one is sold.
    first = [Offer(begun.phone)] if begun is not None else []
    every = [*first, *(each for each in offers if each not in first)]
    if not every:
        raise StepFailed(
            _("no such number is offered at present"), "try another --kind, or fewer digits in --contains"
        )
    phone = buyer.choose(every, price)
    if not phone or not buyer.confirms(phone, price):
        return None
    buyer.hear(_("Buying {number} …").format(number=say_phone(phone)))
    return purchase.buy(phone, price)


def _shop(numbers: OfficeNumbers, name: str) -> Shop:
    number = numbers.named(name)
    if not isinstance(number.way, Shop):
        raise InputError(
            f'the way of "{name}" sells no numbers',
            "buy one where you like, then write it into bcp.yaml; or give it a way that sells: way: {twilio: …}",
        )
    if number.phone:
        raise InputError(
            f'"{name}" has a number: {say_phone(number.phone)}',
            "for another one add an entry of its own to bcp.yaml, without phone:",
        )
    return number.way
