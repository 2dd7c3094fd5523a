"""Compensation rules: the known amounts to the cent, the days that were counted, and what is wrong with a bad rule."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcp.claim.calculate import Case, ClaimFinding, calculate
from bcp.claim.contract import contract_rule
from bcp.claim.days import Calendar, count_days
from bcp.claim.formula import BadFormula, check, value
from bcp.claim.load import SHIPPED, countries, load
from bcp.claim.model import ClaimSpan, Count
from bcp.errors import InputError, SourceError
from bcp.office.line import OfficeLine

BEGAN, RESTORED = date(2026, 11, 26), date(2026, 12, 17)


def finding(country: str, rule: str, **told: object) -> ClaimFinding:
    """What the rule comes to for the three weeks, with these particulars."""
    rules = load(country)
    wanted = next(each for each in rules.rules if each.rule == rule)
    case = {
        "event": wanted.event[0],
        "outage": BEGAN,
        "report": BEGAN,
        "agreed": BEGAN,
        "restored": RESTORED,
        "waived": "no",
        "customer": wanted.classes[0],
        **told,
    }
    (found,) = calculate(Case(**case), [wanted], Calendar(rules.country, rules.subdivision or ""))  # type: ignore[arg-type]
    return found


VECTORS = [
    ("CZ", "cz-late-switch", {}, "7400.00", 21),
    ("CZ", "cz-late-switch", {"restored": date(2026, 12, 2)}, "1400.00", 6),
    ("DE", "de-outage", {"monthly_fee": Decimal(40)}, "170.00", 18),
    ("DE", "de-outage", {"monthly_fee": Decimal(100)}, "340.00", 18),
    ("DE", "de-late-switch", {"monthly_fee": Decimal(40)}, "140.00", 14),
    ("DE", "de-late-switch", {"monthly_fee": Decimal(100)}, "280.00", 14),
    ("GB", "gb-late-start", {}, "135.66", 21),
    ("GB", "gb-outage", {}, "165.44", 16),
    ("GR", "gr-outage", {"monthly_fee": Decimal(30)}, "21.00", 21),
    ("PL", "pl-outage", {"monthly_fee": Decimal(100)}, "70.00", 21),
    ("PL", "pl-late-porting", {"last_bills": Decimal(300)}, "1575.00", 21),
]


@pytest.mark.parametrize(("country", "rule", "told", "amount", "days"), VECTORS)
def test_three_weeks_without_a_line_come_to_the_known_amount(
    country: str, rule: str, told: dict[str, object], amount: str, days: int
) -> None:
    found = finding(country, rule, **told)
    assert found.amount == Decimal(amount)
    assert len(found.days.paid) == days
    assert sum(portion.count for portion in found.portions) == days


def test_the_portions_say_how_many_days_at_how_much() -> None:
    found = finding("DE", "de-outage", monthly_fee=Decimal(40))
    assert [(each.count, each.each, each.sum) for each in found.portions] == [
        (2, Decimal("5.00"), Decimal("10.00")),
        (16, Decimal("10.00"), Decimal("160.00")),
    ]
    assert found.days.free == (date(2026, 11, 27), date(2026, 11, 28))
    assert found.days.paid[0] == date(2026, 11, 29) and found.days.paid[-1] == date(2026, 12, 16)


def test_more_than_ten_numbers_bring_half_for_the_eleventh_and_on() -> None:
    assert finding("CZ", "cz-late-switch", numbers=12, restored=date(2026, 11, 27)).amount == Decimal(
        "2200.00"
    )


def test_missed_appointments_are_paid_each() -> None:
    found = finding("DE", "de-missed-appointment", monthly_fee=Decimal(40), appointments=3)
    assert found.amount == Decimal("30.00")
    none = finding("GB", "gb-missed-appointment")
    assert not none.is_claim and none.reason == "no appointment was missed"


def test_public_holidays_are_no_working_days() -> None:
    count = Count(paid="working")
    over_easter = count_days(count, date(2026, 4, 2), date(2026, 4, 8), Calendar("DE"))
    assert over_easter.paid == (date(2026, 4, 2), date(2026, 4, 7))


def test_nothing_is_due_in_greece_when_it_took_two_working_days() -> None:
    weekend = finding("GR", "gr-outage", monthly_fee=Decimal(30), restored=date(2026, 11, 30))
    assert not weekend.is_claim and weekend.reason == "it did not last long enough"
    assert finding("GR", "gr-outage", monthly_fee=Decimal(30), restored=date(2026, 12, 1)).amount == Decimal(
        5
    )


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"customer": "larger", "monthly_fee": Decimal(40)}, "it is not for a larger customer"),
        ({"waived": "yes", "monthly_fee": Decimal(40)}, "the protection was waived in the contract"),
        (
            {"report": None, "monthly_fee": Decimal(40)},
            "the day of the receipt of the fault report is not known",
        ),
        ({}, "the monthly fee must be known"),
        ({"monthly_fee": Decimal(40), "currency": "PLN"}, "the fee is in PLN, the rule in EUR"),
        ({"report": date(2020, 1, 1), "monthly_fee": Decimal(40)}, "the rule was not in force on 2020-01-01"),
        ({"monthly_fee": Decimal(40), "restored": date(2026, 11, 28)}, "it did not last long enough"),
        ({"monthly_fee": Decimal(40), "restored": date(2026, 11, 20)}, "it did not last long enough"),
    ],
)
def test_what_is_not_claimed_has_its_reason(told: dict[str, object], reason: str) -> None:
    found = finding("DE", "de-outage", **told)
    assert not found.is_claim
    assert found.reason == reason


def test_an_unknown_waiver_is_a_caution_beside_the_amount() -> None:
    found = finding("DE", "de-outage", monthly_fee=Decimal(40), waived="unknown")
    assert found.amount == Decimal("170.00")
    assert "not known" in found.caution


def test_rules_that_nobody_verified_are_uncertain() -> None:
    uncertain = {rule.rule for name in countries() for rule in load(name).rules if not rule.is_certain}
    assert uncertain == {
        "cz-outage",
        "gb-outage",
        "gb-missed-appointment",
        "gb-late-start",
        "pl-outage",
        "pl-late-porting",
    }


@pytest.mark.parametrize("country", countries())
def test_each_shipped_rule_has_its_source_and_its_day(country: str) -> None:
    found = load(country)
    assert found.country == country
    for rule in found.rules:
        assert (
            rule.source.startswith("https://") and rule.read_on == "2026-11-23" and rule.law and rule.article
        )


def test_a_country_without_rules_is_told_with_the_way_out() -> None:
    with pytest.raises(InputError, match="no compensation rules for SE") as caught:
        load("SE")
    assert "CZ, DE, GB, GR, PL" in caught.value.hint


def test_a_rule_file_of_the_office_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    own = tmp_path / "claims"
    own.mkdir()
    text = (SHIPPED / "pl.yaml").read_text(encoding="utf-8").replace("monthly_fee / 30", "monthly_fee / 15")
    (own / "pl.yaml").write_text(text, encoding="utf-8")
    assert load("PL", tmp_path).rules[0].per_day[0].amount == "monthly_fee / 15"
    assert load("PL").rules[0].per_day[0].amount == "monthly_fee / 30"


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [
        ("monthly_fee *", "at character"),
        ("monthly_fee / 0", "divides by nothing"),
        ("fee / 30", '"fee" is not known'),
        ("__import__('os').system('id')", "only numbers"),
        ("monthly_fee ** 9", "only numbers"),
        ("max(monthly_fee)", "only numbers"),
        ("True", "only numbers"),
        ("1" * 201, "at most 200 characters"),
        ("(" * 150 + ")" * 150, "at most 200 characters"),
    ],
)
def test_a_bad_formula_is_a_mistake_with_its_place(tmp_path: Path, formula: str, sentence: str) -> None:
    own = tmp_path / "claims"
    own.mkdir()
    lines = (SHIPPED / "pl.yaml").read_text(encoding="utf-8").splitlines()
    index = next(n for n, line in enumerate(lines) if "monthly_fee / 30" in line)
    lines[index] = f'      - {{amount: "{formula}"}}'
    (own / "pl.yaml").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        load("PL", tmp_path)
    (mistake,) = caught.value.mistakes
    assert (mistake.file, mistake.line) == ("claims/pl.yaml", index + 1)
    assert sentence in mistake.message


@given(st.text(max_size=60))
def test_any_text_is_a_formula_or_a_sentence(text: str) -> None:
    try:
        check(text)
    except BadFormula as error:
        assert str(error)


@given(st.integers(1, 10_000), st.integers(1, 60))
def test_a_thirtieth_of_a_fee_over_thirty_days_is_the_fee(fee: int, days: int) -> None:
    share = value("monthly_fee / 30", {"monthly_fee": Fraction(fee, 100)})
    assert share * 30 == Fraction(fee, 100)
    assert share * days == Fraction(fee * days, 3000)


@given(
    since=st.dates(date(2024, 1, 1), date(2027, 1, 1)),
    length=st.integers(0, 60),
    free=st.integers(0, 10),
    kind=st.sampled_from(["calendar", "working"]),
)
def test_every_day_is_either_free_or_paid_or_no_working_day(
    since: date, length: int, free: int, kind: str
) -> None:
    restored = date.fromordinal(since.toordinal() + length)
    count = Count(free=ClaimSpan(days=free, kind=kind))  # type: ignore[arg-type]
    counted = count_days(count, since, restored, Calendar("DE"))
    assert len(counted.free) + len(counted.paid) == length
    assert list(counted.free + counted.paid) == sorted(counted.free + counted.paid)


@pytest.mark.parametrize(
    ("terms", "amount"),
    [
        ("1/30 per day", "70.00"),
        ("1/15 per working day", "100.00"),
        ("10% per day after 2 days", "190.00"),
        ("5 PLN per day after 2 working days", "95.00"),
    ],
)
def test_the_terms_of_the_contract_are_reckoned_like_a_rule(terms: str, amount: str) -> None:
    line = OfficeLine(line="internet", monthly_fee="100 PLN", compensation=terms)
    rule = contract_rule(line)
    assert rule is not None
    case = Case("outage", BEGAN, RESTORED, monthly_fee=Decimal(100), currency="PLN")
    (found,) = calculate(case, [rule], Calendar("PL"))
    assert found.amount == Decimal(amount)


def test_terms_that_cannot_be_read_are_refused() -> None:
    with pytest.raises(ValueError, match="1/30 per day"):
        OfficeLine(line="internet", compensation="a lot")
