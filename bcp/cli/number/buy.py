"""The purchase of a number at the terminal: the offers, and the price that must be typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bcp.action.base import Operator
from bcp.cli.terminal.output import say, show, show_next
from bcp.errors import Exit
from bcp.fact import Fact
from bcp.i18n import _
from bcp.lever.number.base import Offer, Price
from bcp.lever.number.ledger import Bought
from bcp.normalize import say_phone

_NONE = "none"


@dataclass(frozen=True, slots=True)
class TerminalBuyer:
    """The person at this terminal, who answers at `desk`."""

    desk: Operator

    def hear(self, words: str) -> None:
        """What happens on the way."""
        say(words)

    def choose(self, offers: Sequence[Offer], price: Price) -> str:
        """The phone number of the offer that is chosen; empty for none."""
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
        fact = Fact("phone", _("Which one? (its number in the list, or none)"), "choice", choices)
        chosen = self.desk.ask(fact)
        return "" if chosen in (None, _NONE) else str(chosen)

    def confirms(self, phone: str, price: Price) -> bool:
        """Whether the price was typed, and nothing else."""
        words = _(
            "Type the price, {amount}, to buy {number} for {price} a month; anything else buys nothing."
        )
        question = words.format(amount=price.amount, number=say_phone(phone), price=price)
        typed = self.desk.ask(Fact("price", question)) or ""
        return typed.strip().replace(",", ".") == price.amount


def show_bought(name: str, bought: Bought | None) -> int:
    """What was bought, and where it is to be written; the exit status."""
    if bought is None:
        say(_("Nothing was bought."))
        return Exit.OK
    show(bought.phone, "bold")
    words = _('Write it into bcp.yaml, at the number "{name}": phone: "{phone}"')
    say(words.format(name=name, phone=bought.phone))
    show_next((f"bcp number check {name}   (after that)", f"bcp number test {name}"))
    return Exit.OK
