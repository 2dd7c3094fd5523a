"""`number check`: looks in peacetime whether each number could be forwarded today, and writes it down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bcp.app.number.office import numbers_of
from bcp.app.office import person_in, spoken_office_of
from bcp.app.session import Session
from bcp.errors import StepFailed
from bcp.i18n import _
from bcp.lever.number.base import NumberFinding
from bcp.lever.number.choice import way_of
from bcp.lever.number.levers import OfficeNumbers
from bcp.office.number import OfficeNumber

# A number that must ring when all else is dead is called every month, the others twice a year.
_TEST_EVERY = {"yes": timedelta(days=31), "no": timedelta(days=184), "unknown": timedelta(days=184)}


@dataclass(frozen=True, slots=True)
class NumberCheck:
    """What was found of one number."""

    number: str
    phone: str
    findings: list[NumberFinding]


def check_numbers(session: Session, name: str | None, by: str | None) -> list[NumberCheck]:
    """What was found of each number, or of the one named. Raises InputError for one that there is not."""
    office = spoken_office_of(session)
    numbers = numbers_of(session, office, person_in(session, office, by))
    chosen = [numbers.named(name)] if name else office.numbers
    found = [NumberCheck(one.number, one.phone or "", check_one(numbers, one)) for one in chosen]
    for each in found:
        numbers.affair.ledger.checked(each.number, each.findings)
    return found


def check_one(numbers: OfficeNumbers, number: OfficeNumber) -> list[NumberFinding]:
    """What its way finds, whether it works on a dead line, and how old the last test call is."""
    try:
        found = way_of(number).check(numbers.affair.world, numbers.order(number.number))
    except StepFailed as failed:
        found = [NumberFinding("bad", failed.message)]
    if number.works_when_line_dead == "unknown":
        words = _("nobody knows whether its calls can be forwarded while its line is dead: ask the provider")
        found.append(NumberFinding("unknown", words))
    return [*found, _test_age(numbers, number)] if number.phone else found


def _test_age(numbers: OfficeNumbers, number: OfficeNumber) -> NumberFinding:
    said = numbers.affair.tested(numbers.order(number.number))
    seen = numbers.affair.ledger.tests().get(number.number)
    if seen is not None and not seen.heard:
        return NumberFinding("bad", said)
    zone = numbers.affair.zone
    days = [date.fromisoformat(number.tested)] if number.tested else []
    days += [seen.at.astimezone(zone).date()] if seen else []
    today = numbers.affair.clock.now().astimezone(zone).date()
    if not days or today - max(days) > _TEST_EVERY[number.works_when_line_dead]:
        due = _("{words}; time for another one: bcp number test {name}")
        return NumberFinding("due", due.format(words=said, name=number.number) if days else said)
    return NumberFinding("fine", said)
