"""`number list`: each number as bcp.yaml has it, its last test call, and what an incident forwarded."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bcp.app.incident.handover_levers import elsewhere
from bcp.app.number.office import numbers_of
from bcp.app.office import spoken_office_of
from bcp.app.session import Session
from bcp.errors import StepFailed
from bcp.lever.number.choice import has_way, way_of
from bcp.lever.number.ledger import Bought, CallTest, Checked, OpenForwarding
from bcp.lever.number.trials import ForwardingTrial, NumberTrials, OpenNumberTrial
from bcp.office.number import OfficeNumber


@dataclass(frozen=True, slots=True)
class LeftForwarded:
    """A forwarding that was not put back; `elsewhere` says if its incident goes on at another computer."""

    forwarded: OpenForwarding
    elsewhere: str


@dataclass(frozen=True, slots=True)
class NumberStatus:
    """What is known of one number. `how` it is forwarded is a kind of way, else what bcp.yaml says in words.

    `trial` is the last one that really forwarded it, `cut_short` one that was not put back; `can_be_forwarded` says
    whether somebody wrote down how.
    """

    number: OfficeNumber
    how: str
    last_call: str
    tested: CallTest | None
    can_be_forwarded: bool
    trial: ForwardingTrial | None
    cut_short: OpenNumberTrial | None
    checked: Checked | None
    bought: Bought | None
    forwarded: tuple[OpenForwarding, ...]


@dataclass(frozen=True, slots=True)
class NumbersStatus:
    """All numbers."""

    zone: ZoneInfo
    forwarded: tuple[LeftForwarded, ...]
    numbers: tuple[NumberStatus, ...]


def number_status(session: Session) -> NumbersStatus:
    """What is known of the numbers in peacetime. Raises SourceError for mistakes in bcp.yaml."""
    office = spoken_office_of(session)
    numbers = numbers_of(session, office, "")
    ledger = numbers.affair.ledger
    tests, checks, bought, forwarded = ledger.tests(), ledger.checks(), ledger.bought(), ledger.forwarded()
    trials = NumberTrials(session.stores.levers, "")
    tried, cut_short = trials.last_heard(), trials.cut_short()
    found = [
        NumberStatus(
            number,
            _how(number),
            numbers.affair.tested(numbers.order(number.number)),
            tests.get(number.number),
            has_way(number),
            tried.get(number.number),
            cut_short.get(number.number),
            checks.get(number.number),
            bought.get(number.number),
            tuple(each for each in forwarded if each.number == number.number),
        )
        for number in office.numbers
    ]
    left = [LeftForwarded(each, elsewhere(session, each.incident)) for each in forwarded if each.to]
    return NumbersStatus(office.zone, tuple(left), tuple(found))


def _how(number: OfficeNumber) -> str:
    try:
        return type(way_of(number)).__module__.rpartition(".")[2].replace("_", "-")
    except StepFailed:
        return number.method
