"""The numbers of the office as a step of an incident forwards them (the protocol NumberLever of action/levers.py)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bcp.errors import InputError, StepFailed
from bcp.i18n import _
from bcp.lever.moved import moved
from bcp.lever.number.base import NumberRequest
from bcp.lever.number.choice import has_way, way_of
from bcp.lever.number.forwarding import ForwardingContext, NumberForwarding, NumberRestore
from bcp.lever.number.phone import Reachable
from bcp.lever.stack import StepKey
from bcp.normalize import say_phone
from bcp.office.line import OfficeLine
from bcp.office.number import OfficeNumber
from bcp.yaml.near import did_you_mean

_DIGITS = 3


@dataclass(frozen=True, slots=True)
class OfficeNumbers:
    """The numbers that can be forwarded in one incident, each with its line where that is known.

    `people` are those of the plan by id, `roles` the ids of the people of each. `moved` are the numbers that were other
    ones when an incident forwarded them, and still are: by which.
    """

    numbers: Mapping[str, OfficeNumber]
    lines: Mapping[str, OfficeLine]
    people: Mapping[str, Reachable]
    roles: Mapping[str, Sequence[str]]
    affair: ForwardingContext
    language: str
    country: str
    moved: Mapping[str, StepKey] = field(default_factory=dict)

    def number(self, name: str) -> OfficeNumberLever:
        """The number. Raises InputError where there is none, StepFailed where it has no number yet."""
        number = self.named(name)
        if not number.phone:
            if number.can_be_bought:
                words = _('"{name}" was not bought yet, so it has no number').format(name=name)
                raise StepFailed(words, f"buy it in peacetime: bcp number buy {name}")
            words = _('the phone number of "{name}" is not written down in bcp.yaml').format(name=name)
            raise StepFailed(
                words, "do it by hand now; and add phone: to it, which holds from the next incident on"
            )
        return OfficeNumberLever(self, number)

    def named(self, name: str) -> OfficeNumber:
        """What bcp.yaml says of it. Raises InputError where there is none."""
        if name not in self.numbers:
            hint = did_you_mean(name, self.numbers) or "numbers: " + (", ".join(self.numbers) or "none yet")
            raise InputError(f'there is no number "{name}" in bcp.yaml', hint)
        return self.numbers[name]

    def order(self, name: str, to: str = "", whose: str = "") -> NumberRequest:
        """What is wanted of a number."""
        number, line = self.named(name), self.lines.get(name)
        return NumberRequest(number, line, to, whose, self.language, self.country, self.affair.clock)


@dataclass(slots=True)
class OfficeNumberLever:
    """One number: forwarded, put back, called."""

    numbers: OfficeNumbers
    number: OfficeNumber
    _call: str = field(default="", init=False)

    @property
    def phone(self) -> str:
        """The number itself."""
        return self.number.phone or ""

    @property
    def said(self) -> str:
        """The number itself, as people say it."""
        return say_phone(self.phone)

    @property
    def usual(self) -> str:
        """The first number of bcp.yaml."""
        return next((each.phone for each in self.numbers.numbers.values() if each.phone), self.phone)

    @property
    def rehearsed(self) -> bool:
        """Whether nothing is really done."""
        return self.numbers.affair.rehearsed

    def phones(self, forward_to: str) -> Mapping[str, str]:
        """Those of a role with a phone, owner first; of one person; of a number of ours; or the number itself."""
        kind, _colon, name = forward_to.partition(":")
        if not name:
            return {say_phone(forward_to): forward_to}
        if kind == "number":
            return {name: self.numbers.number(name).phone}
        who = self.numbers.roles.get(name, ()) if kind == "role" else [name]
        known = [self.numbers.people[one] for one in who if one in self.numbers.people]
        found = {each.name: each.phone for each in known if each.phone}
        if not found:
            words = _("nobody of {who} has a phone number in bcp.yaml").format(who=forward_to)
            raise StepFailed(
                words, "add phone: to that person in bcp.yaml; it holds from the next incident on"
            )
        return found

    def forward(self, whose: str, to: str) -> NumberForwarding:
        """To the phone `to` of `whose`. Raises StepFailed where another number of that name is still forwarded."""
        name, elsewhere = self.number.number, self.numbers.moved
        if name in elsewhere:
            told = _(
                "{number} was another number when the incident {incident} forwarded it, and that still is"
            )
            raise moved(told.format(number=name, incident=elsewhere[name].incident), elsewhere[name])
        return NumberForwarding(self.numbers.affair, self.numbers.order(self.number.number, to, whose))

    def back(self) -> NumberRestore:
        """To where it was before this step, or where another one still needs it to be."""
        return NumberRestore(self.numbers.affair, self.numbers.order(self.number.number))

    def call(self) -> str:
        """Through the provider, with digits that nobody can know who does not hear them."""
        if self.rehearsed or not has_way(self.number):
            return ""
        digits = "".join(str(secrets.randbelow(10)) for _digit in range(_DIGITS))
        order = self.numbers.order(self.number.number)
        self._call = way_of(self.number).call(self.numbers.affair.world, order, digits)
        return digits if self._call else ""

    def fate(self) -> str:
        """What the provider says of the last call."""
        if not self._call:
            return ""
        order = self.numbers.order(self.number.number)
        return way_of(self.number).fate(self.numbers.affair.world, order, self._call)

    def heard(self, heard: bool, words: str) -> None:
        """Write it down; a rehearsed call is no test."""
        if not self.rehearsed:
            self.numbers.affair.ledger.tested(self.number.number, heard, words)
