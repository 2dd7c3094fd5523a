"""`number check`: looks in peacetime whether each number could be forwarded today, and writes it down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bcp.app.number.office import numbers_of
from bcp.app.office import person_in, spoken_office_of
from bcp.app.session import Session
from bcp.errors import StepFailed
from bcp.i18n import _
from bcp.lever.number.base import NumberFinding
from bcp.lever.number.choice import has_way, way_of
from bcp.lever.number.levers import OfficeNumbers
from bcp.lever.number.trials import NumberTrials
from bcp.office.number import OfficeNumber
from bcp.progress import counted
from bcp.times import local

_FORWARDED_EVERY = timedelta(days=184)
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
    trials = NumberTrials(session.stores.levers, "")
    words = _("Checking the numbers")
    every = counted(session.progress, words, chosen, len(chosen), name=lambda one: one.number)
    found = [NumberCheck(one.number, one.phone or "", check_one(numbers, trials, one)) for one in every]
    for each in found:
        numbers.affair.ledger.checked(each.number, each.findings)
    return found


def check_one(numbers: OfficeNumbers, trials: NumberTrials, number: OfficeNumber) -> list[NumberFinding]:
    """What its way finds, whether it works on a dead line, how old the last test call and the last trial are."""
    try:
        found = way_of(number).check(numbers.affair.world, numbers.order(number.number))
    except StepFailed as failed:
        found = [NumberFinding("bad", failed.message)]
    if number.works_when_line_dead == "unknown":
        words = _("nobody knows whether its calls can be forwarded while its line is dead: ask the provider")
        found.append(NumberFinding("unknown", words))
    if not number.phone:
        return found
    return [*found, _test_age(numbers, number), *_trial_age(numbers, trials, number)]


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


def _trial_age(numbers: OfficeNumbers, trials: NumberTrials, number: OfficeNumber) -> Iterator[NumberFinding]:
    """Whether the forwarding itself was seen to work, which no test call shows."""
    name, left = number.number, trials.cut_short().get(number.number)
    if left is not None:
        words = _(
            "a trial was cut short, and the calls may still go to {whose}: bcp number test {name} --forward"
        )
        yield NumberFinding("bad", words.format(whose=left.whose, name=name))
    if not has_way(number):
        return
    seen, zone = trials.last_heard().get(name), numbers.affair.zone
    if seen is None:
        words = _("the forwarding itself was never tried: bcp number test {name} --forward")
        yield NumberFinding("due", words.format(name=name))
        return
    when = local(seen.at, zone)
    if not seen.heard:
        words = _(
            "the forwarding was tried {time}, and the call was NOT heard: bcp number test {name} --forward"
        )
        yield NumberFinding("bad", words.format(time=when, name=name))
    elif numbers.affair.clock.now() - seen.at > _FORWARDED_EVERY:
        words = _("the forwarding was tried {time}; time for another one: bcp number test {name} --forward")
        yield NumberFinding("due", words.format(time=when, name=name))
    else:
        words = _("the forwarding was tried {time}, and the call was heard at {whose}")
        yield NumberFinding("fine", words.format(time=when, whose=seen.whose))
