"""Buys a number once: what is about to be bought is written down first, and nothing is asked for before a look.

1. A number that carries our mark, or is the one that was being bought when everything ended, is ours: not bought again.
2. The number is written down, then asked for. A clear no is written down as one.
3. Without a clear answer the account is looked at. Where it is not there, nothing more is done, and the same number
   comes first the next time: a provider does not sell one number twice.
"""

from __future__ import annotations

from dataclasses import dataclass

from bcp.errors import StepFailed, Unsure
from bcp.i18n import _
from bcp.lever.number.base import NumberRequest, Price, Shop
from bcp.lever.number.ledger import Bought, NumberJournal
from bcp.normalize import say_phone
from bcp.outside import World

_LOOKS = 3
_PAUSE = 2.0


@dataclass(frozen=True, slots=True)
class Purchase:
    """The purchase of one number of bcp.yaml; `office` is in the mark that it carries at the provider."""

    way: Shop
    order: NumberRequest
    world: World
    ledger: NumberJournal
    office: str

    @property
    def mark(self) -> str:
        """The same one each time, from any computer: it is what a lost answer is found by."""
        return f"bcp {self.order.number.number} {self.office}"

    def under_way(self) -> Bought | None:
        """What was being bought when everything ended."""
        return self.ledger.buying(self.order.number.number)

    def already(self) -> Bought | None:
        """The number that is ours already. Raises StepFailed where that cannot be seen: then nothing may be bought."""
        begun = self.under_way()
        found = self.way.owned(self.world, self.order, self.mark, begun.phone if begun else "")
        if not found:
            return None
        phone, name = found[0]
        known = self.ledger.bought().get(self.order.number.number)
        if begun is not None or known is None or known.phone != phone:
            self.ledger.has_bought(self.order.number.number, phone, name)
        return Bought(self.order.clock.now(), phone, name=name)

    def buy(self, phone: str, price: Price) -> Bought:
        """Buy `phone`. Raises StepFailed where it was refused, Unsure where nobody knows."""
        number = self.order.number.number
        self.ledger.to_buy(number, phone, str(price))
        try:
            name = self.way.buy(self.world, self.order, phone, self.mark)
        except Unsure as unsure:
            return self._looked_for(phone, unsure)
        except StepFailed as refused:
            # It may be refused because it is ours by now: an earlier request did it, and its answer was lost.
            return self._already_or(phone, refused)
        self.ledger.has_bought(number, phone, name)
        return Bought(self.order.clock.now(), phone, str(price), name)

    def _looked_for(self, phone: str, unsure: Unsure) -> Bought:
        for _look in range(_LOOKS):
            self.order.clock.sleep(_PAUSE)
            if (found := self.already()) is not None:
                return found
        words = _("{why}; {number} is not in the account yet")
        hint = "give the same command again in a minute: it looks first, and buys nothing twice"
        raise Unsure(words.format(why=unsure.message, number=say_phone(phone)), hint)

    def _already_or(self, phone: str, refused: StepFailed) -> Bought:
        found = self.already()
        if found is None:
            self.ledger.not_bought(self.order.number.number, phone, refused.message)
            raise refused
        return found
