"""`number buy`: guided, with the price, confirmed by typing it; never unattended, and never twice."""

from __future__ import annotations

from bcp.action.base import Desk
from bcp.app.session import Session
from bcp.cli.number.status import numbers_of, office_of, who_acts
from bcp.cli.terminal.guide import Terminal
from bcp.cli.terminal.output import is_attended, say, show, show_next
from bcp.errors import Exit, InputError, PersonNeeded, StepFailed
from bcp.fact import Fact, Place
from bcp.i18n import _
from bcp.incident.journal import Busy
from bcp.number.base import Offer, Price, Shop
from bcp.number.buying import Purchase
from bcp.number.ledger import Bought
from bcp.number.levers import Numbers
from bcp.number.phone import say_phone

_NONE = "none"


def buy_number(session: Session, name: str, kind: str, contains: str, by: str | None) -> int:
    """Buy a number for the entry `name` of bcp.yaml. Raises PersonNeeded where nobody is there to confirm."""
    office = office_of(session)
    numbers = numbers_of(session, office, who_acts(session, office, by))
    way = _shop(numbers, name)
    if not is_attended():
        raise PersonNeeded(
            "a number is bought by a person only, who sees the price and types it",
            f"give this command at a terminal: bcp number buy {name}",
        )
    desk = Terminal(Place(office.country, office.zone, session.clock.now()))
    purchase = Purchase(way, numbers.order(name), numbers.affair.world, numbers.affair.ledger, office.name)
    try:
        with session.stores.holds.hold("numbers", f"buy-{name}"):
            return guided(purchase, desk, kind, contains)
    except Busy:
        raise InputError(f"{name} is being bought at another terminal", "wait until that has ended") from None


def _shop(numbers: Numbers, name: str) -> Shop:
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


def guided(purchase: Purchase, desk: Desk, kind: str, contains: str) -> int:
    """Look, offer, let the price be typed, buy; the exit status. Raises StepFailed, and Unsure where nobody knows."""
    name = purchase.order.number.number
    begun = purchase.under_way()
    if begun is not None:
        words = _(
            "The last time everything ended while {number} was being bought. Looking whether it is ours …"
        )
        say(words.format(number=say_phone(begun.phone)))
    found = purchase.already()
    if found is not None:
        say(_("It is ours already: {number}. Nothing is bought.").format(number=say_phone(found.phone)))
        return _written(name, found)
    price = purchase.way.price(purchase.world, purchase.order, kind)
    offers = purchase.way.offers(purchase.world, purchase.order, kind, contains)
    # What was asked for once comes first: where that was done all the same, no second one is sold.
    first = [Offer(begun.phone)] if begun is not None else []
    phone = _chosen([*first, *(each for each in offers if each not in first)], desk, price)
    if not phone or not _confirmed(phone, desk, price):
        say(_("Nothing was bought."))
        return Exit.OK
    say(_("Buying {number} …").format(number=say_phone(phone)))
    return _written(name, purchase.buy(phone, price))


def _chosen(offers: list[Offer], desk: Desk, price: Price) -> str:
    if not offers:
        raise StepFailed(
            _("no such number is offered at present"), "try another --kind, or fewer digits in --contains"
        )
    say(_("Each costs {price} a month, and calls cost besides:").format(price=price))
    for number, offer in enumerate(offers, 1):
        papers = (
            ""
            if offer.papers in ("", "none")
            else _("an address is needed: {papers}").format(papers=offer.papers)
        )
        told = "   ".join(filter(None, (offer.place, papers)))
        show(f"  {number}  {say_phone(offer.phone)}   {told}".rstrip())
    choices = (*(offer.phone for offer in offers), _NONE)
    said = desk.ask(Fact("phone", _("Which one? (its number in the list, or none)"), "choice", choices))
    return "" if said in (None, _NONE) else str(said)


def _confirmed(phone: str, desk: Desk, price: Price) -> bool:
    words = _("Type the price, {amount}, to buy {number} for {price} a month; anything else buys nothing.")
    asked = words.format(amount=price.amount, number=say_phone(phone), price=price)
    said = desk.ask(Fact("price", asked)) or ""
    return said.strip().replace(",", ".") == price.amount


def _written(name: str, bought: Bought) -> int:
    show(bought.phone, "bold")
    say(
        _('Write it into bcp.yaml, at the number "{name}": phone: "{phone}"').format(
            name=name, phone=bought.phone
        )
    )
    show_next((f"bcp number check {name}   (after that)", f"bcp number test {name}"))
    return Exit.OK
