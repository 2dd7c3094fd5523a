"""What is owed for an outage: every rule that could apply, with the counted days, the formula and the source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from bcp.claim.days import Calendar, Counted, count_days
from bcp.claim.formula import names_in, value
from bcp.claim.model import ClaimRule, Trouble
from bcp.office.model import CustomerClass

_WANTED = {
    "monthly_fee": "the monthly fee",
    "last_bills": "the sum of the last three bills",
    "numbers": "how many numbers are concerned",
}


_NO_DAYS = Counted(())


@dataclass(frozen=True, slots=True)
class Case:
    """One trouble with one line: the local days on which things happened, and what the contract costs.

    `report` is the day on which the provider received the fault report, `agreed` the day agreed for a switch or a
    start; `restored` is the day on which it worked again, which is never counted. Amounts are in the currency of
    the fee. `waived` is whether the office gave its protection up: yes, no or unknown.
    """

    event: Trouble
    outage: date | None
    restored: date
    report: date | None = None
    agreed: date | None = None
    monthly_fee: Decimal | None = None
    last_bills: Decimal | None = None
    currency: str = ""
    numbers: int = 1
    appointments: int = 0
    customer: CustomerClass = "small"
    waived: str = "unknown"


@dataclass(frozen=True, slots=True)
class Portion:
    """So many days (or appointments) at so much each."""

    count: int
    each: Decimal
    sum: Decimal


@dataclass(frozen=True, slots=True)
class ClaimFinding:
    """What one rule comes to: an amount, or the reason why nothing is claimed under it."""

    rule: ClaimRule
    amount: Decimal | None = None
    portions: tuple[Portion, ...] = ()
    days: Counted = _NO_DAYS
    reason: str = ""
    caution: str = ""

    @property
    def is_claim(self) -> bool:
        """Whether something is owed under it."""
        return self.amount is not None


def calculate(case: Case, rules: Iterable[ClaimRule], calendar: Calendar) -> list[ClaimFinding]:
    """A finding for each of `rules`, in their order; rules for other troubles are left out."""
    return [_finding(case, rule, calendar) for rule in rules if case.event in rule.event]


def _finding(case: Case, rule: ClaimRule, calendar: Calendar) -> ClaimFinding:
    since = {"outage": case.outage, "report": case.report, "agreed": case.agreed}[rule.count.since]
    reason = _excluded(case, rule, since)
    if reason:
        return ClaimFinding(rule, reason=reason)
    caution = "whether the protection was waived in the contract is not known: look" if rule.waivable else ""
    caution = caution if case.waived == "unknown" else ""
    names = _names(case)
    if rule.count.of == "appointments":
        return _sum(rule, [case.appointments], Counted(()), names, caution)
    assert since is not None
    counted = count_days(rule.count, since, case.restored, calendar)
    if counted.too_short:
        return ClaimFinding(rule, days=counted, reason="it did not last long enough")
    ends = [tier.day - 1 for tier in rule.per_day[1:]] + [len(counted.paid)]
    starts = [0, *ends[:-1]]
    counts = [max(0, min(end, len(counted.paid)) - start) for start, end in zip(starts, ends, strict=True)]
    return _sum(rule, counts, counted, names, caution)


def _excluded(case: Case, rule: ClaimRule, since: date | None) -> str:
    """Why the rule grants nothing here, or nothing."""
    day = since or case.outage or case.restored
    if not rule.valid_from <= day.isoformat() <= (rule.valid_to or "9999-12-31"):
        return f"the rule was not in force on {day.isoformat()}"
    if case.customer not in rule.classes:
        return f"it is not for a {case.customer} customer"
    if rule.waivable and case.waived == "yes":
        return "the protection was waived in the contract"
    if rule.count.of == "appointments":
        return "" if case.appointments else "no appointment was missed"
    if since is None:
        missing = {
            "outage": "the first failure",
            "report": "the receipt of the fault report",
            "agreed": "the agreed day",
        }
        return f"the day of {missing[rule.count.since]} is not known"
    if case.currency and case.currency != rule.currency and _needs(rule) - {"numbers"}:
        return f"the fee is in {case.currency}, the rule in {rule.currency}"
    lacking = [_WANTED[name] for name in sorted(_needs(rule) - set(_names(case)))]
    return f"{' and '.join(lacking)} must be known" if lacking else ""


def _needs(rule: ClaimRule) -> set[str]:
    return set().union(*(names_in(tier.amount) for tier in rule.per_day))


def _names(case: Case) -> dict[str, Fraction]:
    known: dict[str, Decimal | int | None] = {
        "monthly_fee": case.monthly_fee,
        "last_bills": case.last_bills,
        "numbers": case.numbers,
    }
    return {name: Fraction(known_) for name, known_ in known.items() if known_ is not None}


def _sum(
    rule: ClaimRule, counts: list[int], counted: Counted, names: Mapping[str, Fraction], caution: str
) -> ClaimFinding:
    portions, whole = [], Fraction(0)
    for tier, count in zip(rule.per_day, counts, strict=False):
        if count:
            each = value(tier.amount, names)
            whole += each * count
            portions.append(Portion(count, _each(each), cents(each * count)))
    return ClaimFinding(rule, cents(whole), tuple(portions), counted, caution=caution)


def _each(amount: Fraction) -> Decimal:
    """To the cent, or to four places where a cent would hide that the sum is right."""
    exact = (amount * 100).denominator == 1
    return cents(amount) if exact else _places(amount, "0.0001")


def cents(amount: Fraction) -> Decimal:
    """Rounded to the cent, half upwards: only sums are rounded, never what is still reckoned with."""
    return _places(amount, "0.01")


def _places(amount: Fraction, unit: str) -> Decimal:
    steps = amount / Fraction(unit)
    return (Decimal(int(steps + Fraction(1, 2))) * Decimal(unit)).quantize(Decimal(unit))
